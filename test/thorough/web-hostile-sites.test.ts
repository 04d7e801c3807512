/** Whatever stands in `www/custom.yaml`: it is refused with its place, or what nginx reads of it is what was meant. */
import test from 'ava';
import fc from 'fast-check';
import { readCustomSites } from '../../box/web/custom.ts';
import { nginxText } from '../../box/web/nginx-text.ts';
import { plainSite } from '../../box/web/sites.ts';
import { hostileSites } from './hostile-sites.ts';

const read = (text: string) => readCustomSites(text, 'box.example.com');

for (const [name, texts] of Object.entries(hostileSites)) {
  test(`refused, with the place: ${name} (${texts.length})`, async (t) => {
    for (const text of texts) {
      const error = await t.throwsAsync(read(text), { name: 'Failure' }, text);
      t.true(error?.message.startsWith('/home/user-data/www/custom.yaml: '), error?.message);
      t.notRegex(error?.message ?? '', /\p{Cc}/u, text);
    }
  });
}

test('there are 200 hostile files', (t) => {
  t.true(Object.values(hostileSites).flat().length >= 200, `${Object.values(hostileSites).flat().length}`);
});

test('no text that is taken can end a directive or begin another', async (t) => {
  const nasty = fc.string({
    unit: fc.constantFrom(...'a/.:;{}"\'\\$#\n\r\t ()*^|[]?+%1&=@-'.split('')),
    maxLength: 24,
  });
  const place = fc.constantFrom('proxies', 'redirects', 'aliases');
  await fc.assert(
    fc.asyncProperty(
      place,
      nasty,
      nasty,
      fc.constantFrom('', 'http://', '/', 'http://a.example/'),
      async (kind, key, value, start) => {
        const text = JSON.stringify({ 'a.example': { [kind]: { [`/${key}`]: `${start}${value}` } } });
        const custom = await read(text).catch(() => undefined);
        if (custom === undefined) return;
        const lines = nginxText(
          [{ domain: 'a.example', folder: 'default', custom: custom.get('a.example') ?? plainSite }],
          [],
        )
          // The one thing with signs of its own, which is the same for every alias and proxy.
          .replace(/^ {8}location ~ \/\\\.(\(\?!well-known\/\)|\\\.) \{\n {12}return 404;\n {8}\}\n/gm, '')
          .split('\n')
          .slice(1);
        for (const line of lines)
          t.regex(
            line,
            /^(server \{|\}| {4}\}| {4}location (=|\^~) [^\s;{}"'#$\\]+ \{|\s+[a-z_]+( [^\s;{}"'#]+)* ?("(upgrade)?")?;|)$/,
            text,
          );
      },
    ),
    { numRuns: 3000 },
  );
  t.pass();
});

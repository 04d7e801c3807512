/** Whatever one changes in `custom.yaml` by program, its reader sees it. */
import test from 'ava';
import fc from 'fast-check';
import yaml from 'js-yaml';
import { readCustom } from '../../box/dns/custom.ts';
import { type Change, changedCustom } from '../../box/dns/custom-file.ts';

test('whatever the changes, reader and writer agree, and a reader of YAML 1.1 sees the same texts', async (t) => {
  const name = fc.constantFrom('a.example.com', 'b.example.com', '*.example.com', 'no.example');
  const type = fc.constantFrom('A', 'TXT', 'NS', 'MX');
  const value = fc.oneof(
    fc.constantFrom(
      '192.0.2.1',
      'local',
      'yes',
      'NO',
      '1.10',
      '1e3',
      '2001-01-01',
      '~',
      '',
      '12:30:45',
      '.inf',
      'x.y.',
    ),
    fc.string({ unit: 'binary', maxLength: 30 }).filter((text) => !/[\ud800-\udfff\ufffe\uffff]/.test(text)),
  );
  const one = fc.tuple(
    fc.constantFrom('add', 'add', 'set', 'remove') as fc.Arbitrary<Change['action']>,
    name,
    type,
    value,
  );
  await fc.assert(
    fc.asyncProperty(fc.array(one, { maxLength: 12 }), async (changes) => {
      let text = '# kept\n_secondary_nameserver: ns.example.net\n';
      const model = new Map<string, string[]>();
      for (const [action, name, type, value] of changes) {
        text = (await changedCustom(text, { action, name, type, value })) ?? text;
        const key = `${name} ${type}`;
        const there = model.get(key) ?? [];
        if (action === 'set') model.set(key, [value]);
        else if (action === 'remove')
          model.set(
            key,
            there.filter((other) => other !== value),
          );
        else if (!there.includes(value)) model.set(key, [...there, value]);
      }
      const wanted = [...model].flatMap(([key, values]) => values.map((value) => `${key} ${value}`));
      const read = (await readCustom(text)).filter(({ name }) => name !== '_secondary_nameserver');
      t.deepEqual(read.map(({ name, type, value }) => `${name} ${type} ${value}`).sort(), wanted.sort());
      t.true(text.startsWith('# kept\n_secondary_nameserver: ns.example.net\n'));
      const old = yaml.load(text) as Record<string, string | Record<string, string | string[]>>;
      const seen = Object.entries(old).flatMap(([name, entry]) =>
        Object.entries(typeof entry === 'string' ? { A: entry } : entry).flatMap(([type, values]) =>
          [values].flat().map((value) => `${name} ${type} ${value}`),
        ),
      );
      t.deepEqual(seen.filter((line) => !line.startsWith('_')).sort(), wanted);
      t.true(seen.every((line) => typeof line === 'string'));
    }),
    { numRuns: 100 },
  );
});

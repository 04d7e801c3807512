/**
 * Every config that the documents show is one that `letterbox check` takes. A block marked `yaml` is a whole box.yaml, or the part
 * of one, which is laid over example.yaml; so is a `section.key: value` in running text. A block of another file says so behind `yaml`.
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import test from 'ava';
import { parse, stringify } from 'yaml';
import { parseTable } from '../../../box/move-in/imap/table.ts';
import { readCustomSites } from '../../../box/web/custom.ts';
import { loadFleet } from '../../../builder/config/fleet.ts';
import { parseConfig } from '../../../builder/config/load.ts';
import { ConfigError } from '../../../builder/config/problem.ts';
import { configSchema } from '../../../builder/config/schema.ts';
import { documents } from './markdown.ts';

type Keys = Readonly<Record<string, unknown>>;

const example = parse(readFileSync('example.yaml', 'utf8')) as Keys;
const sections = Object.keys(configSchema.shape);

/** Who reads the files that documents show, by their names. They reject what is wrong. */
const readers: Readonly<Record<string, (text: string) => Promise<unknown>>> = {
  'box.yaml': async (text) => checked(text),
  'fleet.yaml': async (text) => checkedFleet(text),
  'accounts.yaml': (text) => parseTable(text, 'accounts.yaml'),
  'www/custom.yaml': (text) => readCustomSites(text, 'box.example.com'),
};

for (const file of documents) {
  const text = readFileSync(file, 'utf8');

  test(`${file} shows configs that hold`, async (t) => {
    for (const [, kind = '', block = ''] of text.matchAll(/^ *```yaml *(.*)\n([\s\S]*?)^ *```$/gm)) {
      const reader = readers[kind === '' ? 'box.yaml' : kind];
      if (reader === undefined) t.fail(`nobody reads ${kind}`);
      else await t.notThrowsAsync(reader(block), block);
    }
    t.pass();
  });

  test(`${file} names keys and values that there are`, (t) => {
    for (const [shown, key = '', value = ''] of text.matchAll(/`([a-zA-Z]+(?:\.[a-zA-Z]+)*): ([^`\n]+)`/g)) {
      if (!sections.includes(key.split('.')[0] ?? '')) continue;
      for (const one of value.split(' \\| ')) t.notThrows(() => checked(nested(key, one)), shown);
    }
    t.pass();
  });
}

test('a wrong key, a wrong value and a key that occurs twice are found', (t) => {
  t.notThrows(() => checked('webmail: none\n'));
  for (const bad of [
    'webmial: none\n',
    'webmail: some\n',
    'box: { hostname: box }\n',
    'webmail: none\nwebmail: none\n',
  ])
    t.throws(() => checked(bad), { instanceOf: ConfigError }, bad);
});

/** @throws ConfigError where `letterbox check` refuses the fleet, over example.yaml with the sections of all clouds. */
function checkedFleet(text: string): void {
  const folder = mkdtempSync(path.join(tmpdir(), 'fleet-'));
  try {
    const { clouds } = parse(readFileSync('examples/clouds.yaml', 'utf8')) as Keys;
    writeFileSync(path.join(folder, 'box.yaml'), stringify({ ...example, clouds }));
    writeFileSync(path.join(folder, 'fleet.yaml'), text);
    if (loadFleet(path.join(folder, 'fleet.yaml')) === undefined) throw new Error('it is no fleet');
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** @throws ConfigError where `letterbox check` refuses the text, laid over example.yaml. */
function checked(text: string): void {
  const part = parse(text, { uniqueKeys: false }) as Keys;
  // As it stands first: what YAML itself is refused for is lost once it was read.
  const whole = 'name' in part ? text : stringify(over(example, part));
  const twice = (error: unknown) =>
    error instanceof ConfigError && error.problems.some(({ rule }) => rule.startsWith('occurs twice'));
  try {
    parseConfig(text, 'as it stands');
  } catch (error) {
    if ('name' in part || twice(error)) throw error;
  }
  parseConfig(whole, 'over example.yaml');
}

/** The first with what the second says: key by key in sections, whole for all else. */
function over(base: Keys, part: Keys): Keys {
  const isSection = (it: unknown): it is Keys => typeof it === 'object' && it !== null && !Array.isArray(it);
  const laid = Object.entries(part).map(([key, value]) => {
    const under = base[key];
    return [key, isSection(value) && isSection(under) ? over(under, value) : value];
  });
  return { ...base, ...Object.fromEntries(laid) };
}

/** `a.b`, `c` as `a: { b: c }`. */
function nested(key: string, value: string): string {
  const parts = key.split('.');
  return `${parts.map((part) => `${part}: `).join('{ ')}${value}${' }'.repeat(parts.length - 1)}\n`;
}

/** Golden trees: a config and everything it compiles to, as files one can review. `make golden` rewrites them. */
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import test from 'ava';
import { parseConfig } from '../../builder/config/load.ts';
import { treeOf } from './tree.ts';

const here = path.resolve('test/golden');
const update = process.env.UPDATE_GOLDEN === '1';

const cases = [
  { name: 'debian-12', config: 'example.yaml' },
  { name: 'debian-13', config: 'example.yaml' },
  { name: 'ubuntu-14.04', config: 'examples/guide.yaml' },
];

for (const { name, config } of cases) {
  const folder = path.join(here, name, 'expected');

  test(`${config} for ${name} compiles to the tree in test/golden/${name}`, (t) => {
    const text = readFileSync(config, 'utf8').replace(/^release: .*$/m, `release: ${name}`);
    const actual = treeOf(parseConfig(text, config).config);
    if (update) {
      rmSync(folder, { recursive: true, force: true });
      for (const [file, text] of actual) {
        mkdirSync(path.dirname(path.join(folder, file)), { recursive: true });
        writeFileSync(path.join(folder, file), text);
      }
    }
    const expected = readTree(folder);
    t.deepEqual(
      [...actual.keys()].sort(),
      [...expected.keys()].sort(),
      'the same files; `make golden` if this was meant',
    );
    for (const [file, text] of actual) t.is(text, expected.get(file) ?? '', file);
  });
}

function readTree(folder: string): Map<string, string> {
  return new Map(
    readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => path.join(entry.parentPath, entry.name))
      .map((file) => [path.relative(folder, file), readFileSync(file, 'utf8')]),
  );
}

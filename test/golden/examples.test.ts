/** Each of examples/ in what it makes of example.yaml, for each release, as a difference one can review. `make golden` rewrites them. */
import { spawnSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import test from 'ava';
import { parseConfig } from '../../builder/config/load.ts';
import { releases } from '../../releases/index.ts';
import { treeOf } from './tree.ts';

const here = path.resolve('test/golden/examples');
/** guide.yaml is another release's example.yaml, and has a whole tree of its own. */
const names = readdirSync('examples')
  .map((file) => path.basename(file, '.yaml'))
  .filter((name) => name !== 'guide');

for (const release of releases.keys()) {
  const example = compiled('example.yaml', release);

  for (const name of names) {
    const isOwn = readFileSync(`examples/${name}.yaml`, 'utf8').includes(`\nrelease: ${release}\n`);
    const file = path.join(here, `${name}.${release}.diff`);

    test(`examples/${name}.yaml on ${release}: what is other than with example.yaml`, (t) => {
      const actual = difference(example, compiled(`examples/${name}.yaml`, release));
      if (process.env.UPDATE_GOLDEN === '1') {
        mkdirSync(here, { recursive: true });
        writeFileSync(file, actual);
      }
      // What a release lacks anyway, an example leaves out in vain: then the file is empty.
      if (isOwn) t.not(actual, '', 'an example that shows nothing');
      t.is(actual, existsSync(file) ? readFileSync(file, 'utf8') : '', '`make golden` if this was meant');
    });
  }
}

test('every difference belongs to an example', (t) => {
  const wanted = names.flatMap((name) => [...releases.keys()].map((release) => `${name}.${release}.diff`));
  t.deepEqual(readdirSync(here).sort(), wanted.sort());
});

test('every example says in its second line what it is for, and is named in the documents', (t) => {
  const documents = readFileSync('docs/config.md', 'utf8');
  for (const name of names) {
    t.regex(readFileSync(`examples/${name}.yaml`, 'utf8').split('\n')[1] ?? '', /^# .*\.$/, name);
    t.true(documents.includes(`(../examples/${name}.yaml)`), name);
  }
});

/** The tree of a config as if it were for that release, and named as example.yaml is: the name alone would be in many files. */
function compiled(file: string, release: string): Map<string, string> {
  const text = readFileSync(file, 'utf8')
    .replace(/^release: .*$/m, `release: ${release}`)
    .replace(/^name: .*$/m, 'name: example');
  return treeOf(parseConfig(text, file).config);
}

/**
 * Unified, without times and line numbers, which change with every other change. A file of one side that is on the box is a line of
 * modes.txt alone; meta-data holds a hash of what is shown anyway.
 */
function difference(before: Map<string, string>, after: Map<string, string>): string {
  const folder = mkdtempSync(path.join(tmpdir(), 'letterbox-examples-'));
  try {
    for (const [side, tree] of Object.entries({ example: before, this: after })) {
      mkdirSync(path.join(folder, side));
      for (const [name, text] of tree) {
        const isOfOneSide = !before.has(name) || !after.has(name);
        if (name === 'meta-data' || (name.startsWith('root/') && isOfOneSide)) continue;
        mkdirSync(path.dirname(path.join(folder, side, name)), { recursive: true });
        writeFileSync(path.join(folder, side, name), text);
      }
    }
    return diff(folder)
      .replaceAll(/^diff -rN .*\n/gm, '')
      .replaceAll(/^((?:---|\+\+\+) \S+)\t.*$/gm, '$1')
      .replaceAll(/^@@ .*$/gm, '@@');
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function diff(cwd: string): string {
  const environment = { LC_ALL: 'C', PATH: process.env.PATH };
  const { status, stdout, stderr } = spawnSync('diff', ['-rN', '-U0', 'example', 'this'], {
    cwd,
    encoding: 'utf8',
    env: environment,
  });
  // 1: they differ.
  if (status !== 0 && status !== 1) throw new Error(`diff: ${stderr}`);
  return stdout;
}

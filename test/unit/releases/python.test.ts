/**
 * Every Python file of a release says only what its Python knows. The words are in python/words.txt, with the version that
 * brought each; one of the library in no row fails, so that whoever uses it looks it up.
 */
import { execFileSync } from 'node:child_process';
import path from 'node:path';
import test from 'ava';
import { loadConfig } from '../../../builder/config/load.ts';
import { makePlan } from '../../../builder/plan/plan.ts';
import { releases } from '../../../releases/index.ts';
import { isAtLeast } from '../../../releases/version.ts';
import { readWords } from './read-words.ts';

/** By release, with a config that has every role of it. */
const pythons: Readonly<Record<string, { readonly version: string; readonly config: string }>> = {
  'debian-12': { version: '3.11', config: 'example.yaml' },
  'debian-13': { version: '3.13', config: 'example.yaml' },
  'ubuntu-14.04': { version: '3.4', config: 'examples/guide.yaml' },
};

const folder = path.resolve('test/unit/releases/python');
const table = readWords(path.join(folder, 'words.txt'), '; ');

type Read = Record<string, [line: number, word: string][]>;
const read = (files: Record<string, string>): Read =>
  JSON.parse(
    execFileSync('/usr/bin/python3', ['-I', path.join(folder, 'walk.py')], {
      input: JSON.stringify(files),
    }).toString(),
  );

/** Methods, builtins and grammar are looked up among what came late; what is of a module must be in a row. */
const isOfLibrary = (word: string) => /^(import )?\w[\w.]*\.\w|^import /.test(word);

/** Modules of packages: what is said of them, the baked image's own prove (test/lab/image.test.ts, test/lab/datasources.test.ts). */
const packaged = ['cloudinit', 'requests', 'yaml'];

/** What these files say that this version doesn't know, or that is in no row; modules of their own are not looked at. */
function strange(files: Record<string, string>, version: string): string[] {
  const names = Object.keys(files).map((file) => path.basename(file, '.py'));
  const packages = Object.keys(files).map((file) => path.basename(path.dirname(file)));
  const own = new Set([...names, ...packages, ...packaged]);
  return Object.entries(read(files)).flatMap(([file, words]) =>
    words.flatMap(([line, word]) => {
      if (isOfLibrary(word) && own.has(/^(?:import )?(\w*)/.exec(word)?.[1] ?? '')) return [];
      const from = table.get(word)?.since;
      if (from === undefined)
        return isOfLibrary(word) ? [`${file}:${line}: ${word} is in no row of python/words.txt`] : [];
      return isAtLeast(version, from)
        ? []
        : [`${file}:${line}: ${word} came with ${from}, this is ${version}`];
    }),
  );
}

for (const [name, { version, config }] of Object.entries(pythons)) {
  const release = releases.get(name);
  if (release === undefined) throw new Error(name);
  const files = makePlan(loadConfig(config).config, release).files.filter(
    ({ path: file, text }) => file.endsWith('.py') || /^#!.*python3/.test(text),
  );
  test(`${name}: Python ${version} knows every word of every Python file`, (t) => {
    t.true(files.length > 15);
    t.deepEqual(strange(Object.fromEntries(files.map(({ path: file, text }) => [file, text])), version), []);
  });
  test(`${name}: Python ${version} can read the grammar of every Python file`, (t) => {
    const code = `import ast, json, sys\nfor name, text in json.load(sys.stdin).items(): ast.parse(text, name, feature_version=(${version.replace('.', ', ')}))`;
    const input = JSON.stringify(Object.fromEntries(files.map(({ path: file, text }) => [file, text])));
    t.notThrows(() => execFileSync('/usr/bin/python3', ['-I', '-c', code], { input }));
  });
}

const newer: readonly string[] = [
  'import subprocess\nsubprocess.run([])',
  'from subprocess import run',
  'from http.server import ThreadingHTTPServer',
  'import secrets',
  'import dataclasses',
  'f"{a}"',
  '[*a, b]',
  '(*a, b)',
  '{**a}',
  'f(*a, *b)',
  'f(*a, b)',
  'a: int = 1',
  'b"%d" % a',
  'a @ b',
  'async def f(): pass',
  'if (a := b): pass',
  'def f(a, /): pass',
  'a.removeprefix(b)',
  'a.read_text()',
  'raise ModuleNotFoundError()',
  'try: pass\nexcept RecursionError: pass',
  'zip(a, b, strict=True)',
  'import os\nos.scandir(a)',
  'import math\nmath.isclose(a, b)',
];

test('what is too new for Python 3.4 is found', (t) => {
  const found = strange(Object.fromEntries(newer.map((text) => [text, text])), '3.4');
  t.deepEqual(
    newer.filter((text) => !found.some((line) => line.startsWith(`${text}:`))),
    [],
  );
});

test('as old as Python 3.4: unpacking where one assigns, one star in a call, names of the file’s own', (t) => {
  const text = `import os
first, *rest = a
f(a, *b, c=d, **e)
def g(*a, b=1, **c): yield from a
os.makedirs(a, exist_ok=True)
run = 1
run.run
"%s" % b"a"
`;
  t.deepEqual(strange({ 'a.py': text }, '3.4'), []);
});

/** `start.cjs` runs the box program, whatever has become of what the bake compiled. */
import { execFileSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import test, { type ExecutionContext } from 'ava';

function program(t: ExecutionContext) {
  const folder = mkdtempSync(path.join(tmpdir(), 'start-'));
  t.teardown(() => rmSync(folder, { recursive: true }));
  const at = (name: string) => path.join(folder, name);
  cpSync('overlays/box/common/usr/lib/box/start.cjs', at('start.cjs'));
  writeFileSync(
    at('box.cjs'),
    "#!/usr/bin/env node\nconsole.log('one', require('node:path').basename(__filename), ...process.argv.slice(2));\n",
  );
  const node = (code: string) =>
    execFileSync(process.execPath, ['-e', code], { cwd: folder, encoding: 'utf8' });
  return {
    at,
    run: () => execFileSync(process.execPath, [at('start.cjs'), 'a', 'b'], { encoding: 'utf8' }),
    compile: () =>
      node(
        "const { script, compiled } = require('./start.cjs'); require('fs').writeFileSync(compiled, script.createCachedData());",
      ),
    /** What V8 says of what was compiled before: undefined where it was not even asked. */
    rejected: () =>
      node("const { script } = require('./start.cjs'); console.log(script.cachedDataRejected);")
        .split('\n')
        .at(-2),
  };
}

test('before the bake compiled it, it runs', (t) => {
  const { run, rejected } = program(t);
  t.is(run(), 'one box.cjs a b\n');
  t.is(rejected(), 'undefined');
});

test('as it was compiled, it runs', (t) => {
  const { run, compile, rejected } = program(t);
  compile();
  t.is(rejected(), 'false');
  t.is(run(), 'one box.cjs a b\n');
});

test('what was compiled is damaged, or empty', (t) => {
  const { at, run, compile } = program(t);
  compile();
  for (const bytes of ['', 'x', Buffer.alloc(2000, 7)]) {
    writeFileSync(at('box.compiled'), bytes);
    t.is(run(), 'one box.cjs a b\n');
  }
});

test('a program that was put in later, of the same length, is what runs', (t) => {
  const { at, run, compile, rejected } = program(t);
  compile();
  writeFileSync(
    at('box.cjs'),
    "#!/usr/bin/env node\nconsole.log('two', require('node:path').basename(__filename), ...process.argv.slice(2));\n",
  );
  const later = new Date(Date.now() + 1000);
  utimesSync(at('box.cjs'), later, later);
  t.is(run(), 'two box.cjs a b\n');
  t.is(rejected(), 'undefined');
});

test('the program holds no import(), which could not be done from there', (t) => {
  t.notRegex(readFileSync('dist/box.cjs', 'utf8'), /\bimport\(["'`]/);
});

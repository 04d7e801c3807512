/** `./letterbox` of a clone: it starts the program without npm, wherever one stands, and says what to do where it is not built. */
import { execFile } from 'node:child_process';
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import test, { type ExecutionContext } from 'ava';

const version = /^\d+\.\d+\.\d+\n$/;

function run(file: string, argv: readonly string[] = [], cwd = process.cwd()) {
  return new Promise<{ code: number; out: string; err: string }>((resolve) => {
    const child = execFile(file, argv, { cwd }, (error, out, err) =>
      resolve({ code: error === null ? 0 : Number(error.code), out, err }),
    );
    child.stdin?.end();
  });
}

function folder(t: ExecutionContext): string {
  const made = mkdtempSync(path.join(tmpdir(), 'launcher-'));
  t.teardown(() => rmSync(made, { recursive: true }));
  return made;
}

/** A clone with a program that says what it was given. */
function clone(t: ExecutionContext) {
  const root = folder(t);
  cpSync('bin', path.join(root, 'bin'), { recursive: true });
  cpSync('letterbox', path.join(root, 'letterbox'), { verbatimSymlinks: true });
  mkdirSync(path.join(root, 'dist'));
  const at = (name: string) => path.join(root, 'dist', name);
  const program = (says: string) =>
    writeFileSync(
      at('letterbox.cjs'),
      `console.log(${JSON.stringify(says)}, require('node:path').basename(__filename), ...process.argv.slice(2));\n`,
    );
  return { root, at, program, launcher: path.join(root, 'letterbox') };
}

test('the program starts from any folder', async (t) => {
  const { code, out } = await run(path.resolve('letterbox'), ['--version'], '/');
  t.is(code, 0);
  t.regex(out, version);
});

test('it starts through a link from elsewhere, as of ~/bin', async (t) => {
  const link = path.join(folder(t), 'letterbox');
  symlinkSync(path.resolve('letterbox'), link);
  t.regex((await run(link, ['--version'], '/')).out, version);
});

test('in a clone that is not built it says what builds it', async (t) => {
  const { root, launcher } = clone(t);
  const { code, out, err } = await run(launcher, ['check', 'box.yaml']);
  t.is(code, 1);
  t.is(out, '');
  t.is(err, `letterbox: it is not built yet: run \`make -C ${root} dist\`, then try again\n`);
});

test('what was compiled is used, and left aside where it is damaged or older than the program', async (t) => {
  const { root, at, program, launcher } = clone(t);
  program('one');
  const says = async () => (await run(launcher, ['a', 'b'])).out;
  t.is(await says(), 'one letterbox.cjs a b\n');
  t.is((await run(process.execPath, [path.join(root, 'bin/compile.js')])).code, 0);
  t.is(await says(), 'one letterbox.cjs a b\n');
  const rejected = "const { compiledBefore, scriptOf } = require('./bin/script.js');";
  const shown = `${rejected} console.log(scriptOf(compiledBefore()).cachedDataRejected);`;
  t.is((await run(process.execPath, ['-e', shown], root)).out, 'false\n');
  const later = new Date(Date.now() + 5000);
  program('two');
  utimesSync(at('letterbox.cjs'), later, later);
  t.is(await says(), 'two letterbox.cjs a b\n');
  for (const bytes of ['', 'x', Buffer.alloc(2000, 7)]) {
    writeFileSync(at('letterbox.compiled'), bytes);
    utimesSync(at('letterbox.compiled'), later, later);
    t.is(await says(), 'two letterbox.cjs a b\n');
  }
});

test('what was built is compiled for this Node.js', async (t) => {
  const shown =
    "const { compiledBefore, scriptOf } = require('./bin/script.js'); console.log(scriptOf(compiledBefore()).cachedDataRejected);";
  t.is((await run(process.execPath, ['-e', shown])).out, 'false\n');
});

test('the program holds no import(), which could not be done from there', (t) => {
  t.notRegex(readFileSync('dist/letterbox.cjs', 'utf8'), /\bimport\(["'`]/);
});

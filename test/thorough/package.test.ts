/** The package that `npm pack` makes holds all that `letterbox` needs: unpacked in an empty folder, it works for an ordinary user. */
import { type ExecFileOptions, execFile } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import test, { type ExecutionContext } from 'ava';

const nobody = 65_534;

function run(argv: readonly string[], options: ExecFileOptions = {}) {
  const [file = '', ...args] = argv;
  return new Promise<{ code: number; stdout: string; stderr: string }>((resolve) => {
    const child = execFile(
      file,
      args,
      { encoding: 'utf8', maxBuffer: 64 * 1024 ** 2, ...options },
      (error, stdout, stderr) =>
        resolve({
          code: error === null ? 0 : Number(error.code),
          stdout: String(stdout),
          stderr: String(stderr),
        }),
    );
    child.stdin?.end();
  });
}

/**
 * As `npm install` lays it: the tarball's files below node_modules, and a link to its program. No other package is there,
 * since the bundles hold the libraries; so nothing is asked of a registry.
 */
async function installed(t: ExecutionContext): Promise<string> {
  const folder = mkdtempSync(path.join(tmpdir(), 'letterbox-package-'));
  t.teardown(() => rmSync(folder, { recursive: true }));
  const packed = await run([
    'npm',
    'pack',
    '--ignore-scripts',
    '--offline',
    '--json',
    '--pack-destination',
    folder,
  ]);
  t.is(packed.code, 0, packed.stderr);
  const [{ filename = '', version = '' }] = JSON.parse(packed.stdout) as [
    { filename?: string; version?: string },
  ];
  t.is(version, JSON.parse(readFileSync('package.json', 'utf8')).version);
  const own = path.join(folder, 'node_modules', 'letterbox');
  mkdirSync(path.join(own, '../.bin'), { recursive: true });
  mkdirSync(own);
  const tarball = path.join(folder, filename);
  t.is((await run(['tar', 'xf', tarball, '-C', own, '--strip-components=1', '--no-same-owner'])).code, 0);
  rmSync(tarball);
  symlinkSync('../letterbox/bin/letterbox.js', path.join(own, '../.bin/letterbox'));
  chmodSync(path.join(own, 'bin/letterbox.js'), 0o755);
  chmodSync(folder, 0o755);
  return folder;
}

test('an ordinary user writes, checks, plans and builds a config with the package alone', async (t) => {
  t.timeout(600_000);
  const folder = await installed(t);
  const home = path.join(folder, 'home');
  mkdirSync(home);
  const isRoot = process.getuid?.() === 0;
  if (isRoot) chownSync(home, nobody, nobody);
  const program = path.join(folder, 'node_modules/.bin/letterbox');
  const user = isRoot ? { uid: nobody, gid: nobody } : {};
  const letterbox = async (...words: string[]) => {
    const { code, stdout, stderr } = await run([program, ...words], {
      cwd: home,
      env: { PATH: process.env.PATH, HOME: home },
      ...user,
    });
    t.is(code, 0, `${words.join(' ')}: ${stderr}`);
    return stdout;
  };
  const key = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIExampleKeyPutYourOwnPublicKeyHereInstead000 you@laptop';
  const made = await letterbox(
    'init',
    '--hostname',
    'box.example.com',
    '--email',
    'me@example.com',
    '--ssh-key',
    key,
  );
  t.regex(made, /^wrote box\.yaml\nnext: npx letterbox bake box\.yaml\n$/);
  t.regex(await letterbox('check', 'box.yaml'), /^box\.yaml: ok /);
  // The same files with the same modes as a clone lays down: nothing was left out, and none was renamed.
  const config = path.join(home, 'box.yaml');
  const clone = await run([process.execPath, 'bin/letterbox.js', 'plan', '--json', config]);
  t.is(clone.code, 0, clone.stderr);
  t.true((await letterbox('plan', '--json', 'box.yaml')) === clone.stdout, 'the plan is another one');
  await letterbox('build', 'box.yaml');
  t.true(readdirSync(path.join(home, 'out/example')).includes('user-data'));
  t.is((await letterbox('--version')).trim(), JSON.parse(readFileSync('package.json', 'utf8')).version);
  // What a bake reads by name, besides what the plan holds.
  const own = path.join(folder, 'node_modules/letterbox');
  for (const dir of ['base', 'packer/provision', 'packer/surrogate'])
    t.deepEqual(readdirSync(path.join(own, dir)).sort(), readdirSync(dir).sort(), dir);
});

/** `letterbox completion`: what the shells themselves offer after a tab, for a small command line and for the whole real one. */
import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import test, { type ExecutionContext } from 'ava';
import { Argument, Command, Option } from 'commander';
import { completion, type Shell } from '../../../../builder/commands/completion.ts';
import { notInstalled } from '../../../../builder/host/installed.ts';

const run = promisify(execFile);

const small = new Command('letterbox').option('--out <folder>', 'where to');
small
  .command('bake')
  .description("bakes what's in the config")
  .argument('<config>')
  .addOption(new Option('--with <builder>', 'who [bakes]: one of two').choices(['native', 'packer']))
  .option('--json', 'as JSON');
small.command('read').addArgument(new Argument('<word>').choices(['black', 'white']));
small.command('open').argument('<file>').option('--title <text>', 'of the window');

/** A folder with a config whose name has a blank, another file, and a folder. */
function place(t: ExecutionContext): string {
  const folder = mkdtempSync(path.join(tmpdir(), 'letterbox-completion-'));
  t.teardown(() => rmSync(folder, { recursive: true }));
  for (const name of ['my box.yaml', 'notes.txt']) writeFileSync(path.join(folder, name), '');
  mkdirSync(path.join(folder, 'next'));
  return folder;
}

/** What each shell is asked with: the words typed so far, of which the last one is not finished. */
const ask: Readonly<
  Record<Shell, (script: string, typed: readonly string[]) => readonly [string, ...string[]]>
> = {
  bash: (script, typed) => [
    'bash',
    '--norc',
    '-c',
    `${script}\nCOMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _letterbox; printf '%s\\n' "\${COMPREPLY[@]}"`,
    'bash',
    ...typed,
  ],
  fish: (script, typed) => [
    'fish',
    '--no-config',
    '-c',
    `${script}\ncomplete -C ${JSON.stringify(typed.join(' '))}`,
  ],
  // What it offers can be seen at a terminal alone; that it reads the script can be seen here.
  zsh: (script) => ['zsh', '-f', '-n', '-c', script],
};

async function offered(
  shell: Shell,
  cwd: string,
  typed: readonly string[],
  script = completion(shell, small),
) {
  const [file, ...args] = ask[shell](script, ['letterbox', ...typed]);
  const { stdout } = await run(file, args, { cwd });
  return stdout
    .split('\n')
    .map((line) => line.split('\t')[0] ?? '')
    .filter((line) => line !== '')
    .sort();
}

for (const shell of ['bash', 'fish'] as const) {
  const ours = notInstalled([shell]).length === 0 ? test : test.skip;

  ours(`${shell} completes commands, options and their choices`, async (t) => {
    const folder = place(t);
    const at = (...typed: string[]) => offered(shell, folder, typed);
    t.deepEqual(await at('ba'), ['bake']);
    t.deepEqual(await at('bake', '--w'), ['--with']);
    t.deepEqual(await at('bake', '--with', ''), ['native', 'packer']);
    t.deepEqual(await at('read', ''), ['black', 'white']);
    t.deepEqual(await at('--out', 'next', 're'), ['read']);
  });

  ours(`${shell} completes configs, files and folders, blanks and all`, async (t) => {
    const folder = place(t);
    const at = async (...typed: string[]) =>
      (await offered(shell, folder, typed)).map((name) => name.replace(/\/$/, ''));
    t.deepEqual(await at('bake', 'm'), ['my box.yaml']);
    t.deepEqual(await at('open', 'n'), ['next', 'notes.txt']);
    t.deepEqual(await at('--out', 'n'), ['next']);
    t.deepEqual(await at('open', '--title', 'n'), []);
  });
}

test('bash completes what follows an = too', async (t) => {
  t.deepEqual(await offered('bash', place(t), ['bake', '--with', '=', 'p']), ['packer']);
});

(notInstalled(['zsh']).length === 0 ? test : test.skip)('zsh reads its script', async (t) => {
  await t.notThrowsAsync(offered('zsh', place(t), []));
});

test('the script is printed from the command line itself: every command that the help tells is offered', async (t) => {
  const letterbox = async (...words: string[]) =>
    (await run(process.execPath, ['bin/letterbox.js', ...words])).stdout;
  const names = [...(await letterbox('--help')).matchAll(/^ {2}([a-z]+) (?!\|)/gm)].map(
    ([, name = '']) => name,
  );
  const told = names.filter((name) => name !== 'help');
  t.true(told.length > 10);
  const script = await letterbox('completion', 'bash');
  const all = await offered('bash', place(t), [''], script);
  t.deepEqual(
    all.filter((word) => !word.startsWith('-')),
    told.sort(),
  );
  for (const shell of ['zsh', 'fish']) {
    const text = await letterbox('completion', shell);
    for (const name of told) t.true(text.includes(name), `${shell}: ${name}`);
  }
});

/** `letterbox init`: five questions or a few flags make a config that `letterbox check` takes, and nothing is overwritten. */
import { execFile } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import test, { type ExecutionContext } from 'ava';
import { filled, usualRelease } from '../../../../builder/commands/first-answers.ts';
import { type InitFlags, initConfig } from '../../../../builder/commands/init.ts';
import { loadConfig, parseConfig } from '../../../../builder/config/load.ts';
import { firstConfig } from '../../../../builder/outputs/first-config.ts';
import { cloudNames } from '../../../../clouds/index.ts';
import { releases } from '../../../../releases/index.ts';

const run = promisify(execFile);
const key = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIExampleKeyPutYourOwnPublicKeyHereInstead000 you@laptop';
const flags: InitFlags = { hostname: 'mail.example.org', email: 'ann@example.org', sshKey: [key] };

/** A folder that goes when the test ends, and the file that is to be written in it. */
function place(t: ExecutionContext): { folder: string; file: string } {
  const folder = mkdtempSync(path.join(tmpdir(), 'letterbox-init-'));
  t.teardown(() => rmSync(folder, { recursive: true }));
  return { folder, file: path.join(folder, 'box.yaml') };
}

/** Somebody who types these lines; what was shown, and what was asked without being shown. */
function person(...lines: string[]) {
  const shown: string[] = [];
  const hidden: string[] = [];
  const terminal = {
    async ask(prompt: string, { hidden: isHidden = false } = {}) {
      (isHidden ? hidden : shown).push(prompt);
      const line = lines.shift();
      if (line === undefined) throw new Error('interrupted: nothing was written');
      return line;
    },
    say: (text: string) => void shown.push(text),
  };
  return { terminal, shown, hidden };
}

const readPassword = async () => 'correct horse battery staple';

/** Off a terminal, as a script calls it. */
const byFlags = (file: string, given: InitFlags) => initConfig(file, given, { readPassword });

test('the release that nobody asked for is that of the example, the newest', (t) => {
  t.is(usualRelease, loadConfig('example.yaml').config.release);
});

test('flags alone: what they say is in the config, and all else follows from it', async (t) => {
  const { file } = place(t);
  await byFlags(file, flags);
  const { config } = loadConfig(file);
  t.is(config.name, 'example');
  t.is(config.release, usualRelease);
  t.is(config.box.hostname, 'mail.example.org');
  t.is(config.box.admin.email, 'ann@example.org');
  t.deepEqual(config.box.sshKeys, [key]);
});

test('each line is explained by the reference’s own sentence', async (t) => {
  const { file } = place(t);
  await byFlags(file, flags);
  const text = readFileSync(file, 'utf8');
  t.regex(
    text,
    /# The box's own name: host name, MX and certificate subject\.\n {2}hostname: mail\.example\.org\n/,
  );
  t.regex(text, /# passwordHash: SHA512-CRYPT of its password, from `letterbox password`/);
  for (const line of text.split('\n').filter((each) => each.includes('#'))) t.true(line.length <= 110, line);
});

test('off a terminal all that is missing or wrong is told at once, at its flag, and nothing is written', async (t) => {
  const { folder, file } = place(t);
  const told = async (given: InitFlags) => (await t.throwsAsync(byFlags(file, given)))?.message.split('\n');
  t.deepEqual(await told({}), [
    '--hostname: box.hostname: is missing; add it: --hostname box.example.com',
    '--email: box.admin.email: is missing; add it: --email me@example.com',
    '--ssh-key: box.sshKeys: is missing; add it: --ssh-key ~/.ssh/id_ed25519.pub, or give a password with --password-stdin',
  ]);
  t.deepEqual(await told({ hostname: 'Box', sshKey: [path.join(folder, 'none.pub')], name: '7' }), [
    '--email: box.admin.email: is missing; add it: --email me@example.com',
    '--ssh-key: box.sshKeys[0]: there is no such file; name a public key, for example ~/.ssh/id_ed25519.pub',
    '--name: name: must be 1 to 32 of a-z, 0-9 and -, with a letter first and no - at the end (got "7"); write it like name: example',
    '--hostname: box.hostname: must be a fully qualified host name in lower case ASCII (got "Box"); add the domain, for example box.example.com',
  ]);
  t.deepEqual(readdirSync(folder), []);
});

test('a password comes by standard input alone, and only its hash is kept, for its owner’s eyes', async (t) => {
  const { file } = place(t);
  await byFlags(file, { hostname: 'mail.example.org', email: 'ann@example.org', passwordStdin: true });
  t.regex(loadConfig(file).config.box.admin.passwordHash ?? '', /^\$6\$/);
  t.notRegex(readFileSync(file, 'utf8'), /horse/);
  t.is(statSync(file).mode & 0o777, 0o600);
});

test('a public key is named by its file; a private key is refused before it is copied anywhere', async (t) => {
  const { folder, file } = place(t);
  writeFileSync(path.join(folder, 'id.pub'), `${key}\n`);
  await byFlags(file, { ...flags, sshKey: [path.join(folder, 'id.pub')] });
  t.deepEqual(loadConfig(file).config.box.sshKeys, [key]);
  const other = path.join(folder, 'other.yaml');
  writeFileSync(path.join(folder, 'id'), '-----BEGIN OPENSSH PRIVATE KEY-----\n');
  const refused = byFlags(other, { ...flags, sshKey: [path.join(folder, 'id')] });
  t.regex((await t.throwsAsync(refused))?.message ?? '', /is a private key/);
  t.false(existsSync(other));
});

test('a file that is there stays as it is, whoever is asked, and nobody is asked in vain', async (t) => {
  const { file } = place(t);
  writeFileSync(file, 'mine\n');
  const { terminal, shown } = person();
  for (const hands of [{ readPassword }, { readPassword, terminal }])
    await t.throwsAsync(initConfig(file, flags, hands), { message: /is there already; name another file/ });
  t.is(readFileSync(file, 'utf8'), 'mine\n');
  t.deepEqual(shown, []);
});

test('at a terminal, Enter takes what is in brackets', async (t) => {
  const { folder, file } = place(t);
  const sshFolder = path.join(folder, 'ssh');
  mkdirSync(sshFolder);
  writeFileSync(path.join(sshFolder, 'id_ed25519.pub'), `${key}\n`);
  const { terminal, shown, hidden } = person('', '', '', '', '');
  await initConfig(file, {}, { terminal, readPassword, sshFolder });
  t.deepEqual(shown, [
    "The box's own name [box.example.com]: ",
    'Mail address of its administrator [me@example.com]: ',
    '  1  id_ed25519.pub  ssh-ed25519 you@laptop',
    'Public ssh key that may log in as root: a number, a file or the line itself [1]: ',
    `Where it will run: ${cloudNames.join(', ')} [${cloudNames[0]}]: `,
  ]);
  t.deepEqual(hidden, ['Its password, which is not shown (Enter: none yet): ']);
  t.deepEqual(loadConfig(file).config.box.sshKeys, [key]);
});

test('a wrong answer is asked again, with the rule and the remedy that `letterbox check` has for it', async (t) => {
  const { folder, file } = place(t);
  const { terminal, shown } = person(
    ...['box.local', 'box.example.net', 'ann', 'ann@example.net'],
    ...['short', 'correct horse battery staple'],
    ...['ssh-ed25519 AAAAC3', key, 'hetzer', 'hetzner'],
  );
  await initConfig(file, {}, { terminal, readPassword, sshFolder: folder });
  const { config } = loadConfig(file);
  t.is(config.box.hostname, 'box.example.net');
  t.is(config.box.admin.email, 'ann@example.net');
  t.regex(config.box.admin.passwordHash ?? '', /^\$6\$/);
  t.is(config.cloud, 'hetzner');
  t.deepEqual(
    shown.filter((line) => line.startsWith('  ')).map((line) => line.trim().split(';')[1]?.trim() ?? line),
    [
      'use a domain that you own',
      'add @ and the domain, for example me@example.com',
      '  a password has at least 8 characters and at most 256 bytes',
      'copy it again',
      'did you mean "hetzner"?',
    ],
  );
});

test('without a key and without a password nobody could log in, so the key is asked for again', async (t) => {
  const { folder, file } = place(t);
  const { terminal, shown } = person('', '', '', '', key, '');
  await initConfig(file, {}, { terminal, readPassword, sshFolder: folder });
  t.true(shown.some((line) => /nobody could ever log in/.test(line)));
});

test('what a flag gave is not asked, and who goes away in between leaves no file', async (t) => {
  const { folder, file } = place(t);
  const { terminal, shown } = person('ann@example.org');
  const going = initConfig(file, { hostname: 'mail.example.org' }, { terminal, readPassword });
  await t.throwsAsync(going, { message: 'interrupted: nothing was written' });
  t.is(shown[0], 'Mail address of its administrator [me@example.org]: ');
  t.deepEqual(readdirSync(folder), []);
});

test('every release at every cloud makes a config that is right as it stands', (t) => {
  for (const release of releases.keys())
    for (const cloud of cloudNames)
      t.notThrows(() => parseConfig(firstConfig(filled({ release, cloud, sshKeys: [key] })), 'box.yaml'));
});

test('a value that YAML would read as something else is put in quotes', (t) => {
  const comment = `${key.replace(/ you.*/, '')} me: # "1"`;
  const text = firstConfig(filled({ name: 'on', sshKeys: [comment] }));
  const { config } = parseConfig(text, 'box.yaml');
  t.is(config.name, 'on');
  t.deepEqual(config.box.sshKeys, [comment]);
});

test('the command line: a key may be given again, and the file’s name may come last', async (t) => {
  const { folder } = place(t);
  const other = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIMjK5m/l/nR9irS9I+6hwp7p8vZECXTGw/GmHb+c5a0x me@desk';
  const words = ['--hostname', 'mail.example.org', '--email', 'ann@example.org', '--ssh-key', key];
  const { stdout } = await run(
    process.execPath,
    [path.resolve('bin/letterbox.js'), 'init', ...words, '--ssh-key', other, 'mine.yaml'],
    { cwd: folder },
  );
  t.is(stdout, 'wrote mine.yaml\nnext: ./letterbox bake mine.yaml\n');
  t.deepEqual(loadConfig(path.join(folder, 'mine.yaml')).config.box.sshKeys, [key, other]);
});

/**
 * The groupware's own DAV server on the oldest PHP and Dovecot that Debian still offers, in a tree of the test's own: no box of the
 * release that has it can be made here. sabre/dav itself is asked where a bake has fetched it, and no package has it.
 */
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import test from 'ava';
import { findSources } from '../../builder/bake/base/bootstrap.ts';
import { sourcesList } from '../../builder/bake/base/sources.ts';
import { downloadsDir } from '../../builder/bake/layers.ts';
import { hashPassword } from '../../builder/commands/password.ts';
import { cacheDir } from '../../builder/paths.ts';
import { releases } from '../../releases/index.ts';
import type { Download } from '../../releases/release.ts';
import { outcome } from '../rig/program.ts';

const suite = 'bullseye';

/** Where the build host's own apt has its packages from, an older suite. */
async function oldSources(): Promise<string> {
  const base = [...releases.values()].map((one) => one.base).find((one) => one.kind === 'bootstrap');
  if (base?.kind !== 'bootstrap') throw new Error('no release is made from packages');
  const [main] = await findSources({ ...base, suites: base.suites.slice(0, 1) }, undefined);
  return sourcesList(base, main === undefined ? [] : [{ ...main, suite }]);
}
const packages = [
  'dovecot-imapd',
  'dovecot-sqlite',
  'php7.4-cli',
  'php7.4-mbstring',
  'php7.4-sqlite3',
  'php7.4-xml',
  'sqlite3',
];
const tree = path.join(cacheDir, 'dav-server-bullseye');
const within = (name: string) => path.join(tree, name);
const world = (name: string) => fileURLToPath(new URL(`world/${name}`, import.meta.url));

async function run(...argv: string[]): Promise<string> {
  const { code, stdout, stderr } = await outcome(argv, { seconds: 600 });
  if (code !== 0) throw new Error(`${argv.slice(0, 6).join(' ')}: ${stderr.slice(-1500)}`);
  return stdout;
}

/** Made once, and kept. @returns why it can't be made */
async function makeTree(): Promise<string | undefined> {
  if (existsSync(within('.made'))) return undefined;
  if (process.getuid?.() !== 0) return 'it wants root';
  rmSync(tree, { recursive: true, force: true });
  mkdirSync(tree, { recursive: true });
  const list = path.join(cacheDir, 'dav-server-sources.list');
  try {
    writeFileSync(list, await oldSources());
    const options = ['--mode=root', '--variant=apt', `--include=${packages.join(',')}`];
    await run('unshare', '--uts', 'mmdebstrap', ...options, suite, tree, list);
  } catch (error) {
    return `the mirror does not have it: ${(error as Error).message.split('\n').at(-1)}`;
  }
  const add = [
    'groupadd --system box-accounts',
    'useradd --system --user-group --no-create-home box-groupware',
  ];
  for (const line of add)
    await run('chroot', tree, `/usr/sbin/${line.split(' ')[0]}`, ...line.split(' ').slice(1));
  await run('chroot', tree, '/usr/sbin/usermod', '--append', '--groups', 'box-accounts', 'dovecot');
  writeFileSync(within('.made'), '');
  return undefined;
}

const dovecot = `
protocols = imap
log_path = /tmp/dovecot.log
ssl = no
login_trusted_networks = 127.0.0.0/8
auth_username_format = %Lu
auth_verbose = yes
mail_location = maildir:~
first_valid_uid = 1
service imap-login {
  inet_listener imap {
    address = 127.0.0.1
    port = 10143
  }
}
passdb {
  driver = sql
  args = /etc/dovecot/test-sql.conf
}
userdb {
  driver = static
  args = uid=mail gid=mail home=/tmp/%u
}
`;
const accountsSql = (me: string, you: string) => `
CREATE TABLE users (id INTEGER PRIMARY KEY, email TEXT NOT NULL UNIQUE, password TEXT NOT NULL);
CREATE TABLE aliases (id INTEGER PRIMARY KEY, source TEXT NOT NULL UNIQUE, destination TEXT NOT NULL);
CREATE TABLE auto_aliases (id INTEGER PRIMARY KEY, source TEXT NOT NULL UNIQUE, destination TEXT NOT NULL);
CREATE TABLE app_passwords (id INTEGER PRIMARY KEY, user_id INTEGER NOT NULL, handle TEXT NOT NULL UNIQUE, password TEXT NOT NULL);
CREATE TABLE app_passwords_only (user_id INTEGER PRIMARY KEY);
INSERT INTO users (email, password) VALUES ('me@example.com', '{SHA512-CRYPT}${me}'), ('you@example.com', '{SHA512-CRYPT}${you}');
INSERT INTO aliases (source, destination) VALUES ('alias@example.com', 'me@example.com');
INSERT INTO auto_aliases (source, destination) VALUES ('@alias.example', '@example.com');
`;

/** Dovecot's real query, from the box's own file. */
const sql = () =>
  readFileSync('overlays/dovecot/common/etc/dovecot/dovecot-sql.conf.ext.mustache', 'utf8')
    .replace(/\nuser_query[\s\S]*$/, '\n')
    .replaceAll('{{webmailImapPort}}', '10144')
    .replace(/\{\{.*\}\}.*\n/g, '');

/** sabre/dav and its libraries, as a bake on this machine has kept them. */
async function libraries(): Promise<boolean> {
  const wanted = [...releases.values()]
    .flatMap(({ roles }) => roles.groupware.downloads ?? [])
    .filter(({ to }) => to.startsWith('/usr/share/sabre/'));
  const file = ({ sha256 }: Download) => path.join(downloadsDir(), sha256);
  rmSync(within('usr/share/sabre'), { recursive: true, force: true });
  if (!wanted.every((one) => existsSync(file(one)))) return false;
  for (const one of wanted) {
    mkdirSync(within(one.to), { recursive: true });
    await run('tar', '-xf', file(one), '-C', within(one.to), '--strip-components=1', '--no-same-owner');
  }
  return true;
}

async function furnish(): Promise<void> {
  for (const folder of ['home/user-data', 'usr/share/box', 'tmp/me@example.com'])
    rmSync(within(folder), { recursive: true, force: true });
  for (const folder of ['home/user-data/mail', 'home/user-data/groupware', 'usr/share/box'])
    mkdirSync(within(folder), { recursive: true });
  cpSync('overlays/groupware/sabre/usr/share/box/groupware', within('usr/share/box/groupware'), {
    recursive: true,
  });
  cpSync(world('dav-server.php'), within('tmp/dav-server.php'));
  writeFileSync(within('etc/dovecot/test.conf'), dovecot);
  writeFileSync(within('etc/dovecot/test-sql.conf'), sql());
  rmSync(within('tmp/dovecot.log'), { force: true });
  const [me, you] = await Promise.all(['secret "\\ ä me', 'secret you'].map(hashPassword));
  const users = within('home/user-data/mail/users.sqlite');
  const made = await outcome(['sqlite3', users], { input: accountsSql(me ?? '', you ?? '') });
  if (made.code !== 0) throw new Error(made.stderr);
  await run(
    'chroot',
    tree,
    '/bin/sh',
    '-c',
    'chgrp box-accounts /home/user-data/mail/users.sqlite; chmod 0640 /home/user-data/mail/users.sqlite; chown box-groupware: /home/user-data/groupware',
  );
}

interface Said {
  readonly meant: Readonly<Record<string, string | null>>;
  readonly owner: Readonly<Record<string, string | null>>;
  readonly aliases: readonly string[];
  readonly accepts: readonly boolean[];
  readonly tables: readonly string[];
  readonly mode: string;
  readonly server?: Readonly<Record<string, readonly [number, string]>>;
}

const ready = (async () => {
  const missing = await makeTree();
  if (missing !== undefined) return { missing };
  await furnish();
  const whole = await libraries();
  const enter = ['unshare', '--net', '--mount', '--pid', '--fork', '--kill-child'];
  const said = JSON.parse(await run(...enter, 'sh', world('run-dav-server.sh'), tree)) as Said;
  return { said, whole, log: readFileSync(within('tmp/last.log'), 'utf8') };
})();

test('a log-in means the account that Dovecot means, and an address is its account’s or its alias’s', async (t) => {
  const { said, missing } = await ready;
  if (said === undefined) return t.pass(t.log(`SKIPPED: ${missing}`) as undefined);
  const me = 'me@example.com';
  t.deepEqual(said.meant, {
    [me]: me,
    'ME@Example.com': me,
    'me\uff20example.com': me,
    'me@alias.example': me,
    'alias@example.com': null,
    'nobody@example.com': null,
  });
  t.is(said.owner['alias@example.com'], me);
  t.is(said.owner['nobody@example.com'], null);
  t.deepEqual(said.aliases, ['alias@example.com']);
});

test('Dovecot says whose a password is, once for each, and knows from where it came', async (t) => {
  const { said, missing, log } = await ready;
  if (said === undefined) return t.pass(t.log(`SKIPPED: ${missing}`) as undefined);
  t.deepEqual(said.accepts, [true, false, false, false, false]);
  const failed = log.match(/(?:unknown user|Password mismatch)/g) ?? [];
  // What holds a zero is not asked about, and of a line's end Dovecot says nothing that is counted; our own line is. The server is
  // asked once more.
  t.is(failed.length, said.server === undefined ? 2 : 3);
  t.is(log.match(/,192\.0\.2\.77[,)].*(?:unknown user|Password mismatch)/g)?.length, 2);
});

test('the database is made once, for its owner alone', async (t) => {
  const { said, missing } = await ready;
  if (said === undefined) return t.pass(t.log(`SKIPPED: ${missing}`) as undefined);
  t.is(said.mode, '600');
  for (const table of ['calendarobjects', 'cards', 'schedulingobjects']) t.true(said.tables.includes(table));
});

test('with sabre/dav: a person’s own calendar, nobody else’s, whole changes, and invitations within the box', async (t) => {
  const { said, missing, whole } = await ready;
  if (said?.server === undefined || whole !== true)
    return t.pass(t.log(`SKIPPED: ${missing ?? 'no bake has fetched sabre/dav here'}`) as undefined);
  const { server } = said;
  const status = (what: string) => server[what]?.[0];
  t.is(status('nobody'), 401);
  t.is(status('wrong'), 401);
  t.regex(server.me?.[1] ?? '', /\/dav\/calendars\/me@example\.com\/personal\//);
  t.is(status('all'), 405, 'nobody is told who has an account');
  t.is(status('put'), 201);
  t.is(status('put again'), 412);
  t.is(status('put garbage'), 415);
  t.is(status('put theirs'), 403);
  t.is(status('get theirs'), 403);
  t.regex(server.invited?.[1] ?? '', /inbox\/[^<]+\.ics/);
  t.is(status('delete stale'), 412);
  t.is(status('delete'), 204);
});

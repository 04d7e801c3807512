/** What follows from accounts and aliases: required aliases, OpenDKIM's tables, what is an address; and the SQL program. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import test from 'ava';
import fc from 'fast-check';
import { keptProgram, python } from '../../../../box/machine/machine.ts';
import { accountAddress } from '../../../../box/mail/address.ts';
import { schema } from '../../../../box/mail/database.ts';
import { tables } from '../../../../box/mail/opendkim.ts';
import { checkPassword } from '../../../../box/mail/password.ts';
import {
  administratorAlias,
  autoAliases,
  isOtherSpelling,
  mailDomains,
} from '../../../../box/mail/required-aliases.ts';
import { accountPattern, hostnamePattern } from '../../../../contract/settings.ts';

const user = (email: string, privileges = '') => ({ email, privileges, quota: '0', locked: false });

test('required aliases are those of Mail-in-a-Box v75', (t) => {
  const data = {
    users: [user('me@example.com', 'admin'), user('abuse@example.com')],
    aliases: [
      { source: 'administrator@box.example.com', destination: 'me@example.com' },
      { source: '@old.example', destination: 'me@example.com' },
    ],
    autoAliases: [],
  };
  t.is(administratorAlias('box.example.com', data), undefined);
  t.deepEqual(
    autoAliases('box.example.com', data).map(({ source }) => source),
    [
      'abuse@box.example.com',
      'admin@box.example.com',
      'admin@example.com',
      'hostmaster@box.example.com',
      'mail-reports@box.example.com',
      'postmaster@box.example.com',
      'postmaster@example.com',
    ],
    'not for a domain that only has a catch-all, and not over an account',
  );
  t.true(
    autoAliases('box.example.com', data).every(
      ({ source, destination }) =>
        destination ===
        (source.startsWith('mail-reports@') ? 'mail-reports@localhost' : 'administrator@box.example.com'),
    ),
  );
  const aliases = [
    ...data.aliases,
    { source: 'mail-reports@box.example.com', destination: 'me@example.com' },
  ];
  t.false(
    autoAliases('box.example.com', { ...data, aliases }).some(({ source }) =>
      source.startsWith('mail-reports@'),
    ),
    'whoever has the address has the reports',
  );
  t.deepEqual(mailDomains('box.example.com', data), ['box.example.com', 'example.com', 'old.example']);
});

test('the administrator is the first admin, or whoever it was under the old name', (t) => {
  const users = [user('you@example.com'), user('me@example.com', 'admin')];
  t.deepEqual(administratorAlias('box.example.com', { users, aliases: [], autoAliases: [] }), {
    source: 'administrator@box.example.com',
    destination: 'me@example.com',
  });
  const aliases = [{ source: 'administrator@old.example.com', destination: 'you@example.com' }];
  t.is(
    administratorAlias('box.example.com', { users, aliases, autoAliases: [] })?.destination,
    'you@example.com',
  );
  t.is(
    administratorAlias('box.example.com', {
      users: [user('administrator@box.example.com', 'admin')],
      aliases: [],
      autoAliases: [],
    }),
    undefined,
  );
});

test('a domain that people write in other letters than the tables', (t) => {
  const auto = autoAliases('box.example.com', {
    users: [user('me@xn--bcher-kva.example', 'admin')],
    aliases: [],
    autoAliases: [],
  });
  const spellings = auto.filter(({ destination }) => destination === '@xn--bcher-kva.example');
  t.deepEqual(
    spellings.map(({ source }) => source),
    ['@bücher.example'.normalize('NFD'), '@bÜcher.example', '@bücher.example'],
  );
  t.deepEqual(spellings.filter(isOtherSpelling), spellings.slice(0, 2), 'for people to read there is one');
});

test('the DKIM tables name one key for every domain', (t) => {
  const [keys, signing] = tables(['a.example', 'b.example'], 'mail');
  t.is(
    keys?.text,
    'a.example a.example:mail:/home/user-data/mail/dkim/mail.private\nb.example b.example:mail:/home/user-data/mail/dkim/mail.private\n',
  );
  t.is(signing?.text, '*@a.example a.example\n*@b.example b.example\n');
});

test('every account address is one that the settings would take, whatever is typed', (t) => {
  fc.assert(
    fc.property(fc.oneof(fc.emailAddress(), fc.string()), (text) => {
      let address: string;
      try {
        address = accountAddress(text);
      } catch {
        return true;
      }
      return (
        accountPattern.test(address) &&
        hostnamePattern.test(address.slice(address.indexOf('@') + 1)) &&
        accountAddress(address) === address
      );
    }),
  );
  t.is(accountAddress('me@EXAMPLE.com'), 'me@example.com');
  t.is(accountAddress('me@bücher.example'), 'me@xn--bcher-kva.example');
});

test('a password in any script is fine', (t) => {
  t.notThrows(() => checkPassword('пароль-の-été'));
  t.throws(() => checkPassword('\u{1F600}'.repeat(7)), { message: /fewer than 8 characters/ });
});

const sqlProgram = fileURLToPath(
  new URL('../../../../overlays/box/common/usr/lib/box/sql.py', import.meta.url),
);

test('a program that answers lines is kept, ends by itself, and is started again after it ended', async (t) => {
  const script =
    'import os, sys\nfor line in iter(sys.stdin.readline, ""):\n    if line == "end\\n": sys.exit("as it was told")\n    print(os.getpid(), line, end="", flush=True)';
  const program = keptProgram([...python, '-c', script]);
  const [one, two] = await Promise.all([program.ask('one'), program.ask('two')]);
  const [pid] = one.split(' ');
  t.deepEqual([one, two], [`${pid} one`, `${pid} two`]);
  const lost = await Promise.allSettled([program.ask('end'), program.ask('three')]);
  t.deepEqual(
    lost.map((answer) => answer.status === 'rejected' && answer.reason.message),
    ['as it was told', 'as it was told'],
  );
  t.not((await program.ask('four')).split(' ')[0], pid);
  await t.throwsAsync(program.ask('a\nb'), { message: 'a question is one line' });
  const none = await t.throwsAsync(keptProgram(['/nowhere/at-all']).ask('one'));
  t.regex(none?.message ?? '', /ENOENT/);
});

test('a question while a program that was idle is ending goes to a new one', async (t) => {
  const script =
    'import os, sys, time\nfor line in iter(sys.stdin.readline, ""):\n    print(os.getpid(), flush=True)\ntime.sleep(0.3)';
  const program = keptProgram([...python, '-c', script], 20);
  const pids = new Set<string>();
  for (let i = 0; i < 12; i++) {
    pids.add(await program.ask('who?'));
    await new Promise((resolve) => setTimeout(resolve, 60));
  }
  t.true(pids.size > 2, `${pids.size} were started`);
});

test('sql.py: all statements or none, bound values, and a foreign key that holds', (t) => {
  const folder = mkdtempSync(path.join(tmpdir(), 'sql-'));
  t.teardown(() => rmSync(folder, { recursive: true }));
  const order = (statements: unknown[], create = false) => {
    const input = JSON.stringify({ path: path.join(folder, 'users.sqlite'), create, statements });
    const { status, stdout, stderr } = spawnSync('/usr/bin/python3', [sqlProgram], {
      input,
      encoding: 'utf8',
    });
    t.is(status, 0, stderr);
    const { results: rows, error } = JSON.parse(stdout);
    return { rows, error };
  };
  t.is(order([]).error, 'unable to open database file', 'no file, and none is made');
  t.is(order([...schema], true).error, undefined);
  t.is(order([...schema], true).error, undefined, 'again');
  const insert = (email: string) => ({
    sql: 'INSERT INTO users (email, password) VALUES (?, ?)',
    params: [email, "'; DROP TABLE users; --é"],
  });
  const failed = order([insert('a@example.com'), insert('b@example.com'), insert('a@example.com')]);
  t.is(failed.error, 'UNIQUE constraint failed: users.email');
  const all = { sql: 'SELECT id, email, password FROM users' };
  t.deepEqual(order([all]).rows, [{ rows: [], changes: 0 }]);
  order([
    insert('a@example.com'),
    { sql: "INSERT INTO mfa (user_id, type, secret) VALUES (1, 'totp', 's')" },
  ]);
  t.is(order([all]).rows[0].rows[0].password, "'; DROP TABLE users; --é");
  t.is(order([{ sql: 'DELETE FROM users' }]).rows[0].changes, 1);
  t.deepEqual(order([{ sql: 'SELECT * FROM mfa' }]).rows[0].rows, []);
});

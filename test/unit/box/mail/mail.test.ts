/** What follows from accounts and aliases: required aliases, OpenDKIM's tables, what is an address; and the SQL program. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import test from 'ava';
import fc from 'fast-check';
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
      'postmaster@box.example.com',
      'postmaster@example.com',
    ],
    'not for a domain that only has a catch-all, and not over an account',
  );
  t.true(
    autoAliases('box.example.com', data).every(
      ({ destination }) => destination === 'administrator@box.example.com',
    ),
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

test('sql.py: all statements or none, bound values, and a foreign key that holds', (t) => {
  const folder = mkdtempSync(path.join(tmpdir(), 'sql-'));
  t.teardown(() => rmSync(folder, { recursive: true }));
  const order = (statements: unknown[], create = false) => {
    const input = JSON.stringify({ path: path.join(folder, 'users.sqlite'), create, statements });
    const { status, stdout, stderr } = spawnSync('/usr/bin/python3', [sqlProgram], {
      input,
      encoding: 'utf8',
    });
    return { status, stderr, rows: status === 0 ? JSON.parse(stdout) : undefined };
  };
  t.is(order([]).status, 1, 'no file, and none is made');
  t.is(order([...schema], true).status, 0);
  t.is(order([...schema], true).status, 0, 'again');
  const insert = (email: string) => ({
    sql: 'INSERT INTO users (email, password) VALUES (?, ?)',
    params: [email, "'; DROP TABLE users; --é"],
  });
  const failed = order([insert('a@example.com'), insert('b@example.com'), insert('a@example.com')]);
  t.is(failed.status, 1);
  t.regex(failed.stderr, /^UNIQUE constraint failed: users\.email\n$/);
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

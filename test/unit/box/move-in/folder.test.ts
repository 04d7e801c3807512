/** Moving in from a storage root: what is said of it before anything is done, and what each layout version becomes. */
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import test, { type ExecutionContext } from 'ava';
import { schema, transact } from '../../../../box/mail/database.ts';
import { readMailData } from '../../../../box/mail/users.ts';
import { migrate, migrations } from '../../../../box/move-in/migrations.ts';
import { readVersion } from '../../../../box/move-in/old-box.ts';
import { TemporaryBox } from '../temporary-box.ts';

const hash = `{SHA512-CRYPT}$6$abcdefgh$${'x'.repeat(86)}`;
const users = (quota: string) =>
  `CREATE TABLE users (id INTEGER PRIMARY KEY AUTOINCREMENT, email TEXT NOT NULL UNIQUE, password TEXT NOT NULL, extra,
    privileges TEXT NOT NULL DEFAULT ''${quota})`;
const aliases =
  'CREATE TABLE aliases (id INTEGER PRIMARY KEY AUTOINCREMENT, source TEXT NOT NULL UNIQUE, destination TEXT NOT NULL, permitted_senders TEXT)';
const mfa =
  // As it was between two commits before v0.51, the stricter of its forms.
  'CREATE TABLE mfa (id INTEGER PRIMARY KEY AUTOINCREMENT, user_id INTEGER NOT NULL UNIQUE, type TEXT NOT NULL, secret TEXT NOT NULL, mru_token TEXT, label TEXT, FOREIGN KEY (user_id) REFERENCES users(id) ON DELETE CASCADE)';

async function oldBox(t: ExecutionContext, version: number): Promise<TemporaryBox> {
  const box = await TemporaryBox.booted(t);
  mkdirSync(box.at('/mnt/old/mail/mailboxes/old.example/ann'), { recursive: true });
  writeFileSync(box.at('/mnt/old/mailinabox.version'), `${version}\n`);
  await transact(
    box.machine.withStorage('/mnt/old'),
    [
      { sql: users(version >= 15 ? ", quota TEXT NOT NULL DEFAULT '0'" : '') },
      { sql: aliases },
      ...(version >= 13 ? [{ sql: mfa }] : []),
      {
        sql: "INSERT INTO users (email, password, privileges) VALUES (?, ?, 'admin')",
        params: ['ann@old.example', hash],
      },
      ...(version >= 13
        ? [{ sql: "INSERT INTO mfa (user_id, type, secret) VALUES (1, 'totp', 'JBSWY3DP')" }]
        : []),
      ...(version >= 15 ? [{ sql: "UPDATE users SET quota = '2G'" }] : []),
      {
        sql: "INSERT INTO aliases (source, destination) VALUES ('administrator@box.old.example', 'ann@old.example')",
      },
    ],
    true,
  );
  box.answer = (argv) => {
    if (argv[0] === 'cp') writeFileSync(String(argv[3]), readFileSync(String(argv[2])));
    return {};
  };
  return box;
}

for (const version of [10, 11, 12, 13, 14, 15])
  test(`accounts of layout version ${version} get the newest schema, and keep what they have`, async (t) => {
    const box = await oldBox(t, version);
    const old = box.machine.withStorage('/mnt/old');
    t.is(await readVersion(box.machine, '/mnt/old'), version);
    // Twice: what a power cut left half done is done again.
    for (let time = 0; time < 2; time++) await migrate(old);
    const data = await readMailData(old);
    t.deepEqual(data.users, [
      { email: 'ann@old.example', privileges: 'admin', quota: version >= 15 ? '2G' : '0', locked: false },
    ]);
    t.is(data.aliases.length, 1);
    const [factors, second] = await transact(old, [
      { sql: 'SELECT type, secret FROM mfa' },
      { sql: "INSERT INTO mfa (user_id, type, secret) VALUES (1, 'webauthn', '{}'), (1, 'webauthn', '{}')" },
    ]);
    t.deepEqual(factors?.rows, version >= 13 ? [{ type: 'totp', secret: 'JBSWY3DP' }] : []);
    t.is(second?.changes, 2, 'an account may have several factors');
    const columns = async (storage: typeof old) =>
      (
        await transact(
          storage,
          ['users', 'aliases', 'mfa', 'auto_aliases'].map((name) => ({ sql: `PRAGMA table_info(${name})` })),
        )
      ).map(({ rows }) => rows.map(({ name }) => name));
    t.deepEqual(await columns(old), await columns(box.machine));
  });

test('migrations are in the order of their numbers, and the last one is what a box writes', (t) => {
  const numbers = migrations.map(({ to }) => to);
  t.deepEqual(
    numbers,
    [...numbers].sort((a, b) => a - b),
  );
  t.is(numbers.at(-1), 15);
  t.is(schema.length, 6, 'with two tables of the box’s own');
});

test('a dry run says what comes, what does not, and changes nothing', async (t) => {
  const box = await oldBox(t, 14);
  const files = [box.tree('/mnt'), box.tree('/home')];
  t.is(await box.box('move-in', '/mnt/old', '--dry-run'), 0, box.said.join('\n'));
  const said = box.said.join('\n');
  t.regex(
    said,
    /^comes {4}accounts: 2 accounts with passwords, 1 of them with a second factor; 1 alias; me@example\.com is added/m,
  );
  t.regex(said, /^comes {4}mail: 1 mailbox, with folders/m);
  t.regex(said, /^not so {3}accounts: the name box\.old\.example/m);
  t.regex(said, /^not so {3}DKIM key: there is none/m);
  t.deepEqual([box.tree('/mnt'), box.tree('/home')], files);
  t.false(readdirSync(box.at('/run/box')).includes('move-in'));
});

test('all that is wrong is told at once, with the old box’s paths', async (t) => {
  const box = await oldBox(t, 15);
  mkdirSync(box.at('/mnt/old/ssl'));
  mkdirSync(box.at('/mnt/old/dns/dnssec'), { recursive: true });
  mkdirSync(box.at('/mnt/old/mail/dkim'));
  writeFileSync(box.at('/mnt/old/ssl/ssl_private_key.pem'), 'broken');
  writeFileSync(box.at('/mnt/old/dns/dnssec/RSASHA256.conf'), 'KSK=none\n');
  writeFileSync(box.at('/mnt/old/mail/dkim/mail.private'), '');
  t.is(await box.box('move-in', '/mnt/old'), 1);
  const problems = box.said.filter((line) => line.startsWith('problem'));
  t.deepEqual(problems, [
    'problem  /mnt/old/mail/dkim/mail.private is damaged',
    'problem  /mnt/old/dns/dnssec/RSASHA256.conf: names no key',
    'problem  /mnt/old/ssl/ssl_private_key.pem is damaged',
  ]);
  t.is(box.said.at(-1), 'nothing was done');
  t.false(readdirSync(box.at('/home/user-data/backup')).includes('moving-in'));
});

test('versions that are not understood, and folders that are none, are refused', async (t) => {
  const box = await oldBox(t, 15);
  for (const [version, words] of [
    ['9', /says "9"; 10 to 15 are understood/],
    ['16', /says "16"; 10 to 15/],
    ['', /says ""/],
  ] as const) {
    writeFileSync(box.at('/mnt/old/mailinabox.version'), version);
    await t.throwsAsync(readVersion(box.machine, '/mnt/old'), { message: words });
  }
  await t.throwsAsync(readVersion(box.machine, '/mnt'), { message: /no mailinabox\.version/ });
  await t.throwsAsync(readVersion(box.machine, '/home/user-data'), { message: /this box’s own/ });
  await t.throwsAsync(readVersion(box.machine, '/home'), { message: /this box’s own/ });
  await t.throwsAsync(readVersion(box.machine, '/'), { message: /this box’s own/ });
  await t.throwsAsync(readVersion(box.machine, '/home/user-data/www'), {
    message: /would be in the next backup/,
  });
});

test('DNSSEC keys with few bits, and two that the signer can’t tell apart, are named with the way to replace them', async (t) => {
  const box = await oldBox(t, 15);
  const set = (name: string, algorithm: number, bytes: number, ksk: number, zsk: number) => {
    const base = (tag: number) =>
      `K_domain_.+${String(algorithm).padStart(3, '0')}+${String(tag).padStart(5, '0')}`;
    for (const [tag, flags] of [
      [ksk, 257],
      [zsk, 256],
    ] as const) {
      // An exponent of three bytes, and the modulus (RFC 3110).
      const key = Buffer.concat([Buffer.from([3, 1, 0, 1]), Buffer.alloc(bytes, tag)]).toString('base64');
      box.write(
        `/mnt/old/dns/dnssec/${base(tag)}.key`,
        `_domain_.\tIN\tDNSKEY\t${flags} 3 ${algorithm} ${key}\n`,
      );
      box.write(`/mnt/old/dns/dnssec/${base(tag)}.private`, 'Private-key-format: v1.2\nModulus: AQAB\n');
    }
    box.write(`/mnt/old/dns/dnssec/${name}.conf`, `KSK=${base(ksk)}\nZSK=${base(zsk)}\n`);
  };
  const told = async () => {
    await box.box('move-in', '/mnt/old', '--dry-run');
    return box.said.filter((line) => line.startsWith('not so   DNSSEC')).map((line) => line.slice(22));
  };
  // What the setup of v0.18 makes, then what that of v75 does.
  set('RSASHA256', 8, 128, 100, 200);
  t.deepEqual(await told(), [
    'RSA keys of 1024 bits are short: once all is well, box dns rollover zsk, then box dns rollover ksk',
  ]);
  set('RSASHA256', 8, 256, 100, 200);
  t.deepEqual(await told(), []);
  // One as a KSK has a tag more than as a ZSK.
  set('ECDSAP256SHA256', 13, 60, 201, 300);
  t.deepEqual(await told(), [
    'K_domain_.+013+00201 and K_domain_.+008+00200 have one number, and the signer takes one for the other, as on the old box: once all is well, box dns rollover zsk',
  ]);
});

import test from 'ava';
import { TemporaryBox } from '../temporary-box.ts';

/** What doveadm would print; the box must hand it the password on standard input, twice. */
const doveadm =
  (seen: string[] = []): TemporaryBox['answer'] =>
  ([program], input) => {
    if (program !== 'doveadm') return undefined;
    seen.push(input);
    return { out: `{SHA512-CRYPT}$6$salt$${'y'.repeat(86)}\n` };
  };

async function mailBox(...[t]: Parameters<typeof TemporaryBox.booted>): Promise<TemporaryBox> {
  const box = await TemporaryBox.booted(t);
  box.answer = doveadm();
  return box;
}

test('the first account comes from the settings', async (t) => {
  const box = await TemporaryBox.booted(t);
  t.is(await box.box('account', 'list', '--json'), 0);
  t.deepEqual(JSON.parse(box.said.join('')), [
    { email: 'me@example.com', admin: true, quota: '0', locked: false },
  ]);
});

test('without a hash in the settings nobody can log in, and list says so', async (t) => {
  const box = TemporaryBox.fresh(t);
  box.settle({ admin: { email: 'me@example.com' } });
  await box.init(t);
  await box.box('account', 'list');
  t.deepEqual(box.said, ['me@example.com (admin) (no password)']);
});

test('an account of a new domain: aliases, DKIM tables, and OpenDKIM is told', async (t) => {
  const box = await TemporaryBox.booted(t);
  const seen: string[] = [];
  box.answer = doveadm(seen);
  t.is(await box.box('account', 'add', 'you@Bücher.example'), 0, box.complaints.join());
  t.deepEqual(seen, ['correct-horse\ncorrect-horse\n']);
  t.false(box.ran.join().includes('correct-horse'));
  t.deepEqual(box.said, ['you@xn--bcher-kva.example is added']);
  t.true(box.ran.includes('service opendkim reload'));
  t.regex(box.read('/etc/opendkim/KeyTable'), /^xn--bcher-kva\.example xn--bcher-kva\.example:mail:\/home/m);
  await box.box('account', 'list');
  t.deepEqual(box.said, ['me@example.com (admin)', 'you@xn--bcher-kva.example']);
  await box.init(t);
  t.true(
    box.report().steps.every(({ result }) => result === 'done'),
    'the next boot has nothing left to do',
  );
});

test('another account of a known domain disturbs no service', async (t) => {
  const box = await mailBox(t);
  t.is(await box.box('account', 'add', 'you@example.com'), 0);
  t.deepEqual(box.ran, ['doveadm pw -s SHA512-CRYPT']);
});

test('an account is meant however it is typed, and kept one way', async (t) => {
  const box = await mailBox(t);
  t.is(await box.box('account', 'add', ' O.K@Example.com'), 0, box.complaints.join());
  t.deepEqual(box.said, ['o.k@example.com is added']);
  t.is(await box.box('account', 'password', 'o.K＠EXAMPLE.com '), 0, box.complaints.join());
  t.is(await box.box('account', 'add', 'o.K@example.com'), 1);
  await box.box('account', 'add', 'me@bücher.example');
  t.is(await box.box('account', 'quota', 'Me@Bücher.example', '1G'), 0, box.complaints.join());
  t.is(await box.box('alias', 'add', 'Info@BÜCHER.example ', 'Me@bücher.example'), 0, box.complaints.join());
  await box.box('alias', 'list');
  t.true(box.said.includes('info@xn--bcher-kva.example -> me@xn--bcher-kva.example'), box.said.join());
  t.is(box.said.filter((line) => line.endsWith('-> @xn--bcher-kva.example (required)')).length, 1);
});

test('an account that is removed', async (t) => {
  const box = await mailBox(t);
  await box.box('account', 'add', 'you@example.com', '--admin');
  t.is(await box.box('account', 'remove', 'me@example.com'), 0);
  await box.box('account', 'list');
  t.deepEqual(box.said, ['you@example.com (admin)']);
});

const refused: [what: string, argv: string[], complaint: RegExp, code: number][] = [
  ['no command', [], /no command was given; see box --help/, 2],
  ['an unknown command', ['acount', 'add'], /there is no command acount add/, 2],
  [
    'an unknown option',
    ['account', 'add', 'a@example.com', '--root'],
    /Unknown option '--root'.*usage: box account add EMAIL/,
    2,
  ],
  ['no address', ['account', 'add'], /usage: box account add EMAIL \[--admin\]/, 2],
  [
    'a password in the arguments',
    ['account', 'password', 'me@example.com', 'secret'],
    /usage: box account password EMAIL$/,
    2,
  ],
  ['no mail address', ['account', 'add', 'me'], /me is not a mail address -> give one/, 1],
  ['an address with a quote', ['account', 'add', "o'neill@example.com"], /can't be an account/, 1],
  ['two dots', ['account', 'add', 'a..b@example.com'], /can't be an account/, 1],
  [
    'one that exists',
    ['account', 'add', 'me@example.com'],
    /an account me@example\.com already -> to change its password/,
    1,
  ],
  ['an alias', ['account', 'add', 'administrator@box.example.com', '--admin'], /is an alias/, 1],
  [
    'a reserved name',
    ['account', 'add', 'postmaster@example.com'],
    /take over the domain -> add it with --admin/,
    1,
  ],
  [
    'the last administrator',
    ['account', 'remove', 'me@example.com'],
    /is the only administrator -> first: box account add/,
    1,
  ],
  [
    'an address before the address',
    ['account', 'add', "me@example.com' OR 1 --@example.com"],
    /can't be an account/,
    1,
  ],
  ['an unknown account', ['account', 'remove', 'you@example.com'], /there is no account you@example\.com/, 1],
  [
    'the password of an unknown account',
    ['account', 'password', 'you@example.com'],
    /there is no account/,
    1,
  ],
];
for (const [what, argv, complaint, code] of refused) {
  test(`refused: ${what}`, async (t) => {
    const box = await mailBox(t);
    t.is(await box.box(...argv), code);
    t.is(box.complaints.length, 1);
    t.regex(box.complaints[0] ?? '', complaint);
    await box.box('account', 'list');
    t.deepEqual(box.said, ['me@example.com (admin)']);
  });
}

for (const password of [
  'correct horse battery staple',
  ' in front and behind ',
  'colon: "quotes" \'n\' 100% $HOME \\ ; <&>',
  'пароль の été 🐎',
  'x'.repeat(256),
])
  test(`a password like ${JSON.stringify(password.slice(0, 40))} is hashed as it is`, async (t) => {
    const box = await TemporaryBox.booted(t);
    const seen: string[] = [];
    box.answer = doveadm(seen);
    box.password = password;
    t.is(await box.box('account', 'add', 'you@example.com'), 0, box.complaints.join());
    t.is(await box.box('account', 'password', 'you@example.com'), 0);
    t.deepEqual(seen, [`${password}\n${password}\n`, `${password}\n${password}\n`]);
  });

test('a password’s letters are composed, as keyboards send them', async (t) => {
  const box = await TemporaryBox.booted(t);
  const seen: string[] = [];
  box.answer = doveadm(seen);
  box.password = 'käsebrötchen'.normalize('NFD');
  t.is(await box.box('account', 'password', 'me@example.com'), 0);
  t.deepEqual(seen, ['käsebrötchen\nkäsebrötchen\n']);
});

for (const [what, password] of [
  ['short', '1234567'],
  ['with a blank that no keyboard has', 'correct\u00a0horse'],
  ['nothing but blanks', ' '.repeat(9)],
  ['with a line end', 'correct\u2028horse'],
  ['with half a letter', 'correct\ud800horse'],
  ['with a control character', 'correct\u0000horse'],
  ['endless', 'x'.repeat(257)],
] as const) {
  test(`a password that is ${what} is refused and not repeated`, async (t) => {
    const box = await mailBox(t);
    box.password = password;
    t.is(await box.box('account', 'add', 'you@example.com'), 1);
    t.regex(box.complaints[0] ?? '', /^box: the password .* -> choose another; nothing was changed$/);
    t.false(box.complaints.join().includes(password));
  });
}

test('a hash of another kind is not stored', async (t) => {
  const box = await TemporaryBox.booted(t);
  box.answer = ([program]) => (program === 'doveadm' ? { out: '{PLAIN}correct-horse\n' } : undefined);
  t.is(await box.box('account', 'add', 'you@example.com'), 1);
  t.regex(box.complaints[0] ?? '', /made no SHA512-CRYPT hash/);
});

test('two commands at once: both accounts are there', async (t) => {
  const box = await mailBox(t);
  const codes = await Promise.all(
    ['a@one.example', 'b@two.example'].map((email) => box.box('account', 'add', email)),
  );
  t.deepEqual(codes, [0, 0]);
  t.regex(box.read('/etc/opendkim/SigningTable'), /one\.example[\s\S]*two\.example/);
});

test('the lock is held against others and is free again', async (t) => {
  const box = await TemporaryBox.booted(t);
  const unlock = await box.machine.lock();
  await t.throwsAsync(box.machine.lock(0), { message: 'another box command is still at work' });
  await unlock();
  await (await box.machine.lock(0))();
});

test('every command explains itself', async (t) => {
  const box = await TemporaryBox.booted(t);
  for (const name of [
    'init',
    'ready',
    'status',
    'account add',
    'account list',
    'account remove',
    'account password',
    'account quota',
    'account promote',
    'account demote',
    'account codes-off',
    'alias add',
    'alias list',
    'alias remove',
  ]) {
    t.is(await box.box(...name.split(' '), '--help'), 0);
    t.regex(box.said[0] ?? '', new RegExp(`^usage: box ${name}`));
  }
  t.is(await box.box('account', '--help'), 0);
  t.is(await box.box('--version'), 0);
  t.deepEqual(box.said, ['box 0.1.0 (image example, some-release)']);
});

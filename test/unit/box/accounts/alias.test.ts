/** `box alias` and `box account quota`, as commands on a box of their own. */
import test from 'ava';
import { TemporaryBox } from '../temporary-box.ts';

async function boxWithYou(...[t]: Parameters<typeof TemporaryBox.booted>): Promise<TemporaryBox> {
  const box = await TemporaryBox.booted(t);
  box.answer = ([program]) =>
    program === 'doveadm' ? { out: `{SHA512-CRYPT}$6$salt$${'y'.repeat(86)}\n` } : undefined;
  await box.box('account', 'add', 'you@example.com');
  return box;
}

interface Row {
  readonly source: string;
  readonly destinations: string[];
  readonly permittedSenders: string[] | null;
  readonly required: boolean;
}
async function aliases(box: TemporaryBox): Promise<Row[]> {
  await box.box('alias', 'list', '--json');
  return JSON.parse(box.said.join('\n')) as Row[];
}
const own = async (box: TemporaryBox) => (await aliases(box)).filter(({ required }) => !required);

test('an alias of a new domain: required aliases, DKIM tables, and OpenDKIM is told', async (t) => {
  const box = await boxWithYou(t);
  t.is(await box.box('alias', 'add', 'info@new.example', 'you@example.com'), 0, box.complaints.join());
  t.deepEqual(box.said, ['info@new.example -> you@example.com']);
  t.true(box.ran.includes('service opendkim reload'));
  t.regex(box.read('/etc/opendkim/SigningTable'), /^\*@new\.example new\.example$/m);
  const sources = (await aliases(box)).filter(({ required }) => required).map(({ source }) => source);
  for (const name of ['postmaster', 'admin', 'abuse']) t.true(sources.includes(`${name}@new.example`), name);
  await box.init(t);
  t.true(
    box.report().steps.every(({ result }) => result === 'done'),
    'the next boot has nothing left to do',
  );
});

test('permitted senders are kept and shown', async (t) => {
  const box = await boxWithYou(t);
  const senders = ['--permitted-senders', 'you@example.com'];
  t.is(await box.box('alias', 'add', 'news@example.com', 'me@example.com', ...senders), 0);
  t.deepEqual(box.said, ['news@example.com -> me@example.com; may be sent as by you@example.com']);
  t.deepEqual((await own(box)).at(-1), {
    source: 'news@example.com',
    destinations: ['me@example.com'],
    permittedSenders: ['you@example.com'],
    required: false,
  });
  await box.box('alias', 'list');
  t.true(box.said.includes('news@example.com -> me@example.com; may be sent as by you@example.com'));
  t.true(box.said.includes('postmaster@example.com -> administrator@box.example.com (required)'));
});

test('an alias is changed only when asked to be', async (t) => {
  const box = await boxWithYou(t);
  await box.box('alias', 'add', 'a@example.com', 'you@example.com');
  t.is(await box.box('alias', 'add', 'a@example.com', 'me@example.com'), 1);
  t.regex(box.complaints[0] ?? '', /an alias already: a@example\.com -> you@example\.com -> .*--replace/);
  t.is(await box.box('alias', 'add', 'a@example.com', 'me@example.com', '--replace'), 0);
  t.deepEqual((await own(box)).at(-1)?.destinations, ['me@example.com']);
});

test('the administrator’s alias can lead elsewhere, and comes back when it is removed', async (t) => {
  const box = await boxWithYou(t);
  const source = 'administrator@box.example.com';
  t.is(await box.box('alias', 'add', source, 'you@example.com', '--replace'), 1);
  t.regex(box.complaints[0] ?? '', /take over the domain.* -> lead it to an administrator/);
  t.is(await box.box('alias', 'remove', source), 0);
  t.deepEqual(box.said, [`${source} is removed; since a box must have it: ${source} -> me@example.com`]);
});

test('an account’s mail can go elsewhere, and the command says what that means', async (t) => {
  const box = await boxWithYou(t);
  await box.box('alias', 'add', 'you@example.com', 'me@example.com');
  t.regex(box.said[1] ?? '', /^note: you@example\.com is an account, and new mail no longer reaches/);
  await box.box('alias', 'add', 'you@example.com', 'me@example.com,you@example.com', '--replace');
  t.is(box.said.length, 1);
});

test('an alias that is removed takes its domain along', async (t) => {
  const box = await boxWithYou(t);
  await box.box('alias', 'add', 'info@new.example', 'you@example.com');
  t.is(await box.box('alias', 'remove', 'INFO@new.example'), 0);
  t.deepEqual(box.said, ['info@new.example is removed']);
  t.notRegex(box.read('/etc/opendkim/SigningTable'), /new\.example/);
  t.false((await aliases(box)).some(({ source }) => source.endsWith('@new.example')));
});

const refused: [what: string, argv: string[], complaint: RegExp, code: number][] = [
  ['one operand', ['alias', 'add', 'a@example.com'], /usage: box alias add SOURCE DESTINATION/, 2],
  ['nobody', ['alias', 'add', 'a@example.com', 'nobody@example.com'], /which is nobody on this box -> /, 1],
  ['an unknown alias', ['alias', 'remove', 'a@example.com'], /there is no alias a@example\.com -> see:/, 1],
  [
    'a required one',
    ['alias', 'remove', 'postmaster@example.com'],
    /every mail domain must have -> to lead it elsewhere: box alias add postmaster@example\.com/,
    1,
  ],
  ['a quota of words', ['account', 'quota', 'me@example.com', 'plenty'], /plenty is not a quota -> /, 1],
  ['a quota of nobody', ['account', 'quota', 'x@example.com', '1G'], /there is no account x@example\.com/, 1],
];
for (const [what, argv, complaint, code] of refused) {
  test(`refused: ${what}`, async (t) => {
    const box = await boxWithYou(t);
    const before = box.tree('/home/user-data/mail');
    t.is(await box.box(...argv), code);
    t.is(box.complaints.length, 1);
    t.regex(box.complaints[0] ?? '', complaint);
    const bytes = ([name, text]: [string, string]) => [name, text.split(' ').at(-1)];
    t.deepEqual(
      Object.entries(box.tree('/home/user-data/mail')).map(bytes),
      Object.entries(before).map(bytes),
    );
  });
}

test('an account that aliases need is not removed from under them', async (t) => {
  const box = await boxWithYou(t);
  await box.box('alias', 'add', 'sales@example.com', 'you@example.com');
  t.is(await box.box('account', 'remove', 'you@example.com'), 1);
  t.regex(box.complaints[0] ?? '', /the alias sales@example\.com would lead to you@example\.com/);
  await box.box(
    'alias',
    'add',
    'sales@example.com',
    'me@example.com',
    '--replace',
    '--permitted-senders',
    'you@example.com',
  );
  t.is(await box.box('account', 'remove', 'you@example.com'), 1);
  t.regex(
    box.complaints[0] ?? '',
    /is a permitted sender of the alias sales@example\.com -> first: box alias/,
  );
  await box.box('alias', 'remove', 'sales@example.com');
  t.is(await box.box('account', 'remove', 'you@example.com'), 0, box.complaints.join());
});

test('an alias that another needs is not removed from under it', async (t) => {
  const box = await boxWithYou(t);
  await box.box('alias', 'add', 'sales@example.com', 'you@example.com');
  await box.box('alias', 'add', 'shop@example.com', 'sales@example.com');
  t.is(await box.box('alias', 'remove', 'sales@example.com'), 1);
  t.regex(box.complaints[0] ?? '', /the alias shop@example\.com would lead to sales@example\.com/);
});

test('a quota is kept and shown; 0 is none', async (t) => {
  const box = await boxWithYou(t);
  t.is(await box.box('account', 'quota', 'you@example.com', '500m'), 0);
  t.deepEqual(box.said, ['the quota of you@example.com is 500M']);
  await box.box('account', 'list');
  t.deepEqual(box.said, ['me@example.com (admin)', 'you@example.com (quota 500M)']);
  await box.box('account', 'quota', 'you@example.com', '0');
  t.deepEqual(box.said, ['you@example.com has no quota']);
  await box.box('account', 'list');
  t.deepEqual(box.said, ['me@example.com (admin)', 'you@example.com']);
});

/** The rules of aliases and quotas, on data alone. */
import test from 'ava';
import fc from 'fast-check';
import { isReserved } from '../../../../box/mail/address.ts';
import { type AliasWish, aliasOf, refuseNewlyBroken } from '../../../../box/mail/aliases.ts';
import { quotaOf } from '../../../../box/mail/quota.ts';
import { type Alias, autoAliases, type MailData } from '../../../../box/mail/required-aliases.ts';
import { endsOf, withoutTag } from '../../../../box/mail/routing.ts';

const host = 'box.example.com';
const user = (email: string, privileges = '') => ({ email, privileges, quota: '0', locked: false });

/** A box with these aliases (`source` -> `destination`), an administrator and another account. */
function mailData(aliases: Readonly<Record<string, string>> = {}): MailData {
  const own: Alias[] = Object.entries({ [`administrator@${host}`]: 'me@example.com', ...aliases }).map(
    ([source, destination]) => ({ source, destination, permittedSenders: null }),
  );
  const data = {
    users: [user('me@example.com', 'admin'), user('you@example.com')],
    aliases: own,
    autoAliases: [] as Alias[],
  };
  return { ...data, autoAliases: autoAliases(host, data) };
}

const alias = (wish: AliasWish, data = mailData()) => aliasOf(wish, host, data);
const pair = (source: string, destination: string) => ({ source, destination });

const taken: readonly (readonly [what: string, wish: AliasWish, source: string, destination: string])[] = [
  ['one account', pair('sales@example.com', 'you@example.com'), 'sales@example.com', 'you@example.com'],
  [
    'several',
    pair('all@example.com', ' me@example.com, you@example.com,'),
    'all@example.com',
    'me@example.com,you@example.com',
  ],
  ['one twice', pair('a@example.com', 'you@example.com,YOU@example.com'), 'a@example.com', 'you@example.com'],
  [
    'outside',
    pair('a@example.com', 'Some.One@elsewhere.example'),
    'a@example.com',
    'Some.One@elsewhere.example',
  ],
  ['capitals', pair('Sales@Example.COM', 'You@example.com'), 'sales@example.com', 'you@example.com'],
  [
    'an international domain',
    pair('info@Bücher.example', 'you@example.com'),
    'info@xn--bcher-kva.example',
    'you@example.com',
  ],
  [
    'an international destination',
    pair('a@example.com', 'x@bücher.example'),
    'a@example.com',
    'x@xn--bcher-kva.example',
  ],
  ['a catch-all', pair('@new.example', 'you@example.com'), '@new.example', 'you@example.com'],
  ['a whole domain', pair('@new.example', '@example.com'), '@new.example', '@example.com'],
  [
    'a whole domain elsewhere',
    pair('@new.example', '@elsewhere.example'),
    '@new.example',
    '@elsewhere.example',
  ],
  [
    'a tag',
    pair('sales+x@example.com', 'you+sales@example.com'),
    'sales+x@example.com',
    'you+sales@example.com',
  ],
  ['an apostrophe', pair("o'neill@example.com", 'you@example.com'), "o'neill@example.com", 'you@example.com'],
  [
    'an account and a copy',
    pair('you@example.com', 'you@example.com,me@example.com'),
    'you@example.com',
    'you@example.com,me@example.com',
  ],
  [
    'a reserved name for an administrator',
    pair('abuse@example.com', 'me@example.com'),
    'abuse@example.com',
    'me@example.com',
  ],
  [
    'one reserved name for another',
    pair('webmaster@example.com', 'postmaster@example.com'),
    'webmaster@example.com',
    'postmaster@example.com',
  ],
  [
    'sixty-four octets',
    pair(`${'n'.repeat(64)}@example.com`, 'you@example.com'),
    `${'n'.repeat(64)}@example.com`,
    'you@example.com',
  ],
];
for (const [what, wish, source, destination] of taken) {
  test(`an alias may be: ${what}`, (t) => {
    t.deepEqual(alias(wish), { source, destination, permittedSenders: null });
  });
}

const refused: readonly (readonly [what: string, wish: AliasWish, complaint: RegExp])[] = [
  ['no address', pair('sales', 'you@example.com'), /sales can't be an alias: it is no mail address/],
  ['nothing', pair('', 'you@example.com'), /nothing can't be an alias/],
  ['no destination', pair('a@example.com', ' , '), /a@example\.com has no destination/],
  ['a name without a domain as destination', pair('a@example.com', 'you'), /you can't be a destination/],
  ['a host alone', pair('a@localhost', 'you@example.com'), /a@localhost can't be an alias/],
  ['sixty-five octets', pair(`${'n'.repeat(65)}@example.com`, 'you@example.com'), /must be 1 to 64/],
  ['two dots', pair('a..b@example.com', 'you@example.com'), /single dots/],
  ['a dot at the end', pair('a.@example.com', 'you@example.com'), /single dots/],
  ['a quoted name', pair('"a b"@example.com', 'you@example.com'), /can't be an alias/],
  ['a route', pair('you%elsewhere.example@example.com', 'you@example.com'), /can't be an alias/],
  ['a bang path', pair('elsewhere.example!you@example.com', 'you@example.com'), /can't be an alias/],
  ['a program', pair('a@example.com', '|/bin/sh'), /can't be a destination/],
  ['an option', pair('-f@example.com', 'you@example.com'), /can't be an alias/],
  ['letters beyond ASCII', pair('büro@example.com', 'you@example.com'), /can't be an alias/],
  ['a line break', pair('a@example.com\nb@example.com', 'you@example.com'), /can't be an alias/],
  ['itself', pair('a@example.com', 'a@example.com'), /would lead to a@example\.com, which is nobody/],
  ['a domain to itself', pair('@example.com', '@Example.com'), /would lead to itself/],
  ['a name to a whole domain', pair('a@example.com', '@elsewhere.example'), /stands for a whole domain/],
  ['a domain to two', pair('@new.example', '@example.com,you@example.com'), /stands for a whole domain/],
  [
    'nobody here',
    pair('a@example.com', 'nobody@example.com'),
    /would lead to nobody@example\.com, which is nobody/,
  ],
  [
    'a reserved name for anyone',
    pair('postmaster@example.com', 'you@example.com'),
    /used to take over the domain, and you@/,
  ],
  [
    'a reserved name with a tag',
    pair('admin+x@example.com', 'you@example.com'),
    /used to take over the domain/,
  ],
  [
    'a reserved name for somebody elsewhere',
    pair('hostmaster@example.com', 'x@elsewhere.example'),
    /no administrator/,
  ],
  [
    'a permitted sender who is no account',
    { ...pair('a@example.com', 'you@example.com'), permittedSenders: 'sales@example.com' },
    /sales@example\.com may not be a permitted sender/,
  ],
];
for (const [what, wish, complaint] of refused) {
  test(`an alias may not be: ${what}`, (t) => {
    const error = t.throws(() => alias(wish), { message: complaint }) as Error & { hint?: string };
    t.truthy(error.hint);
  });
}

test('a circle is refused, however long', (t) => {
  const data = mailData({ 'b@example.com': 'c@example.com', 'c@example.com': 'me@example.com' });
  t.throws(() => alias(pair('c@example.com', 'b@example.com'), data), { message: /in a circle/ });
  t.throws(() => alias(pair('c@example.com', 'b+tag@example.com'), data), { message: /in a circle|nobody/ });
});

test('permitted senders alone make an address for sending', (t) => {
  const wish = {
    source: 'a@example.com',
    destination: '',
    permittedSenders: 'you@example.com,me@example.com',
  };
  t.deepEqual(alias(wish), {
    source: 'a@example.com',
    destination: '',
    permittedSenders: 'you@example.com,me@example.com',
  });
});

test('where an address ends', (t) => {
  const data = mailData({
    'sales@example.com': 'you@example.com',
    'all@example.com': 'sales@example.com,me@example.com,x@elsewhere.example',
    '@caught.example': 'you@example.com',
    '@other.example': '@example.com',
    'send@example.com': '',
    'one@loop.example': 'two@loop.example',
    'two@loop.example': 'one@loop.example',
  });
  const ends = (address: string) => endsOf(address, host, data).map((end) => `${end.at} ${end.address}`);
  t.deepEqual(ends('you@example.com'), ['mailbox you@example.com']);
  t.deepEqual(ends('you+tag@example.com'), ['mailbox you@example.com']);
  t.deepEqual(ends('sales+tag@example.com'), ['mailbox you@example.com']);
  t.deepEqual(ends('all@example.com'), [
    'mailbox you@example.com',
    'mailbox me@example.com',
    'outside x@elsewhere.example',
  ]);
  t.deepEqual(ends('whoever@caught.example'), ['mailbox you@example.com']);
  t.deepEqual(ends('sales@other.example'), ['mailbox you@example.com']);
  t.deepEqual(ends('nobody@other.example'), ['nowhere nobody@example.com']);
  t.deepEqual(ends('send@example.com'), ['nowhere send@example.com']);
  t.deepEqual(ends(`hostmaster@${host}`), ['mailbox me@example.com']);
  t.deepEqual(ends('postmaster@example.com'), ['mailbox me@example.com']);
  t.deepEqual(ends('one@loop.example'), ['loop one@loop.example']);
});

test('whatever the aliases, every address has an end', (t) => {
  const address = fc.constantFrom(
    ...['a', 'b', 'c', 'me', 'you', 'a+x'].map((name) => `${name}@example.com`),
    'a@new.example',
  );
  const source = fc.oneof(address, fc.constant('@new.example'), fc.constant('@example.com'));
  const destination = fc.oneof(
    fc.array(address, { maxLength: 3 }).map((all) => all.join(',')),
    fc.constantFrom('@example.com', '@new.example'),
  );
  fc.assert(
    fc.property(fc.dictionary(source, destination, { maxKeys: 6 }), address, (aliases, to) => {
      for (const end of endsOf(to, host, mailData(aliases))) t.truthy(end.at);
    }),
  );
  t.pass();
});

test('a change is not blamed for what was broken before', (t) => {
  const before = mailData({ 'old@example.com': 'nobody@example.com' });
  t.notThrows(() => refuseNewlyBroken(host, before, mailData({ 'old@example.com': 'nobody@example.com' })));
  t.notThrows(() => alias(pair('a@example.com', 'you@example.com'), before));
  t.throws(() => alias(pair('a@example.com', 'nobody@example.com'), before));
  const withoutYou = { users: [user('me@example.com', 'admin')] };
  const leading = mailData({ 'sales@example.com': 'you@example.com' });
  t.throws(() => refuseNewlyBroken(host, leading, { ...leading, ...withoutYou }), {
    message: /nobody on this box/,
  });
  t.notThrows(() => refuseNewlyBroken(host, before, { ...before, ...withoutYou }));
});

test('a tag is what follows the first plus, and a leading plus is none', (t) => {
  t.is(withoutTag('me+a+b@example.com'), 'me@example.com');
  t.is(withoutTag('+me@example.com'), '+me@example.com');
  t.is(withoutTag('@example.com'), '@example.com');
});

test('reserved names, with tags and capitals', (t) => {
  for (const name of ['admin', 'ADMINISTRATOR', 'postmaster+x', 'hostmaster', 'webmaster', 'abuse+a+b'])
    t.true(isReserved(`${name}@example.com`), name);
  for (const name of ['administrators', 'my-admin', 'info', 'x+admin'])
    t.false(isReserved(`${name}@example.com`), name);
});

test('quotas: none, bytes, M and G', (t) => {
  for (const [text, stored] of [
    ['0', '0'],
    ['1048576', '1048576'],
    ['500M', '500M'],
    ['2g', '2G'],
  ] as const)
    t.is(quotaOf(text), stored);
  for (const text of ['', '-1', '1.5G', '1 G', '1T', '500MB', '0M', '007', 'unlimited', '1e9', '٣G'])
    t.throws(() => quotaOf(text), { message: /is not a quota/ }, text);
});

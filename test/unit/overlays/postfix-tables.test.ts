/** The tables that Postfix asks of users.sqlite, with every key that it asks for an address. */
import test from 'ava';
import { lookUp } from './postfix-lookup.ts';

/** access(5) and virtual(5): the address with its tag and without, its domain and those above, its name alone, a catch-all. */
const keysOf = (name: string, domain: string, tag = 'tag') => [
  `${name}+${tag}@${domain}`,
  `${name}@${domain}`,
  domain,
  domain.slice(domain.indexOf('.') + 1),
  `${name}+${tag}@`,
  `${name}@`,
  name,
  `@${domain}`,
];

const account = (email: string, quota: string) =>
  `INSERT INTO users (email, password, quota) VALUES ('${email}', 'x', '${quota}')`;
const alias = (source: string, destination: string) =>
  `INSERT INTO aliases (source, destination) VALUES ('${source}', '${destination}')`;
const people = [
  account('me@example.com', '0'),
  account('old@example.com', ''),
  account('small@example.com', '30720'),
  alias('team@example.com', 'small@example.com'),
];

test('a quota of one account makes no question of the others: neither by name, tag, domain nor name without domain', (t) => {
  for (const name of ['me', 'old', 'ME']) {
    const keys = keysOf(name, 'example.com');
    const answers = lookUp('limited-accounts.cf', people, keys);
    t.deepEqual(
      keys.filter((_, i) => answers[i]?.length !== 0),
      [],
    );
  }
});

test('an account with a quota is a question, with whatever tag, and so is a name that may lead to one', (t) => {
  const keys = [
    'small@example.com',
    'Small@example.com',
    'small+tag@example.com',
    'small+a+b@example.com',
    'team@example.com',
    'team+tag@example.com',
    'nobody@example.com',
    '+small@example.com',
  ];
  t.deepEqual(
    lookUp('limited-accounts.cf', people, keys),
    keys.map(() => ['ask_quota']),
  );
  t.deepEqual(
    lookUp('limited-accounts.cf', [account('me@example.com', '0')], keys),
    keys.map(() => []),
    'no quota, no question',
  );
});

test('hostile keys find nothing and break nothing', (t) => {
  const keys = ["x'@example.com", '@', '+@', '%s@example.com', 'me+@', '', "a' OR '1'='1"];
  t.deepEqual(lookUp('limited-accounts.cf', [account('me@example.com', '0')], keys).flat(), []);
  t.deepEqual(lookUp('virtual-mailbox-maps.cf', people, keys).flat(), []);
});

test('parts of an address are nobody in the other tables either, but for a whole domain where an alias has one', (t) => {
  const parts = keysOf('me', 'example.com').filter((key) => !/.@./.test(key));
  for (const table of [
    'virtual-mailbox-maps.cf',
    'virtual-alias-maps.cf',
    'sender-login-maps.cf',
    'system-alias-maps.cf',
    'domain-alias-maps.cf',
  ]) {
    t.deepEqual(lookUp(table, people, parts).flat(), [], table);
  }
  const all = [...people, alias('@example.com', 'me@example.com')];
  t.deepEqual(lookUp('virtual-alias-maps.cf', all, parts).flat(), ['me@example.com']);
  const domains = ['example.com', 'com', 'ample.com', '@example.com', 'me@example.com'];
  t.deepEqual(
    lookUp('virtual-mailbox-domains.cf', people, domains).map((rows) => rows.length > 0),
    [true, false, false, false, false],
  );
});

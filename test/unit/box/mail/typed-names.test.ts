/** One way from what people type to what is kept: names of domains, addresses, log-ins. */
import test from 'ava';
import { accountAddress } from '../../../../box/mail/address.ts';
import { loginName, spellingsOf } from '../../../../box/mail/typed.ts';
import { asciiName } from '../../../../contract/idna.ts';

const decomposed = 'bücher.example'.normalize('NFD');

const kept: [typed: string, kept: string][] = [
  ['O.K@Example.com', 'o.k@example.com'],
  ['o.k@example.com ', 'o.k@example.com'],
  ['\to.k@example.com\r\n', 'o.k@example.com'],
  ['\u00a0o.k@example.com\u00a0', 'o.k@example.com'],
  ['o.k＠example.com', 'o.k@example.com'],
  ['o.k@ｅxample。com', 'o.k@example.com'],
  ['me@bücher.example', 'me@xn--bcher-kva.example'],
  ['Me@BÜCHER.Example', 'me@xn--bcher-kva.example'],
  [`me@${decomposed}`, 'me@xn--bcher-kva.example'],
  ['me@XN--BCHER-KVA.example', 'me@xn--bcher-kva.example'],
  ['me@straße.example', 'me@xn--strae-oqa.example'],
  ['me@例え.example', 'me@xn--r8jz45g.example'],
];

for (const [typed, address] of kept)
  test(`${JSON.stringify(typed)} is ${address}, for accounts and for log-ins`, (t) => {
    t.is(accountAddress(typed), address);
    t.is(loginName(typed), address);
  });

for (const typed of [
  '',
  '@',
  'me',
  'me@',
  '@example.com',
  'me @example.com',
  'me@exa mple.com',
  'me@“example”.com',
  'me@%65xample.com',
  'me@i❤.example',
  'a@b@example.com',
  'me@.example.com',
  'me@exa_mple.com',
  'me@example.com.',
])
  test(`${JSON.stringify(typed)} is no account, and as a log-in nobody`, (t) => {
    t.throws(() => accountAddress(typed));
    t.notThrows(() => loginName(typed));
  });

test('names of DNS keep their underscores and stars, each label is put into ASCII', (t) => {
  t.is(asciiName('_dmarc.Bücher.example'), '_dmarc.xn--bcher-kva.example');
  t.is(asciiName('*.bücher.example.'), '*.xn--bcher-kva.example.');
  t.is(asciiName('1.2.3'), '1.2.3');
  t.is(asciiName('“bücher”.example'), undefined);
});

test('a domain that is not in ASCII has the spellings that people and their programs send', (t) => {
  t.deepEqual(spellingsOf('xn--bcher-kva.example'), ['bücher.example', decomposed, 'bÜcher.example']);
  t.deepEqual(spellingsOf('xn--strae-oqa.example'), ['straße.example']);
  t.true(spellingsOf('xn--l-0ga.example').includes('Öl.example'));
  t.deepEqual(spellingsOf('example.com'), []);
  t.deepEqual(spellingsOf('xn--zzzz.example'), []);
});

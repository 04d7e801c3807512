/** Domain names that are not ASCII: what a registry could take, by IDNA 2008 (RFC 5891 to 5893), and nothing else. */
import test from 'ava';
import { accountAddress } from '../../../box/mail/address.ts';
import { addressIn } from '../../../box/mail/aliases.ts';
import { adviceFor } from '../../../builder/config/mistakes.ts';
import { publicName } from '../../../builder/config/rules/names.ts';
import { asciiName, strangeCharacter } from '../../../contract/idna.ts';

test('letters, marks and digits of any script, in the one form that is kept', (t) => {
  for (const [said, kept] of [
    ['box.example.com', 'box.example.com'],
    ['BÜCHER.example', 'xn--bcher-kva.example'],
    ['bu\u0308cher.example', 'xn--bcher-kva.example'],
    ['xn--bcher-kva.example', 'xn--bcher-kva.example'],
    ['XN--BCHER-KVA.example', 'xn--bcher-kva.example'],
    ['straße.example', 'xn--strae-oqa.example'],
    ['βόλος.example', 'xn--nxasmm1c.example'],
    ['例え。テスト', 'xn--r8jz45g.xn--zckzah'],
    ['ｂｏｘ．example', 'box.example'],
    ['почта.рф', 'xn--80a1acny.xn--p1ai'],
    ['भारत.example', 'xn--h2brj9c.example'],
    ['paral·lel.example', 'xn--parallel-koa.example'],
    ['ラーメン・屋.example', asciiName('ラーメン・屋.example')],
    ['क्\u200Dष.example', asciiName('क्\u200Dष.example')],
    ['نامه\u200Cای.example', asciiName('نامه\u200Cای.example')],
    ['a.b.c', 'a.b.c'],
  ] as const) {
    t.is(asciiName(said), kept, said);
    t.truthy(kept, said);
  }
});

test('what no name may have is none, in letters and as the punycode that stands for it', (t) => {
  for (const said of [
    '“box”.example.com',
    'box”.example.com',
    '‘box’.example.com',
    '«box».example.com',
    '„box“.example.com',
    'my–box.example.com',
    'my—box.example.com',
    'I♥NY.example',
    '💥.example',
    '☃.net',
    '€uro.example',
    '½.example.com',
    '℃.example',
    'a\u00A0b.example.com',
    'a\u202Eb.example.com',
    'a\u200Eb.example.com',
    'a\u200Db.example.com',
    'a\u200Cb.example.com',
    'a·b.example.com',
    '\u0301a.example.com',
    'שa.example.com',
    'ـa.example',
    '٠۰.example',
    '・.example',
    '\u{378}.example',
    '\uE000.example',
    'xn--box-2o0ai.example.com',
    'xn--n3h.net',
    'xn--a.example.com',
    'xn--.example.com',
    'xn--box-.example.com',
  ])
    t.is(asciiName(said), undefined, JSON.stringify(said));
});

test('box.yaml: a name within quotes, with blanks or dashes of a word processor is told as it was meant', (t) => {
  for (const said of [
    '“box.example.com”',
    '‘box.example.com’',
    '„box.example.com“',
    '«box.example.com»',
    '"box.example.com"',
    ' box.example.com\u00A0',
    '\uFEFFbox.example.com',
    'box.example.com\u200B',
    'https://box.example.com/',
    'Box.Example.com.',
    'ｂｏｘ.example.com',
    'b\u00ADox.example.com',
  ])
    t.is(adviceFor('box.hostname', said), 'write box.example.com', JSON.stringify(said));
  t.is(adviceFor('box.hostname', 'my–box.example.com'), 'write my-box.example.com');
  t.is(adviceFor('box.hostname', 'bücher.example'), 'write xn--bcher-kva.example');
  t.is(adviceFor('box.admin.email', '“me@example.com”'), 'write me@example.com');
});

test('box.yaml: what can’t be meant is named, and never told as punycode', (t) => {
  t.is(adviceFor('box.hostname', '“box”.example.com'), "a name in DNS can't have “ (U+201C): leave it out");
  t.is(adviceFor('box.hostname', 'b💥x.example.com'), "a name in DNS can't have 💥 (U+1F4A5): leave it out");
  t.is(adviceFor('box.hostname', 'b\u202Eox.example.com'), "a name in DNS can't have U+202E: leave it out");
  t.is(adviceFor('box.admin.email', 'me@“example”.com'), "a name in DNS can't have “ (U+201C): leave it out");
  t.is(strangeCharacter('שa.example'), undefined, 'each letter is one, but not beside the other');
  for (const name of ['xn--box-2o0ai.example.com', 'xn--n3h.net'])
    t.regex(publicName(['box', 'hostname'], name)[0]?.rule ?? '', /xn-- part that is not valid/);
  t.deepEqual(publicName(['box', 'hostname'], 'xn--bcher-kva.de'), []);
});

test('addresses of accounts and aliases: the same names', (t) => {
  t.is(accountAddress('me@bücher.example'), 'me@xn--bcher-kva.example');
  t.is(addressIn('sales@bücher.example', 'an alias'), 'sales@xn--bcher-kva.example');
  for (const said of ['me@“example”.com', 'me@exam–ple.com', 'me@ex💥.com', 'me@xn--n3h.net']) {
    t.throws(() => accountAddress(said), { message: /is not a mail address/ }, said);
    t.throws(() => addressIn(said, 'an alias'), { message: /is no mail address/ }, said);
  }
});

/** Who is sent a report: as the domain's DNS says, and where that is another organisation, as its DNS agrees. */
import test from 'ava';
import { dmarcAsks, tlsAsks } from '../../../../../box/reports/sending/asked.ts';
import { organisationOf, readSuffixes } from '../../../../../box/reports/sending/organisation.ts';
import { dnsOf, type Names } from './names.ts';

const list = readSuffixes('// a comment\n\ncom\nexample\nuk\nco.uk\n*.ck\n!www.ck\ngithub.io\nio\n');
const dmarc = async (names: Names, domain = 'a.example') =>
  (await dmarcAsks(domain, dnsOf(names), list)).receivers.map(({ address, most }) =>
    Number.isFinite(most) ? `${address} ${most}` : address,
  );
const asks = (rua: string) => ({ '_dmarc.a.example': `v=DMARC1; p=none; rua=${rua}; fo=1:d` });

test('addresses of the domain itself, each once, of four at most; a size limit goes with its address', async (t) => {
  t.deepEqual(await dmarc(asks('mailto:x@a.example')), ['x@a.example']);
  t.deepEqual(
    await dmarc(asks('mailto:x@a.example!10m , MAILTO:y@sub.a.example!1k,mailto:x@a.example!10m')),
    ['x@a.example 10485760', 'y@sub.a.example 1024'],
  );
  t.is((await dmarc(asks('abcdefg'.replace(/./g, 'mailto:$&@a.example,')))).length, 4);
  t.is((await dmarcAsks('a.example', dnsOf(asks('mailto:x@a.example')), list)).fo, '1:d');
});

test('who is not asked to be told gets nothing: no record, two of them, another version, no address', async (t) => {
  t.deepEqual(await dmarc({}), []);
  const one = 'v=DMARC1; p=none; rua=mailto:x@a.example';
  t.deepEqual(await dmarc({ '_dmarc.a.example': [one, one] }), []);
  t.deepEqual(await dmarc({ '_dmarc.a.example': [one, 'v=spf1 -all'] }), ['x@a.example']);
  t.deepEqual(await dmarc({ '_dmarc.a.example': one.replace('DMARC1', 'DMARC10') }), []);
  for (const uri of [
    'https://a.example/dmarc',
    'mailto:',
    'mailto:-oQ/tmp@a.example',
    'mailto:x@a.example%0aBcc: y@b.example',
    'mailto:"x y"@a.example',
    'mailto:x@localhost',
    'mailto:x@[192.0.2.1]',
    'mailto:%zz@a.example',
    'mailto:x@a.example!10x',
  ])
    t.deepEqual(await dmarc(asks(uri)), [], uri);
});

test('another organisation must have agreed (RFC 7489, 7.1), and may name another address of its host', async (t) => {
  const elsewhere = asks('mailto:x@b.example');
  t.deepEqual(await dmarc(elsewhere), []);
  const agreed = (text: string) => dmarc({ ...elsewhere, 'a.example._report._dmarc.b.example': text });
  t.deepEqual(await agreed('v=DMARC1'), ['x@b.example']);
  t.deepEqual(await agreed('v=DMARC1; rua=mailto:other@b.example'), ['other@b.example']);
  t.deepEqual(await agreed('v=DMARC1; rua=mailto:x@victim.example'), ['x@b.example']);
  t.deepEqual(await agreed('no'), []);
  await t.throwsAsync(agreed('broken'), { name: 'LookupFailed' });
});

test('organisations are told apart by the list of public suffixes; without it a name is its own', async (t) => {
  for (const [name, organisation] of [
    ['a.b.example.co.uk', 'example.co.uk'],
    ['example.com', 'example.com'],
    ['me.github.io', 'me.github.io'],
    ['a.b.c.ck', 'b.c.ck'],
    ['a.www.ck', 'www.ck'],
    ['a.unknown', 'a.unknown'],
    ['x.a.unknown', 'a.unknown'],
    ['co.uk', 'co.uk'],
  ] as const)
    t.is(organisationOf(name, list), organisation, name);
  t.is(organisationOf('a.b.example', readSuffixes()), 'a.b.example');
  const parent = {
    '_dmarc.x.me.github.io': 'v=DMARC1; p=none; rua=mailto:a@github.io,mailto:b@me.github.io',
  };
  t.deepEqual(await dmarc(parent, 'x.me.github.io'), ['b@me.github.io']);
});

test('of encryption it is told wherever the domain wants, by mail alone', async (t) => {
  const record = 'v=TLSRPTv1; rua=mailto:x@b.example,https://b.example/v1/tlsrpt';
  const { receivers } = await tlsAsks('a.example', dnsOf({ '_smtp._tls.a.example': record }));
  t.deepEqual(
    receivers.map(({ address }) => address),
    ['x@b.example'],
  );
  t.deepEqual((await tlsAsks('a.example', dnsOf({}))).receivers, []);
});

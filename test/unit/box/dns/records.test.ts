/** What stands in the zones: Mail-in-a-Box v75's records, and its rules for the owner's own. */
import test from 'ava';
import { judge, readCustom } from '../../../../box/dns/custom.ts';
import { byName, quotedStrings } from '../../../../box/dns/record.ts';
import { makeZones, zoneNames } from '../../../../box/dns/records.ts';
import type { DnsFacts } from '../../../../box/dns/zones.ts';
import { facts, written } from './facts.ts';

/** `TYPE VALUE` of all records at a name. */
function at(name: string, changed: Partial<DnsFacts> = {}): string[] {
  const { zones } = makeZones({ ...facts, ...changed });
  const records = zones.flatMap((zone) => zone.records);
  return records.filter((record) => record.name === name).map(({ type, value }) => `${type} ${value}`);
}

const custom = (...records: [name: string, type: string, value: string][]) => ({
  custom: records.map((record) => written(...record)),
});
const why = (changed: Partial<DnsFacts>) => makeZones({ ...facts, ...changed }).refused.map((r) => r.why);

test('a zone for each topmost domain', (t) => {
  const names = (...mailDomains: string[]) => zoneNames({ hostname: 'box.example.com', mailDomains });
  t.deepEqual(names(), ['box.example.com']);
  t.deepEqual(names('example.com', 'box.example.com', 'a.b.example.com'), ['example.com']);
  t.deepEqual(names('other.example', 'notexample.com'), [
    'box.example.com',
    'notexample.com',
    'other.example',
  ]);
});

test('a mail domain', (t) => {
  t.deepEqual(at('example.com'), [
    'A 192.0.2.25',
    'AAAA 2001:db8::25',
    'MX 10 box.example.com.',
    'NS ns1.box.example.com.',
    'NS ns2.box.example.com.',
    'TXT v=spf1 mx -all',
  ]);
  t.regex(at('mail._domainkey.example.com').join(), /^TXT v=DKIM1; .*p=MIIB/);
  t.deepEqual(at('_dmarc.example.com'), [
    'TXT v=DMARC1; p=quarantine; rua=mailto:mail-reports@box.example.com',
  ]);
  t.deepEqual(at('_smtp._tls.example.com'), ['TXT v=TLSRPTv1; rua=mailto:mail-reports@box.example.com']);
});

test('the box agrees to be sent reports about domains that are not of its own name, and about no others', (t) => {
  const mailDomains = [
    'box.example.com',
    'example.com',
    'in.box.example.com',
    'other.example',
    'next.example.com',
  ];
  const agreed = (domain: string) => at(`${domain}._report._dmarc.box.example.com`, { mailDomains });
  t.deepEqual(agreed('other.example'), ['TXT v=DMARC1']);
  t.deepEqual(agreed('next.example.com'), ['TXT v=DMARC1'], 'for all that the box knows');
  for (const domain of ['box.example.com', 'example.com', 'in.box.example.com', 'third.example'])
    t.deepEqual(agreed(domain), [], domain);
  t.deepEqual(at('_dmarc.other.example', { mailDomains }), [
    'TXT v=DMARC1; p=quarantine; rua=mailto:mail-reports@box.example.com',
  ]);
});

test('the box itself', (t) => {
  t.deepEqual(at('box.example.com'), [
    'A 192.0.2.25',
    'AAAA 2001:db8::25',
    'CAA 0 issue "letsencrypt.org"',
    'MX 10 box.example.com.',
    `SSHFP 4 2 ${'cd'.repeat(32)}`,
    'TXT v=spf1 mx -all',
  ]);
  for (const port of [25, 443, 587, 993, 995])
    t.deepEqual(at(`_${port}._tcp.box.example.com`), [`TLSA 3 1 1 ${'ab'.repeat(32)}`]);
  t.deepEqual(at('_80._tcp.box.example.com'), [], 'it speaks no TLS');
  t.deepEqual(at('_465._tcp.box.example.com'), [], 'this image has no such port');
  t.deepEqual(at('_465._tcp.box.example.com', { ports: [465] }).length, 1);
});

test('a host that takes no mail says so', (t) => {
  for (const host of [
    'www.example.com',
    'ns1.box.example.com',
    'autoconfig.example.com',
    'mta-sts.example.com',
  ]) {
    t.deepEqual(at(host), ['A 192.0.2.25', 'AAAA 2001:db8::25', 'MX 0 .', 'TXT v=spf1 -all'], host);
    t.deepEqual(at(`_dmarc.${host}`), ['TXT v=DMARC1; p=reject;'], host);
  }
  const shop = custom(['shop.example.com', 'A', '192.0.2.80'], ['shop.example.com', 'TXT', 'v=spf1 a -all']);
  t.deepEqual(at('shop.example.com', shop), ['A 192.0.2.80', 'MX 0 .', 'TXT v=spf1 a -all']);
  t.deepEqual(at('_dmarc.shop.example.com', shop), ['TXT v=DMARC1; p=reject;']);
  const wild = custom(['*.example.com', 'A', '192.0.2.80']);
  t.deepEqual(at('*.example.com', wild), ['A 192.0.2.80', 'MX 0 .', 'TXT v=spf1 -all']);
  t.deepEqual(at('_dmarc.*.example.com', wild), []);
});

test('mail programs find the servers of a domain that people have accounts in', (t) => {
  t.deepEqual(at('_imaps._tcp.example.com'), ['SRV 0 1 993 box.example.com.']);
  t.deepEqual(at('_submission._tcp.example.com'), ['SRV 0 1 587 box.example.com.']);
  t.deepEqual(at('_submissions._tcp.example.com'), []);
  t.deepEqual(at('_imaps._tcp.box.example.com'), [], 'nobody has an account there');
  t.deepEqual(at('_caldavs._tcp.example.com'), [], 'this image has no calendars');
  t.deepEqual(at('_caldavs._tcp.example.com', { dav: true }), ['SRV 0 1 443 box.example.com.']);
});

test('MTA-STS is announced only where a public authority’s certificate stands behind it', (t) => {
  t.deepEqual(at('_mta-sts.example.com'), []);
  t.deepEqual(at('_mta-sts.example.com', { certified: ['box.example.com'] }), []);
  t.deepEqual(at('_mta-sts.example.com', { certified: ['box.example.com', 'mta-sts.example.com'] }), [
    'TXT v=STSv1; id=0123456789abcdef0123',
  ]);
});

test('without an address, a key or a host key the other records are there', (t) => {
  const { ipv4, ipv6, tlsKeySha256, dkim, ...bare } = facts;
  const { zones } = makeZones({ ...bare, dkim: [], sshHostKeys: [] });
  const types = new Set(zones.flatMap(({ records }) => records.map(({ type }) => type)));
  t.deepEqual([...types].sort(), ['CAA', 'MX', 'NS', 'SRV', 'TXT']);
  t.true(zones.every(({ records }) => records.every((record) => !record.value.includes('undefined'))));
});

test('where somebody else serves the zones, they name the servers', (t) => {
  const { zones } = makeZones({ ...facts, external: 'all' });
  const records = zones.flatMap((zone) => zone.records);
  t.deepEqual(
    records.filter(({ type, name }) => type === 'NS' || /(^|\.)ns[12]\./.test(name)),
    [],
  );
  t.is(makeZones(facts).zones[0]?.records.length, records.length + 12);
});

test('the owner’s address takes the place of the box’s, an alias of all others', (t) => {
  t.deepEqual(at('www.example.com', custom(['www.example.com', 'A', '192.0.2.80'])).slice(0, 2), [
    'A 192.0.2.80',
    'MX 0 .',
  ]);
  const alias = custom(['www.example.com', 'CNAME', 'hosting.example.net']);
  t.deepEqual(at('www.example.com', alias), ['CNAME hosting.example.net.']);
  t.deepEqual(at('_dmarc.www.example.com', alias), []);
  t.deepEqual(at('www.example.com', custom(['www.example.com', 'AAAA', '2001:db8::80'])).slice(0, 2), [
    'A 192.0.2.25',
    'AAAA 2001:db8::80',
  ]);
  t.true(at('shop.example.com', custom(['shop.example.com', 'A', 'local'])).includes('A 192.0.2.25'));
  const dkim = custom(['mail._domainkey.example.com', 'CNAME', 'key.example.net']);
  t.deepEqual(at('mail._domainkey.example.com', dkim), ['CNAME key.example.net.']);
});

test('the owner’s MX, SPF, DKIM and DMARC take the place of the box’s, other texts stand beside them', (t) => {
  const own = custom(
    ['example.com', 'MX', '10 mx.example.net'],
    ['example.com', 'TXT', 'v=spf1 include:example.net -all'],
    ['example.com', 'TXT', 'some-verification=1'],
    ['_dmarc.example.com', 'TXT', 'v=DMARC1; p=reject; rua=mailto:me@example.com'],
  );
  t.deepEqual(
    at('example.com', own).filter((record) => /^(MX|TXT)/.test(record)),
    ['MX 10 mx.example.net.', 'TXT some-verification=1', 'TXT v=spf1 include:example.net -all'],
  );
  t.is(at('_dmarc.example.com', own).length, 1);
  t.deepEqual(
    at('example.com', custom(['example.com', 'MX', '20 backup.example.net.'])).filter((r) =>
      r.startsWith('MX'),
    ),
    ['MX 10 box.example.com.', 'MX 20 backup.example.net.'],
  );
  t.deepEqual(at('box.example.com', custom(['box.example.com', 'CAA', '0 issue ";"']))[2], 'CAA 0 issue ";"');
});

test('a part of the domain that other servers answer for', (t) => {
  const cut = custom(
    ['lab.example.com', 'NS', 'ns.lab.example.com'],
    ['ns.lab.example.com', 'A', '192.0.2.53'],
    ['x.lab.example.com', 'A', '192.0.2.54'],
  );
  t.deepEqual(at('lab.example.com', cut), ['NS ns.lab.example.com.']);
  t.deepEqual(at('ns.lab.example.com', cut), ['A 192.0.2.53'], 'glue, and nothing beside it');
  t.deepEqual(why(cut), ['lab.example.com is delegated to other name servers']);
});

test('the box’s MX stays beside one for when it does not answer, and no other; a null MX stands alone', (t) => {
  const mx = (...values: string[]) =>
    at(
      'example.com',
      custom(...values.map((value): [string, string, string] => ['example.com', 'MX', value])),
    ).filter((record) => /^(MX|TXT v=spf1)/.test(record));
  t.deepEqual(mx('5 mx.example.net'), ['MX 5 mx.example.net.', 'TXT v=spf1 mx a:box.example.com -all']);
  t.deepEqual(mx('1 a.example.net', '20 b.example.net')[2], 'TXT v=spf1 mx a:box.example.com -all');
  t.deepEqual(mx('1 a.example.net', '20 b.example.net').slice(0, 2), [
    'MX 1 a.example.net.',
    'MX 20 b.example.net.',
  ]);
  t.deepEqual(mx('20 box.example.com', '5 filter.example.net'), [
    'MX 20 box.example.com.',
    'MX 5 filter.example.net.',
    'TXT v=spf1 mx -all',
  ]);
  t.deepEqual(mx('20 backup.example.net')[0], 'MX 10 box.example.com.');
  t.deepEqual(mx('0 .'), ['MX 0 .', 'TXT v=spf1 a:box.example.com -all']);
  t.deepEqual(mx('10 .')[0], 'MX 0 .');
  t.deepEqual(mx('0 .', '10 mx.example.net')[0], 'MX 10 mx.example.net.');
  const certified = ['box.example.com', 'mta-sts.example.com'];
  const policy = (own: object) => at('_mta-sts.example.com', { certified, ...own }).length;
  t.is(policy({}), 1);
  t.is(policy(custom(['example.com', 'MX', '5 mx.example.net'])), 0, 'the policy would keep mail from there');
});

test('what tools print of a text is read as the text', (t) => {
  const long = 'k'.repeat(300);
  for (const [pasted, text] of [
    ['"v=spf1 include:x -all"', 'v=spf1 include:x -all'],
    ['"v=spf1 include:x " "-all"', 'v=spf1 include:x -all'],
    [`"v=DKIM1; p=${long.slice(0, 200)}"\n\t"${long.slice(200)}"`, `v=DKIM1; p=${long}`],
    [`( "v=DKIM1; k=rsa; "\n\t  "p=MIIB" )  ; ----- DKIM key mail for example.com`, 'v=DKIM1; k=rsa; p=MIIB'],
    ['x.example.com. 3600 IN TXT "one" "two"', 'onetwo'],
    ['x 300 IN TXT "one"', 'one'],
    ['3600\tIN\tTXT\t"one"', 'one'],
    ['IN TXT "one"', 'one'],
    ['"a\\"b\\\\c\\;d\\195\\188"', 'a"b\\c;dü'],
    ['v=DMARC1\\; p=none', 'v=DMARC1; p=none'],
    ['say "hello"', 'say "hello"'],
    ['"hello" she said', '"hello" she said'],
    ['"', '"'],
    ['come IN A hurry', 'come IN A hurry'],
    ['  token=1\n', 'token=1'],
  ] as const) {
    t.true(at('x.example.com', custom(['x.example.com', 'TXT', pasted])).includes(`TXT ${text}`), pasted);
  }
  const lines = (type: string, value: string) => at('x.example.com', custom(['x.example.com', type, value]));
  t.true(lines('A', '3600 IN A 192.0.2.7').includes('A 192.0.2.7'));
  t.true(lines('MX', 'x.example.com. IN MX 10 mx.example.net.').includes('MX 10 mx.example.net.'));
  t.true(
    lines('CAA', 'x.example.com. 3600 IN CAA 0 issue "letsencrypt.org"').includes(
      'CAA 0 issue "letsencrypt.org"',
    ),
  );
  t.true(lines('MX', '"10 mx.example.net"').includes('MX 10 mx.example.net.'));
  const hash = 'AB'.repeat(32);
  t.true(
    lines('TLSA', `3 1 1 ${hash.slice(0, 30)} ${hash.slice(30)}`).includes(
      `TLSA 3 1 1 ${hash.toLowerCase()}`,
    ),
  );
});

test('the owner’s policies are known in quotes and in capitals, and a key by what it holds', (t) => {
  for (const spf of [
    '"v=spf1 include:example.net -all"',
    'V=SPF1 include:example.net -all',
    '"v=spf1 " "-all"',
  ])
    t.is(
      at('example.com', custom(['example.com', 'TXT', spf])).filter((record) => /v=spf1/i.test(record))
        .length,
      1,
      spf,
    );
  t.is(at('_dmarc.example.com', custom(['_dmarc.example.com', 'TXT', '"v = DMARC1; p=none"'])).length, 1);
  const key = custom(['mail._domainkey.example.com', 'TXT', '"k=rsa; p=MIIB"']);
  t.deepEqual(at('mail._domainkey.example.com', key), ['TXT k=rsa; p=MIIB']);
});

test('a name is known in whatever letters it is written', (t) => {
  const facts = { mailDomains: ['box.example.com', 'example.com', 'xn--bcher-kva.example'] };
  for (const name of [
    'www.bücher.example',
    'WWW.BÜCHER.example.',
    ' www.xn--bcher-kva.example',
    'www.b\u0075\u0308cher.example',
  ])
    t.is(
      at('www.xn--bcher-kva.example', { ...facts, ...custom([name, 'A', '192.0.2.80']) })[0],
      'A 192.0.2.80',
      name,
    );
  const alias = custom(['_x.bücher.example', 'CNAME', 'Straße.example']);
  t.deepEqual(at('_x.xn--bcher-kva.example', { ...facts, ...alias }), ['CNAME xn--strae-oqa.example.']);
});

const refusals: [record: [string, string, string], why: RegExp][] = [
  [['elsewhere.example', 'A', '192.0.2.1'], /^no zone of this box holds the name$/],
  [['_secondary_nameserver', 'A', 'xfr:0.0.0.0/0'], /^the entry is neither a host name nor/],
  [['-x.example.com', 'A', '192.0.2.1'], /^the name is none that DNS can hold$/],
  [[`${'a'.repeat(64)}.example.com`, 'A', '192.0.2.1'], /^the name is none/],
  [['x.example.com', 'SOA', 'whatever'], /^the type is none of A, AAAA, CAA/],
  [['x.example.com', 'A', '192.0.2.256'], /^the value is not an IPv4 address or `local`$/],
  [['x.example.com', 'AAAA', 'fe80::1%eth0'], /IPv6/],
  [['x.example.com', 'MX', 'mail.example.com'], /PRIORITY HOST/],
  [['x.example.com', 'MX', '10 mail.example.com; $INCLUDE /etc/shadow'], /PRIORITY HOST/],
  [['x.example.com', 'MX', '10 192.0.2.1'], /^the value is an address, and must be the name of a host/],
  [['x.example.com', 'MX', '10 2001:db8::1'], /^the value is an address/],
  [['x.example.com', 'CNAME', '192.0.2.1'], /^the value is an address/],
  [['x.example.com', 'CNAME', '192.0.2.1.'], /^the value is an address/],
  [['x.example.com', 'NS', '192.0.2.1'], /^the value is an address/],
  [['x.example.com', 'SRV', '0 1 443 192.0.2.1'], /^the value is an address/],
  [['x.example.com', 'SRV', '0 1 443 [2001:db8::1]'], /^the value is an address/],
  [['x.example.com', 'MX', '10 “mx”.example.net'], /PRIORITY HOST/],
  [['x.example.com', 'MX', 'x.example.com. 60 IN A 192.0.2.1'], /line of a zone file, of the type A/],
  [['x.example.com', 'A', 'y.example.com. 60 IN A 192.0.2.1'], /line of a zone file, for y\.example\.com\./],
  [['x.example.com', 'TXT', 'one\ntwo'], /on one line/],
  [['x.example.com', 'TXT', '"\\255"'], /a text of/],
  [['www', 'A', '192.0.2.1'], /give it whole, such as www\.example\.com/],
  [['“www”.example.com', 'A', '192.0.2.1'], /none that DNS can hold/],
  [['x.example.com', 'CNAME', 'two words'], /another host name/],
  [['x.example.com', 'CNAME', 'x.example.com'], /an alias of itself/],
  [['x.example.com', 'SSHFP', '4 2 abcd'], /FINGERPRINT/],
  [['x.example.com', 'CAA', '256 issue "x"'], /FLAGS TAG VALUE/],
  [['x.example.com', 'TXT', ''], /a text of/],
  [['example.com', 'NS', 'ns.example.net'], /^the box itself must answer for /],
  [['*.example.com', 'NS', 'ns.example.net'], /wildcard/],
  [['example.com', 'CNAME', 'www.example.net'], /needs other records at this name/],
  [['box.example.com', 'A', '192.0.2.1'], /can’t be changed/],
  [['_25._tcp.box.example.com', 'CNAME', 'x.example.net'], /own record stands/],
];
for (const [record, reason] of refusals) {
  test(`refused, and nothing else is lost: ${record.join(' ').slice(0, 60)}`, (t) => {
    const { zones, refused } = makeZones({ ...facts, ...custom(record) });
    t.is(refused.length, 1);
    t.regex(refused[0]?.why ?? '', reason);
    t.deepEqual(zones, makeZones(facts).zones);
  });
}

test('an alias beside another record of the owner’s is refused, the other stands', (t) => {
  const both = custom(['x.example.com', 'CNAME', 'y.example.net'], ['x.example.com', 'A', '192.0.2.1']);
  t.deepEqual(why(both), ['an alias can’t have other records']);
  t.is(at('x.example.com', both)[0], 'A 192.0.2.1');
  const two = custom(
    ['x.example.com', 'CNAME', 'y.example.net'],
    ['x.example.com', 'CNAME', 'z.example.net'],
  );
  t.deepEqual(at('x.example.com', two), ['CNAME y.example.net.']);
});

test('names of hosts: whole with a dot in them, in the zone without', (t) => {
  const value = (type: string, text: string) => {
    const judged = judge(written('a.b.example.com', type, text), new Set(['example.com']));
    return 'record' in judged ? judged.record.value : undefined;
  };
  t.is(value('MX', '10 Mail'), '10 mail.example.com.');
  t.is(value('MX', '010 mail.example.net'), '10 mail.example.net.');
  t.is(value('MX', '0 .'), '0 .');
  t.is(value('CNAME', '.'), undefined);
  t.is(value('SRV', '0 5 5060 sip.example.net'), '0 5 5060 sip.example.net.');
  t.is(value('CAA', '0 iodef mailto:me@example.com'), '0 iodef "mailto:me@example.com"');
});

test('custom.yaml as Mail-in-a-Box v75 writes it', async (t) => {
  const yaml = `example.com: 192.0.2.1
www.example.com:
  A: local
  TXT:
  - yes
  - '1.10'
_secondary_nameserver:
  A: ns.example.net
`;
  t.deepEqual(await readCustom(yaml), [
    written('example.com', 'A', '192.0.2.1'),
    written('www.example.com', 'A', 'local'),
    written('www.example.com', 'TXT', 'yes'),
    written('www.example.com', 'TXT', '1.10'),
    written('_secondary_nameserver', 'A', 'ns.example.net'),
  ]);
  t.deepEqual(await readCustom(''), []);
  for (const bad of ['- a', 'a: [1]', 'a: {TXT: {b: c}}', 'a: "', 'a: 1\na: 2'])
    await t.throwsAsync(readCustom(bad), { name: 'Failure', message: /custom\.yaml: / }, bad);
});

test('every record explains itself', (t) => {
  for (const { records } of makeZones({
    ...facts,
    dav: true,
    certified: ['box.example.com', 'mta-sts.example.com'],
  }).zones)
    for (const record of records) t.regex(record.why, /^[A-Z].*\.$/, `${record.name} ${record.type}`);
});

test('texts of any bytes are strings that a zone file takes', (t) => {
  t.is(quotedStrings('a "b" \\ ;'), '"a \\"b\\" \\\\ ;"');
  t.is(quotedStrings('é\n'), '"\\195\\169\\010"');
  t.is(quotedStrings('x'.repeat(256)), `"${'x'.repeat(255)}" "x"`);
});

test('a name comes before what lies below it', (t) => {
  t.deepEqual(['b.example', 'a.b.example', 'example', 'a.example'].sort(byName), [
    'example',
    'a.example',
    'b.example',
    'a.b.example',
  ]);
});

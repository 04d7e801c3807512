/** One record of `custom.yaml` is changed, and the rest of the file stays as its owner wrote it. */
import { existsSync } from 'node:fs';
import test from 'ava';
import { type Change, changedCustom } from '../../../../box/dns/custom-file.ts';
import { TemporaryBox } from '../temporary-box.ts';

const custom = '/home/user-data/dns/custom.yaml';
const change = (action: Change['action'], name: string, type: string, value?: string): Change => ({
  action,
  name,
  type,
  ...(value === undefined ? {} : { value }),
});

test('a change keeps comments, order and the way the rest is written', async (t) => {
  const text = `# my records
www.example.com: 192.0.2.1 # the old server
Shop.example.com:
  TXT:
    - "a" # first
    - b
  MX: 10 mail.example.net
`;
  const added = await changedCustom(text, change('add', 'shop.example.com', 'TXT', '1.10'));
  t.is(
    added,
    `# my records
www.example.com: 192.0.2.1 # the old server
Shop.example.com:
  MX: 10 mail.example.net
  TXT:
    - "a" # first
    - b
    - "1.10"
`,
  );
  t.is(
    await changedCustom(text, change('set', 'www.example.com', 'A', '192.0.2.2')),
    text.replace('192.0.2.1 # the old server', '192.0.2.2'),
  );
  t.is(
    await changedCustom(text, change('remove', 'shop.example.com', 'MX')),
    text.replace('  MX: 10 mail.example.net\n', ''),
  );
  t.is(
    await changedCustom(text, change('add', 'www.example.com', 'AAAA', '2001:db8::1')),
    text.replace(
      'www.example.com: 192.0.2.1 # the old server',
      'www.example.com:\n  A: 192.0.2.1 # the old server\n  AAAA: "2001:db8::1"',
    ),
  );
});

test('what is so already changes nothing', async (t) => {
  const text = 'a.example.com:\n  TXT: [x, y]\n';
  t.is(await changedCustom(text, change('add', 'a.example.com', 'TXT', 'x')), undefined);
  t.is(await changedCustom(text, change('remove', 'a.example.com', 'TXT', 'z')), undefined);
  t.is(await changedCustom(text, change('remove', 'b.example.com', 'TXT')), undefined);
  t.is(
    await changedCustom('a.example.com: 192.0.2.1\n', change('set', 'a.example.com', 'A', '192.0.2.1')),
    undefined,
  );
});

test('a file that can not be changed by program is left to its owner', async (t) => {
  await t.throwsAsync(changedCustom('a: &x 192.0.2.1\nb: *x\n', change('add', 'a', 'TXT', 'x')), {
    message: /aliases/,
  });
  await t.throwsAsync(changedCustom('a: [\n', change('add', 'a', 'TXT', 'x')), { message: /custom\.yaml: / });
});

test('box dns custom: a record is added, set, listed and removed, and its zone follows', async (t) => {
  const box = await TemporaryBox.booted(t);
  const signed = () => box.read('/home/user-data/dns/zones/example.com.signed');
  t.is(await box.box('dns', 'custom', 'add', 'WWW.example.com.', 'txt', 'one'), 0, box.complaints.join());
  t.deepEqual(box.said, ['updated DNS: example.com']);
  t.is(await box.box('dns', 'custom', 'add', 'www.example.com', 'TXT', 'one'), 0);
  t.deepEqual(box.said, ['it is so already']);
  t.is(await box.box('dns', 'custom', 'add', 'www.example.com', 'TXT', 'two'), 0);
  t.regex(signed(), /^www\.example\.com\.\t3600\tIN\tTXT\t"two"$/m);
  t.is(await box.box('dns', 'custom', 'remove', 'www.example.com', 'TXT', '--value', 'one'), 0);
  t.is(await box.box('dns', 'custom', 'list'), 0);
  t.deepEqual(box.said, ['www.example.com TXT two']);
  t.is(await box.box('dns', 'custom', 'set', 'www.example.com', 'A', '203.0.113.80'), 0);
  t.is(await box.box('dns', 'custom', 'set', 'www.example.com', 'A', 'local'), 0);
  t.is(await box.box('dns', 'custom', 'list', '--json'), 0);
  t.deepEqual(JSON.parse(box.said.join('')), [
    { name: 'www.example.com', type: 'TXT', value: 'two' },
    { name: 'www.example.com', type: 'A', value: 'local' },
  ]);
  t.is(await box.box('dns', 'custom', 'remove', 'www.example.com', 'TXT'), 0);
  t.is(await box.box('dns', 'custom', 'remove', 'www.example.com', 'A'), 0);
  t.is(box.read(custom), '');
});

test('box dns custom: what can’t be published is refused with its reason, and the file stays as it is', async (t) => {
  const box = await TemporaryBox.booted(t);
  for (const [name, type, value, why] of [
    ['www.example.com', 'A', '192.0.2.256', /is not an IPv4 address/],
    ['www.elsewhere.example', 'A', '192.0.2.1', /no zone of this box/],
    ['box.example.com', 'A', '192.0.2.1', /can’t be changed/],
    ['example.com', 'NS', 'ns.example.net', /the box itself must answer/],
    ['_secondary_nameserver', 'A', 'ns.example.net', /use: box dns secondary/],
  ] as const) {
    t.is(await box.box('dns', 'custom', 'add', name, type, value), 1, `${name} ${type}`);
    t.regex(box.complaints.join(), why);
    t.false(existsSync(box.at(custom)));
  }
  t.is(await box.box('dns', 'custom', 'set', 'x.example.com', 'CNAME', 'y.example.net'), 0);
  const before = box.read(custom);
  t.is(await box.box('dns', 'custom', 'add', 'x.example.com', 'TXT', 'beside'), 1);
  t.regex(box.complaints.join(), /x\.example\.com CNAME .*an alias can’t have other records/);
  t.is(box.read(custom), before);
});

test('box dns custom: a pasted text is kept as its text, found in each form, and one that stands in the file in quotes too', async (t) => {
  const box = await TemporaryBox.booted(t);
  const signed = () => box.read('/home/user-data/dns/zones/example.com.signed');
  t.is(await box.box('dns', 'custom', 'add', 'example.com', 'TXT', '"v=spf1 include:x.example " "-all"'), 0);
  t.deepEqual(box.said, [
    'updated DNS: example.com',
    'no longer: example.com TXT "v=spf1 mx -all" (Only the box may send mail of this domain (SPF).)',
  ]);
  t.regex(signed(), /^example\.com\.\t3600\tIN\tTXT\t"v=spf1 include:x\.example -all"$/m);
  t.is(signed().match(/^example\.com\..*v=spf1/gm)?.length, 1);
  t.is(await box.box('dns', 'custom', 'add', 'example.com', 'TXT', 'v=spf1 include:x.example -all'), 0);
  t.deepEqual(box.said, ['it is so already']);
  t.is(
    await box.box(
      'dns',
      'custom',
      'remove',
      'example.com',
      'TXT',
      '--value',
      '"v=spf1 include:x.example -all"',
    ),
    0,
  );
  t.is(box.read(custom), '');
  box.write(custom, `example.com:\n  TXT: '"v=spf1 include:y.example -all"'\n`);
  t.is(await box.box('dns', 'update'), 0);
  t.is(signed().match(/^example\.com\..*v=spf1/gm)?.length, 1);
  t.is(
    await box.box(
      'dns',
      'custom',
      'remove',
      'example.com',
      'TXT',
      '--value',
      'v=spf1 include:y.example -all',
    ),
    0,
  );
  t.is(box.read(custom), '');
});

test('box dns custom: what an own MX replaces and what stays is said when it is set', async (t) => {
  const box = await TemporaryBox.booted(t);
  const set = async (...argv: string[]) => {
    t.is(await box.box('dns', 'custom', ...argv), 0, box.complaints.join());
    return box.said.slice(1).map((line) => line.replace(/ \(.*/, ''));
  };
  t.deepEqual(await set('set', 'example.com', 'MX', '20 backup.example.net'), [
    'beside it: example.com MX 10 box.example.com.',
  ]);
  t.deepEqual(await set('set', 'example.com', 'MX', '1 mx.example.net'), [
    'no longer: example.com MX 10 box.example.com.',
    'no longer: example.com TXT "v=spf1 mx -all"',
    'now: example.com TXT "v=spf1 mx a:box.example.com -all"',
    'warning: example.com MX 1 mx.example.net.: mail for example.com goes to others, and not to its accounts on this box',
  ]);
  t.deepEqual(await set('remove', 'example.com', 'MX'), [
    'no longer: example.com TXT "v=spf1 mx a:box.example.com -all"',
    'now: example.com MX 10 box.example.com.',
    'now: example.com TXT "v=spf1 mx -all"',
  ]);
  t.deepEqual(await set('set', 'example.com', 'MX', '0 .'), [
    'no longer: example.com MX 10 box.example.com.',
    'no longer: example.com TXT "v=spf1 mx -all"',
    'now: example.com TXT "v=spf1 a:box.example.com -all"',
    'warning: example.com MX 0 .: it says that example.com takes no mail, though there are accounts in it',
  ]);
  await set('add', 'example.com', 'TXT', 'v=spf1 include:a.example -all');
  t.deepEqual(await set('remove', 'example.com', 'MX'), ['now: example.com MX 10 box.example.com.']);
  t.regex(
    (await set('add', 'example.com', 'TXT', 'v=spf1 include:b.example -all')).join(),
    /^warning: .*2 SPF records/,
  );
  t.is(await box.box('dns', 'custom', 'set', 'example.com', 'MX', '0 .'), 0);
  t.is(await box.box('dns', 'custom', 'add', 'example.com', 'MX', '10 mx.example.net'), 1);
  t.regex(box.complaints.join(), /that no mail is taken stands alone/);
});

test('box dns check names records of the owner’s that can’t work', async (t) => {
  const box = await TemporaryBox.booted(t);
  for (const [name, type, value] of [
    ['www.example.com', 'CNAME', 'hosting.example.net'],
    ['one.example.com', 'MX', '10 nothing.example.com'],
    ['two.example.com', 'MX', '10 www.example.com'],
    ['three.example.com', 'SRV', '0 1 443 box.example.com'],
    ['four.example.com', 'MX', '10 alias.example.net'],
    ['five.example.com', 'MX', '10 gone.example.net'],
    ['six.example.com', 'CNAME', 'away.example.com'],
    ['example.com', 'TXT', 'v=spf1 include:a.example -all'],
    ['example.com', 'TXT', '"V=spf1 include:b.example -all"'],
    ['example.com', 'MX', '5 hosting.example.net'],
  ] as const)
    t.is(await box.box('dns', 'custom', 'add', name, type, value), 0, box.complaints.join());
  const world: Record<string, string> = {
    'hosting.example.net A': '192.0.2.80\n',
    'alias.example.net CNAME': 'hosting.example.net.\n',
    'alias.example.net A': 'hosting.example.net.\n192.0.2.80\n',
  };
  box.answer = (argv) =>
    argv[0] === 'dig'
      ? { out: argv.includes('+dnssec') ? '' : (world[argv.slice(-2).join(' ')] ?? '') }
      : undefined;
  await box.box('dns', 'check');
  t.deepEqual(
    box.said
      .filter((line) => /custom DNS records/.test(line))
      .map((line) => line.replace(/^\S+ +custom DNS records: /, '').replace(/\n.*/s, ''))
      .sort(),
    [
      'example.com MX 5 hosting.example.net.: mail for example.com goes to others, and not to its accounts on this box',
      'example.com TXT v=spf1 include:a.example -all: 2 SPF records at one name: who checks takes none of them (RFC 7208, section 4.5)',
      'five.example.com MX 10 gone.example.net.: the box finds no address of gone.example.net',
      'four.example.com MX 10 alias.example.net.: alias.example.net is an alias, and must have an address of its own (RFC 2181, section 10.3)',
      'one.example.com MX 10 nothing.example.com.: there is no nothing.example.com',
      'six.example.com CNAME away.example.com.: there is no away.example.com',
      'two.example.com MX 10 www.example.com.: www.example.com is an alias, and must have an address of its own (RFC 2181, section 10.3)',
    ],
  );
});

/** Secondaries: what an entry means, who may fetch the zones then, and their keys. NSD's own checker reads the result. */
import { execFileSync } from 'node:child_process';
import { existsSync, statSync, writeFileSync } from 'node:fs';
import test from 'ava';
import { makeZones, nameServers } from '../../../../box/dns/records.ts';
import { secondaryOf, takeSecondaries } from '../../../../box/dns/secondaries.ts';
import { TemporaryBox } from '../temporary-box.ts';
import { facts, written } from './facts.ts';

const custom = '/home/user-data/dns/custom.yaml';
const zonesConf = '/etc/nsd/box/zones.conf';
const keysConf = '/etc/nsd/box/keys.conf';

/** A box whose resolver knows two secondaries. */
async function withResolver(t: Parameters<typeof TemporaryBox.booted>[0]): Promise<TemporaryBox> {
  const box = await TemporaryBox.booted(t);
  box.answer = (argv) => {
    if (argv[0] !== 'dig') return undefined;
    if (argv.includes('ns.example.net')) return { out: 'alias.example.net.\n203.0.113.53\n2001:db8::53\n' };
    return argv.includes('two.example.net') ? { out: '203.0.113.54\n' } : { code: 9, err: 'no servers' };
  };
  return box;
}

test('entries: host names, addresses and networks of both families, each with a key or without', (t) => {
  t.deepEqual(secondaryOf('NS.Example.net.'), { entry: 'ns.example.net', host: 'ns.example.net' });
  t.like(secondaryOf('tsig:ns.example.net'), { host: 'ns.example.net', key: 'ns.example.net' });
  t.like(secondaryOf('xfr:203.0.113.0/24'), { network: '203.0.113.0/24', host: undefined });
  t.like(secondaryOf('tsig:xfr:2001:db8::/32'), { network: '2001:db8::/32', key: 'xfr-2001-db8-32' });
  for (const bad of [
    'xfr:',
    'xfr:0.0.0.0/0',
    'xfr:203.0.113.0/33',
    'xfr:ns.example.net',
    '203.0.113.1',
    'ns',
    'a"b.example.net',
    'tsig:',
    'xfr:fe80::1%eth0',
    'xfr:203.0.113.1 NOKEY',
  ])
    t.is(secondaryOf(bad), undefined, bad);
});

test('all entries in one value, as Mail-in-a-Box keeps them; the wrong one is named', (t) => {
  const value = 'ns.example.net, xfr:203.0.113.9 xfr:oops ns.example.net';
  const taken = takeSecondaries([
    written('_secondary_nameserver', 'A', value),
    written('www.example.com', 'A', '192.0.2.9'),
  ]);
  t.deepEqual(
    taken.secondaries.map(({ entry }) => entry),
    ['ns.example.net', 'xfr:203.0.113.9'],
  );
  t.deepEqual(
    taken.refused.map((refused) => refused.value),
    ['xfr:oops'],
  );
  t.is(taken.records.length, 1);
});

test('the zones name the secondaries in the place of the box’s second name, which still leads to the box', (t) => {
  const entries = [written('_secondary_nameserver', 'A', 'ns.example.net xfr:203.0.113.9')];
  const { zones, secondaries } = makeZones({ ...facts, custom: entries });
  const records = zones.flatMap((zone) => zone.records);
  const named = records.filter(({ type }) => type === 'NS').map(({ value }) => value);
  t.deepEqual(named, ['ns.example.net.', 'ns1.box.example.com.']);
  t.true(records.some(({ name, type }) => name === 'ns2.box.example.com' && type === 'A'));
  t.deepEqual(nameServers('box.example.com', secondaries), ['ns1.box.example.com', 'ns.example.net']);
});

test('NSD gives the zones to exactly their addresses, and tells exactly them', async (t) => {
  const box = await withResolver(t);
  box.write(
    custom,
    '_secondary_nameserver: ns.example.net tsig:two.example.net xfr:2001:db8:1::/48 gone.example.net\n',
  );
  t.is(await box.box('dns', 'update'), 0, box.complaints.join());
  const rules = box
    .read(zonesConf)
    .split('\n')
    .filter((line) => /xfr|notify/.test(line));
  t.deepEqual(
    rules.map((line) => line.trim()),
    [
      'notify: 2001:db8::53 NOKEY',
      'provide-xfr: 2001:db8::53 NOKEY',
      'notify: 203.0.113.53 NOKEY',
      'provide-xfr: 203.0.113.53 NOKEY',
      'notify: 203.0.113.54 two.example.net',
      'provide-xfr: 203.0.113.54 two.example.net',
      'provide-xfr: 2001:db8:1::/48 NOKEY',
    ],
  );
  t.true(box.ran.includes('service nsd restart'));
  const whole = box.at('/nsd.conf');
  writeFileSync(
    whole,
    `server:\n\tusername: ""\n\tzonesdir: ""\ninclude: "${box.at(keysConf)}"\ninclude: "${box.at(zonesConf)}"\n`,
  );
  t.notThrows(() => execFileSync('nsd-checkconf', [whole], { stdio: 'pipe' }));
  await box.box('status');
  t.regex(box.said.join('\n'), /^warning {2}secondary name server gone\.example\.net: has no address/m);
  t.is(await box.box('dns', 'update'), 0);
  t.deepEqual(box.said, ['every zone is up to date']);
  t.deepEqual(
    box.ran.filter((line) => line.startsWith('service')),
    [],
    'an unchanged configuration restarts nothing',
  );
});

test('a name that does not resolve just now keeps its addresses, at a boot without a network too', async (t) => {
  const box = await withResolver(t);
  box.write(custom, '_secondary_nameserver: ns.example.net\n');
  t.is(await box.box('dns', 'update'), 0);
  const before = box.read(zonesConf);
  box.answer = () => ({ code: 9 });
  box.answer = (argv) => (argv[0] === 'dig' ? { code: 9 } : undefined);
  t.is(await box.box('dns', 'update'), 0);
  t.is(box.read(zonesConf), before);
  await box.init(t);
  t.is(box.read(zonesConf), before);
  t.false(
    box.ran.some((line) => line.startsWith('dig')),
    'a boot asks nobody',
  );
});

test('a key is made on the box, for root alone, stays the same, is in no command line, and goes with its secondary', async (t) => {
  const box = await withResolver(t);
  t.is(await box.box('dns', 'secondary', 'add', 'ns.example.net', '--tsig'), 0, box.complaints.join());
  const file = '/home/user-data/dns/tsig/ns.example.net.key';
  const mode = (path: string) => (statSync(box.at(path)).mode & 0o777).toString(8);
  t.deepEqual([mode(file), mode('/home/user-data/dns/tsig'), mode(keysConf)], ['600', '700', '600']);
  const secret = box.read(file).trim();
  t.regex(secret, /^[A-Za-z0-9+/]{43}=$/);
  t.true(box.read(keysConf).includes(`secret: "${secret}"`));
  t.false(box.read(zonesConf).includes(secret));
  t.false([...box.ran, ...box.said].some((line) => line.includes(secret)));
  t.is(box.read(custom), '_secondary_nameserver: "tsig:ns.example.net"\n');
  t.is(await box.box('dns', 'secondary', 'list'), 0);
  t.false(box.said.join().includes(secret));
  t.is(await box.box('dns', 'secondary', 'list', '--show-key'), 0);
  t.true(box.said.join('\n').includes(`algorithm  hmac-sha256\n  secret     ${secret}`));
  await box.init(t);
  t.is(await box.box('dns', 'update', '--force'), 0);
  t.is(box.read(file).trim(), secret);
  t.is(await box.box('dns', 'secondary', 'add', 'xfr:203.0.113.9'), 0);
  t.is(await box.box('dns', 'secondary', 'remove', 'ns.example.net'), 0, box.complaints.join());
  t.false(existsSync(box.at(file)));
  t.false(box.read(keysConf).includes('secret'));
  t.is(box.read(custom), '_secondary_nameserver: "xfr:203.0.113.9"\n');
});

test('without its key file a secondary gets nothing, until the box has made another', async (t) => {
  const box = await withResolver(t);
  t.is(await box.box('dns', 'secondary', 'add', 'ns.example.net', '--tsig'), 0);
  const file = '/home/user-data/dns/tsig/ns.example.net.key';
  const before = box.read(file);
  box.write(file, '');
  await box.init(t);
  t.regex(box.read(zonesConf), /provide-xfr: 203\.0\.113\.53 ns\.example\.net$/m);
  t.notRegex(box.read(zonesConf), /NOKEY/);
  t.not(box.read(file), before);
  t.true(box.read(keysConf).includes(box.read(file).trim()));
});

test('what is no secondary is refused, and nothing is changed', async (t) => {
  const box = await withResolver(t);
  for (const [operand, why] of [
    ['203.0.113.53', /neither a host name nor/],
    ['box.example.com', /is this box/],
    ['ns2.box.example.com', /is this box/],
  ] as const) {
    t.is(await box.box('dns', 'secondary', 'add', operand), 1);
    t.regex(box.complaints.join(), why);
  }
  t.is(await box.box('dns', 'secondary', 'remove', 'ns.example.net'), 1);
  t.false(existsSync(box.at(custom)));
});

test('check asks each secondary for the serial', async (t) => {
  const box = await withResolver(t);
  box.write(custom, '_secondary_nameserver: ns.example.net\n');
  t.is(await box.box('dns', 'update'), 0);
  const resolver = box.answer;
  const soa = (serial: string) => ({
    out: `ns1.box.example.com. hostmaster.box.example.com. ${serial} 1 2 3 4\n`,
  });
  const serial =
    /SOA\t\S+ \S+ (\d+)/.exec(box.read('/home/user-data/dns/zones/example.com.signed'))?.[1] ?? '';
  box.answer = (argv, input) => {
    if (argv.includes('@203.0.113.53')) return soa('1');
    if (argv.includes('@2001:db8::53')) return { out: '' };
    return argv.includes('@192.0.2.25') ? soa(serial) : resolver(argv, input);
  };
  await box.box('dns', 'check');
  t.regex(
    box.said.join('\n'),
    /^warning {2}secondary name server ns\.example\.net, 203\.0\.113\.53: has serial 1 of example\.com/m,
  );
  t.regex(
    box.said.join('\n'),
    /^error {4}secondary name server ns\.example\.net, 2001:db8::53: does not answer/m,
  );
  t.regex(box.said.join('\n'), /set ns\.example\.net and ns1\.box\.example\.com/);
});

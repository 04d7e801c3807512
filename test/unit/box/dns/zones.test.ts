/** Zones as files: keys, signatures, serials, and what happens when one can't be built. ldns and NSD's checker are real. */
import { execFileSync } from 'node:child_process';
import { existsSync, lstatSync, readdirSync, rmSync, statSync } from 'node:fs';
import { cpus } from 'node:os';
import test, { type ExecutionContext } from 'ava';
import { dsLine, dsRecords } from '../../../../box/dns/ds.ts';
import { latestSerial, nextSerial, readSigned } from '../../../../box/dns/zone.ts';
import { standingsOf } from '../../../../box/health/first-steps/standing.ts';
import { readKeySets } from '../../../../box/keys/dnssec/key-sets.ts';
import { TemporaryBox } from '../temporary-box.ts';

const zones = '/home/user-data/dns/zones';
const dnssec = '/home/user-data/dns/dnssec';
const custom = '/home/user-data/dns/custom.yaml';
const day = 86_400_000;

const signed = (box: TemporaryBox, zone = 'example.com') => {
  const found = readSigned(box.read(`${zones}/${zone}.signed`));
  if (found === undefined) throw new Error(`${zone} is not signed`);
  return found;
};

/** A box that has a second zone, other.example, which NSD's checker refuses once `broken` is set. */
async function twoZones(t: ExecutionContext): Promise<TemporaryBox> {
  const box = await TemporaryBox.booted(t);
  box.answer = ([program]) =>
    program === 'doveadm' ? { out: `{SHA512-CRYPT}$6$salt$${'y'.repeat(86)}\n` } : undefined;
  t.is(await box.box('account', 'add', 'you@other.example'), 0, box.complaints.join());
  return box;
}

test('a new box has one set of keys, for root alone, and its zone is signed with it', async (t) => {
  const box = await TemporaryBox.booted(t);
  const mode = (file: string) => (statSync(box.at(file)).mode & 0o777).toString(8);
  t.is(mode(dnssec), '700');
  const names = readdirSync(box.at(dnssec));
  t.deepEqual(names.map((name) => name.replace(/\d{5}/, 'TAG')).sort(), [
    'ECDSAP256SHA256.conf',
    'K_domain_.+013+TAG.ds',
    'K_domain_.+013+TAG.key',
    'K_domain_.+013+TAG.key',
    'K_domain_.+013+TAG.private',
    'K_domain_.+013+TAG.private',
  ]);
  for (const name of names) t.is(mode(`${dnssec}/${name}`), '600', name);
  const text = box.read(`${zones}/example.com.signed`);
  t.regex(text, /^example\.com\.\t\d+\tIN\tNSEC3PARAM\t1 0 0 -/m);
  t.notRegex(text, /\tNSEC3\t1 1 /, 'opt-out');
  t.is(signed(box).serial, 2026112400);
  t.is(mode(`${zones}/example.com.signed`), '644');
  for (const name of readdirSync(box.at('/run/box/dns')).filter((name) => name.endsWith('.private')))
    t.true(lstatSync(box.at(`/run/box/dns/${name}`)).isSymbolicLink(), 'no copy of a private key');
  t.regex(
    box.read('/etc/nsd/box/zones.conf'),
    /name: "example\.com"\n\tzonefile: "\/home\/user-data\/dns\/zones\/example\.com\.signed"/,
  );
  t.regex(box.read('/etc/nsd/box/listen.conf'), /^# .*\nip-address: 192\.0\.2\.25\n$/);
  t.regex(
    box.read('/etc/box/mta-sts.txt'),
    /^version: STSv1\nmode: enforce\nmx: box\.example\.com\nmax_age: \d+\n$/,
  );
});

test('DS records are those of ldns-key2ds, in SHA-256 and SHA-384', async (t) => {
  const box = await TemporaryBox.booted(t);
  const [set] = await readKeySets(box.machine);
  const ksk = set?.keys[0]?.base ?? '';
  box.write('/key', box.read(`${dnssec}/${ksk}.key`).replace('_domain_.', 'example.com.'));
  const ours = dsRecords('example.com', [set as NonNullable<typeof set>]);
  for (const [i, flag] of ['-2', '-4'].entries()) {
    const theirs = execFileSync('ldns-key2ds', ['-n', flag, box.at('/key')], { encoding: 'utf8' });
    t.is(dsLine(ours[i] as (typeof ours)[0]), theirs.trim().replace(/\t/g, ' '));
  }
  t.is(await box.box('dns', 'ds'), 0);
  t.true(box.said.some((line) => line.includes(dsLine(ours[0] as (typeof ours)[0]))));
  t.is(await box.box('dns', 'ds', '--json'), 0);
  t.deepEqual(JSON.parse(box.said.join('')), ours);
});

test('signatures are renewed when a third of their life is left, and after a long time off', async (t) => {
  const box = await TemporaryBox.booted(t);
  const first = signed(box);
  box.now = new Date(box.now.getTime() + 19 * day);
  t.is(await box.box('dns', 'update'), 0);
  t.deepEqual(box.said, ['every zone is up to date']);
  t.deepEqual(signed(box), first);
  box.now = new Date(box.now.getTime() + 2 * day);
  t.is(await box.box('dns', 'update'), 0);
  t.deepEqual(box.said, ['updated DNS: example.com']);
  t.true(box.ran.includes('service nsd reload'));
  t.true(signed(box).serial > first.serial);
  box.now = new Date(box.now.getTime() + 60 * day);
  await box.init(t);
  const { inception, expiration } = signed(box);
  t.true(inception < box.now && expiration.getTime() > box.now.getTime() + 29 * day);
});

test('a clock that is behind does not make signatures anew', async (t) => {
  const box = await TemporaryBox.booted(t);
  const before = signed(box);
  box.now = new Date('2020-01-01T00:00:00Z');
  await box.init(t);
  t.deepEqual(signed(box), before);
});

test('signatures that a clock made that was ahead are made anew as soon as it is right, by a boot and by the timer', async (t) => {
  const box = await TemporaryBox.booted(t);
  const right = box.now;
  for (const heal of [['dns', 'update'], ['init']]) {
    box.now = new Date(right.getTime() + 5 * 365 * day);
    t.is(await box.box('dns', 'update'), 0);
    const wrong = signed(box);
    t.true(wrong.inception > right);
    box.now = right;
    box.answer = ([program]) => (program === 'clock-is-set' ? { code: 1 } : undefined);
    t.is(await box.box('dns', 'update'), 0);
    t.deepEqual(signed(box), wrong, 'as long as nobody says that it is right, it may be behind');
    box.answer = () => undefined;
    t.is(await box.box(...heal), 0);
    const healed = signed(box);
    t.true(healed.inception < right && healed.expiration.getTime() < right.getTime() + 31 * day);
    t.is(healed.serial, wrong.serial + 1, 'no secondary takes a serial that goes back');
    t.is(await box.box('dns', 'update'), 0);
    t.deepEqual(box.said, ['every zone is up to date']);
  }
});

test('signatures that begin in time and end too late are made anew too', async (t) => {
  const box = await TemporaryBox.booted(t);
  const right = box.now;
  box.now = new Date(right.getTime() + day / 2);
  t.is(await box.box('dns', 'update', '--force'), 0);
  t.true(signed(box).inception < right);
  box.now = right;
  t.is(await box.box('dns', 'update'), 0);
  t.deepEqual(box.said, ['updated DNS: example.com']);
  t.true(signed(box).expiration.getTime() <= right.getTime() + 30 * day);
});

test('a record more: one zone is signed again, the other is not touched', async (t) => {
  const box = await twoZones(t);
  const [before, other] = [signed(box), box.tree(zones)[`${zones}/other.example.signed`]];
  box.write(custom, 'www.example.com:\n  TXT: hello\nx.elsewhere.example: 192.0.2.1\n');
  t.is(await box.box('dns', 'update'), 0);
  t.deepEqual(box.said, ['updated DNS: example.com']);
  t.true(signed(box).serial > before.serial);
  t.regex(box.read(`${zones}/example.com.signed`), /^www\.example\.com\.\t3600\tIN\tTXT\t"hello"$/m);
  t.is(box.tree(zones)[`${zones}/other.example.signed`], other);
  await box.box('status');
  t.regex(
    box.said.join('\n'),
    /^warning {2}custom DNS records: x\.elsewhere\.example A 192\.0\.2\.1: no zone of this box/m,
  );
});

test('a zone that the name server would not load leaves the others alone, and its old version in place', async (t) => {
  const box = await twoZones(t);
  const old = box.read(`${zones}/other.example.signed`);
  box.write(custom, 'www.example.com:\n  TXT: hello\nwww.other.example:\n  TXT: hello\n');
  box.broken = (argv) => argv[0] === 'nsd-checkzone' && argv[1] === 'other.example';
  box.answer = ([program]) =>
    program === 'nsd-checkzone' ? { code: 1, err: 'zone other.example is bad' } : undefined;
  t.is(await box.box('dns', 'update'), 1);
  t.regex(box.complaints.join(), /other\.example is as it was, since the new one can't be served: .*is bad/);
  t.is(box.read(`${zones}/other.example.signed`), old);
  t.regex(box.read(`${zones}/example.com.signed`), /hello/);
  await box.init(t);
  t.is(box.read(`${zones}/other.example.signed`), old, 'the box starts all the same');
  await box.box('status', '--json');
  t.regex(box.said.join(''), /the last building failed, its old version is served: .*is bad/);
  box.broken = () => false;
  t.is(await box.box('dns', 'update'), 0);
  t.regex(box.read(`${zones}/other.example.signed`), /hello/);
  await box.box('status', '--json');
  t.notRegex(box.said.join(''), /the last building failed/);
});

test('many zones are built side by side, each in a folder of its own; what can’t be is named, in their order', async (t) => {
  const box = await twoZones(t);
  for (const name of ['a', 'b', 'c', 'd'])
    t.is(await box.box('account', 'add', `you@${name}.example`), 0, box.complaints.join());
  const signers: string[] = [];
  const isBad = (zone = '') => zone === 'b.example' || zone === 'd.example';
  box.broken = (argv) => {
    if (argv[0] === 'ldns-signzone') signers.push(argv.join(' '));
    return argv[0] === 'nsd-checkzone' && isBad(argv[1]);
  };
  box.answer = ([program, zone]) =>
    program === 'nsd-checkzone' && isBad(zone) ? { code: 1, err: `${zone} is bad` } : undefined;
  t.is(await box.box('dns', 'update', '--force'), 1);
  t.regex(box.complaints.join(), /b\.example is as it was/);
  const folders = new Set(signers.map((line) => /\/run\/box\/dns\/\d+\//.exec(line)?.[0]));
  t.deepEqual([signers.length, folders.size], [6, Math.min(cpus().length, 6)]);
  const problems = JSON.parse(box.read('/run/box/dns-problems.json')) as { zone: string }[];
  t.deepEqual(
    problems.map(({ zone }) => zone),
    ['b.example', 'd.example'],
  );
  // Each has its own zone's records and signatures: no one's work is in another's.
  for (const name of ['a', 'c']) {
    const text = box.read(`${zones}/${name}.example.signed`);
    t.regex(text, new RegExp(`^${name}\\.example\\.\\t3600\\tIN\\tSOA`, 'm'));
    t.is(
      signed(box, `${name}.example`).serial,
      Number(/ (\d{10}) /.exec(box.read(`${zones}/${name}.example.txt`))?.[1]),
    );
  }
});

test('a custom.yaml that can not be read: the records that were read last go on, and status says so', async (t) => {
  const box = await TemporaryBox.booted(t);
  box.write(custom, 'www.example.com:\n  TXT: hello\n');
  t.is(await box.box('dns', 'update'), 0);
  box.write(custom, 'www.example.com:\n TXT: "hel');
  box.now = new Date(box.now.getTime() + 25 * day);
  t.is(await box.box('dns', 'update'), 0);
  t.regex(box.read(`${zones}/example.com.signed`), /hello/);
  await box.box('status');
  t.regex(box.said.join('\n'), /^error {4}custom DNS records: .*custom\.yaml: .*\n.*-> correct the file/m);
});

test('a power cut between the two files of a zone: the next boot builds it again, with a higher serial', async (t) => {
  const box = await TemporaryBox.booted(t);
  box.write(
    `${zones}/example.com.signed`,
    box.read(`${zones}/example.com.signed`).replaceAll('2026112400', '2026112477'),
  );
  await box.init(t);
  t.is(signed(box).serial, 2026112478);
});

test('the zone of a domain that is gone is gone', async (t) => {
  const box = await twoZones(t);
  t.is(await box.box('account', 'remove', 'you@other.example'), 0, box.complaints.join());
  t.deepEqual(readdirSync(box.at(zones)).sort(), ['custom.json', 'example.com.signed', 'example.com.txt']);
  t.false(box.read('/etc/nsd/box/zones.conf').includes('other.example'));
  t.true(box.ran.includes('service nsd restart'));
});

test('keys that exist are kept: a storage root of Mail-in-a-Box is signed with all of them', async (t) => {
  const box = await TemporaryBox.booted(t);
  const before = box.tree(dnssec);
  const made = (...flags: string[]) =>
    execFileSync('ldns-keygen', ['-a', 'RSASHA256', '-b', '2048', ...flags, '_domain_'], {
      cwd: box.at(dnssec),
      encoding: 'utf8',
    }).trim();
  box.write(`${dnssec}/RSASHA256.conf`, `KSK=${made('-k')}\nZSK=${made()}\n`);
  t.is(await box.box('dns', 'update'), 0, box.complaints.join());
  t.deepEqual(box.said, ['updated DNS: example.com']);
  const text = box.read(`${zones}/example.com.signed`);
  for (const algorithm of [8, 13])
    t.regex(text, new RegExp(`\\tRRSIG\\tA ${algorithm} 3 3600 `), String(algorithm));
  for (const [file, state] of Object.entries(before)) t.is(box.tree(dnssec)[file], state, file);
  await box.box('dns', 'ds', '--json');
  const all = JSON.parse(box.said.join('')) as { algorithm: number }[];
  t.deepEqual(
    all.map(({ algorithm }) => algorithm),
    [13, 13, 8, 8],
  );
  box.write(`${dnssec}/RSASHA256.conf`, `${box.read(`${dnssec}/RSASHA256.conf`)}DOMAINS=old.example\n`);
  t.is(await box.box('dns', 'update'), 0);
  t.notRegex(box.read(`${zones}/example.com.signed`), /\tRRSIG\tA 8 /);
});

test('a set of keys that is not whole is named, and nothing is made in its place', async (t) => {
  const box = await TemporaryBox.booted(t);
  const lost = readdirSync(box.at(dnssec)).find((name) => name.endsWith('.private')) ?? '';
  rmSync(box.at(`${dnssec}/${lost}`));
  const before = box.tree(dnssec);
  t.is(await box.box('init'), 1);
  t.is(box.report().step, 'DNSSEC keys');
  t.true(String(box.report().error).includes(`${lost} is missing or damaged`), String(box.report().error));
  t.deepEqual(box.tree(dnssec), before);
});

test('an address that changed is in the zone and in NSD’s configuration after the next boot', async (t) => {
  const box = await TemporaryBox.booted(t);
  box.interfaces = {
    eth0: box.interfaces.eth0?.map((card) => ({ ...card, address: card.address.replace('.25', '.26') })),
  };
  await box.init(t);
  t.regex(box.read(`${zones}/example.com.signed`), /^box\.example\.com\.\t3600\tIN\tA\t192\.0\.2\.26$/m);
  t.regex(box.read('/etc/nsd/box/listen.conf'), /ip-address: 192\.0\.2\.26/);
  box.settle({ publicIpv4: '198.51.100.7' });
  await box.init(t);
  t.regex(box.read(`${zones}/example.com.signed`), /^box\.example\.com\.\t3600\tIN\tA\t198\.51\.100\.7$/m);
  t.regex(box.read('/etc/nsd/box/listen.conf'), /ip-address: 192\.0\.2\.26/, 'it listens where it is');
});

test('show prints each record with its reason, and what was refused', async (t) => {
  const box = await TemporaryBox.booted(t);
  box.write(custom, 'example.com:\n  NS: ns.example.net\n');
  t.is(await box.box('dns', 'show'), 0);
  const at = box.said.indexOf('example.com. 3600 IN MX 10 box.example.com.');
  t.is(box.said[at - 1], '; Mail to the domain goes to the box.');
  t.regex(
    box.said.at(-1) ?? '',
    /^; REFUSED example\.com NS "ns\.example\.net\.": the box itself must answer/,
  );
  t.is(await box.box('dns', 'show', '--json'), 0);
  t.like(JSON.parse(box.said.join('\n')), { refused: [{ name: 'example.com' }] });
});

/** Those of them that are about DNS. */
async function firstStepsIn(box: TemporaryBox): Promise<object> {
  await box.box('dns', 'check', '--json');
  const found = standingsOf(JSON.parse(box.said.join('\n')));
  return Object.fromEntries(
    found.filter(({ page }) => page === 'dns').map(({ step, state }) => [step, state]),
  );
}

test('check compares what the world sees', async (t) => {
  const box = await TemporaryBox.booted(t);
  await box.box('dns', 'ds', '--json');
  const [ds] = JSON.parse(box.said.join('')) as { keyTag: number; digest: string }[];
  const world: Record<string, string> = {
    'example.com NS': 'ns2.box.example.com.\nns1.box.example.com.\n',
    'example.com SOA': `ns1.box.example.com. hostmaster.box.example.com. ${signed(box).serial} 1 2 3 4\n`,
    'example.com DS': `${ds?.keyTag} 13 2 ${ds?.digest.toUpperCase().replace(/^(.{56})/, '$1 ')}\n`,
  };
  let flags = 'qr rd ra ad';
  box.answer = (argv) => {
    if (argv[0] !== 'dig') return undefined;
    return argv.includes('+dnssec')
      ? { out: `;; flags: ${flags}; QUERY: 1` }
      : { out: world[argv.slice(-2).join(' ')] ?? '' };
  };
  t.is(await box.box('dns', 'check'), 0, box.said.join('\n'));
  t.true(
    box.said.every((line) => line.startsWith('ok ')),
    box.said.join('\n'),
  );
  t.deepEqual(await firstStepsIn(box), { 'name-servers': 'done', dnssec: 'done' });
  flags = 'qr rd ra';
  t.is(await box.box('dns', 'check'), 1);
  t.regex(
    box.said.join('\n'),
    /^error {4}DNSSEC of example\.com: there is a DS record, but the answer does not validate/m,
  );
  world['example.com DS'] = '1 13 2 00\n';
  t.is(await box.box('dns', 'check'), 1);
  t.regex(box.said.join('\n'), /vouches for another key/);
  world['example.com DS'] = '';
  t.is(await box.box('dns', 'check'), 0);
  t.regex(box.said.join('\n'), /^warning {2}DNSSEC of example\.com: the parent zone has no DS record/m);
  t.deepEqual(await firstStepsIn(box), { 'name-servers': 'done', dnssec: 'open' });
  world['example.com NS'] = '';
  world['example.com SOA'] = '';
  t.is(await box.box('dns', 'check'), 1);
  t.regex(box.said.join('\n'), /the world finds no name server/);
  t.regex(box.said.join('\n'), /NSD does not answer for it on 192\.0\.2\.25/);
});

test('dns.mode external: nothing is served, the whole zone is printed, and check compares what the world sees', async (t) => {
  const box = await TemporaryBox.booted(t);
  box.settle({ dns: { mode: 'external' } });
  await box.init(t);
  t.false(existsSync(box.at(`${zones}/example.com.signed`)));
  t.false(box.read('/etc/nsd/box/zones.conf').includes('zone:'));
  t.is(await box.box('dns', 'show'), 0);
  t.false(box.said.some((line) => / IN NS /.test(line)));
  t.true(box.said.includes('box.example.com. 3600 IN A 192.0.2.25'));
  t.is(await box.box('dns', 'show', '--json'), 0);
  const shown = JSON.parse(box.said.join('\n')) as {
    zones: { records: { name: string; type: string; value: string }[] }[];
  };
  const world = new Map<string, string>();
  for (const { name, type, value } of shown.zones.flatMap(({ records }) => records)) {
    const seen =
      {
        TXT: `"${value.slice(0, 9)}" "${value.slice(9)}"`,
        TLSA: value.toUpperCase().replace(/(.{20})$/, ' $1'),
      }[type] ?? value;
    world.set(`${name} ${type}`, `${world.get(`${name} ${type}`) ?? ''}${seen}\n`);
  }
  box.answer = (argv) => (argv[0] === 'dig' ? { out: world.get(argv.slice(-2).join(' ')) ?? '' } : undefined);
  t.is(await box.box('dns', 'check'), 0, box.said.join('\n'));
  t.regex(box.said.join('\n'), /^ok {7}zone example\.com: the world sees all its \d+ records$/m);
  t.deepEqual(
    await firstStepsIn(box),
    { 'name-servers': 'done', dnssec: 'done' },
    'a DS record is the business of who serves the zone',
  );
  world.delete('_dmarc.example.com TXT');
  t.is(await box.box('dns', 'check'), 0);
  t.regex(
    box.said.join('\n'),
    /^warning {2}_dmarc\.example\.com TXT: is not there\n.*set: _dmarc\.example\.com\. IN TXT "v=DMARC1; p=quarantine; rua=mailto:mail-reports@box\.example\.com"/m,
  );
  world.set('example.com MX', '10 elsewhere.example.\n');
  t.is(await box.box('dns', 'check'), 1);
  t.regex(box.said.join('\n'), /^error {4}example\.com MX: is something else: 10 elsewhere\.example\./m);
  box.settle({});
  await box.init(t);
  t.is(signed(box).inception < box.now, true, 'and back again');
});

test('serials go up, whatever the clock says', (t) => {
  const now = new Date('2026-11-24T12:00:00Z');
  t.is(nextSerial(undefined, now), 2026112400);
  t.is(nextSerial(2026112400, now), 2026112401);
  t.is(nextSerial(2026112399, now), 2026112400);
  t.is(nextSerial(2030010100, now), 2030010101);
  t.is(nextSerial(2026010155, now), 2026112400);
  // Also where a clock said a year that is no serial, and over the end of the circle (RFC 1982).
  t.is(nextSerial(undefined, new Date('9999-12-31T00:00:00Z')), 1);
  t.is(nextSerial(2026112400, new Date('9999-12-31T00:00:00Z')), 2026112401);
  t.is(nextSerial(2026112400, new Date('+012345-01-01T00:00:00Z')), 2026112401);
  t.is(nextSerial(0xffffffff, new Date('1970-01-01T00:00:00Z')), 1970010100);
  t.is(nextSerial(0xffffffff, new Date('9999-12-31T00:00:00Z')), 1);
  t.is(latestSerial([5, 0xffffffff]), 5);
  t.is(latestSerial([]), undefined);
});

test('a box without ldns still starts, and says what is missing', async (t) => {
  const box = await TemporaryBox.booted(t);
  rmSync(box.at(`${zones}/example.com.signed`));
  box.broken = ([program]) => program === 'ldns-signzone';
  box.answer = ([program]) => (program === 'ldns-signzone' ? { code: 127, err: 'not found' } : undefined);
  await box.init(t);
  t.false(existsSync(box.at(`${zones}/example.com.signed`)));
  t.false(
    box.read('/etc/nsd/box/zones.conf').includes('zone:'),
    'NSD is not told of a file that is not there',
  );
  t.is(await box.box('status'), 1);
  t.regex(box.said.join('\n'), /zone example\.com: is not served: it was never built/);
});

test('dns.external: one zone is printed for whoever serves it, and the others are served', async (t) => {
  const box = await twoZones(t);
  box.settle({ dns: { external: ['other.example'] } });
  await box.init(t);
  t.deepEqual(readdirSync(box.at(zones)).sort(), ['custom.json', 'example.com.signed', 'example.com.txt']);
  t.false(box.read('/etc/nsd/box/zones.conf').includes('other.example'));
  t.is(await box.box('dns', 'show', '--zone-file', '--zone', 'other.example'), 0);
  const [, origin, , ...records] = box.said;
  t.is(origin, '$ORIGIN other.example.');
  t.true(records.includes('other.example. 3600 IN MX 10 box.example.com.'));
  t.false(records.some((line) => / IN (NS|SOA) /.test(line)));
  box.write(
    '/other.zone',
    [
      '$ORIGIN other.example.',
      '@ 3600 IN SOA ns.example.net. h.example.net. 1 2 3 4 5',
      '@ IN NS ns.example.net.',
      ...records,
      '',
    ].join('\n'),
  );
  t.notThrows(() =>
    execFileSync('nsd-checkzone', ['other.example', box.at('/other.zone')], { stdio: 'pipe' }),
  );
  t.is(await box.box('dns', 'show', '--table', '--zone', 'other.example'), 0);
  t.true(
    box.said.some((line) => /^@ +MX +3600 +10 +box\.example\.com\.$/.test(line)),
    box.said.join('\n'),
  );
  t.true(
    box.said.some((line) =>
      /^_dmarc +TXT +3600 +v=DMARC1; p=quarantine; rua=mailto:mail-reports@box\.example\.com$/.test(line),
    ),
  );
  t.is(await box.box('dns', 'show', '--zone', 'third.example'), 1);
  t.is(await box.box('dns', 'show', '--table', '--json'), 2);
  await box.box('dns', 'ds');
  t.false(box.said.some((line) => line.includes('other.example')));
  await box.box('dns', 'check');
  t.regex(box.said.join('\n'), /^error {4}other\.example MX: is not there/m);
  t.regex(box.said.join('\n'), /^error {4}delegation of example\.com/m);
  t.notRegex(box.said.join('\n'), /delegation of other\.example/);
});

test('box dns address: what it is told wins over the settings until it is forgotten; what can’t be reached is refused', async (t) => {
  const box = await TemporaryBox.booted(t);
  box.settle({ publicIpv4: '198.51.100.7' });
  await box.init(t);
  t.is(await box.box('dns', 'address', 'set', '203.0.113.5'), 0, box.complaints.join());
  t.deepEqual(box.said, ['updated DNS: example.com']);
  t.regex(box.read(`${zones}/example.com.signed`), /^box\.example\.com\.\t3600\tIN\tA\t203\.0\.113\.5$/m);
  await box.init(t);
  t.is(await box.box('dns', 'address', 'show'), 0);
  t.regex(box.said.join('\n'), /^IPv4: 203\.0\.113\.5, told by box dns address set\nIPv6: none$/);
  for (const bad of [
    '10.0.0.1',
    '127.0.0.1',
    '0.0.0.0',
    '224.0.0.1',
    '255.255.255.255',
    'fe80::1',
    '::1',
    '::ffff:1.2.3.4',
    'fd00::1',
    'ff02::1',
    'box.example.com',
    '',
  ]) {
    t.is(await box.box('dns', 'address', 'set', bad), 1, bad);
  }
  t.is(await box.box('dns', 'address', 'clear'), 0);
  t.regex(box.read(`${zones}/example.com.signed`), /^box\.example\.com\.\t3600\tIN\tA\t198\.51\.100\.7$/m);
});

/** As cloud-init 22.4 and 25.1 keep it, below `ds`. */
const tellers: Readonly<Record<string, object>> = {
  EC2: { 'meta-data': { 'public-ipv4': '203.0.113.9' } },
  'OpenStack, beside its own': { meta_data: { uuid: 'x' }, ec2_metadata: { 'public-ipv4': '203.0.113.9' } },
  'Exoscale and those like EC2': { meta_data: { 'public-ipv4': '203.0.113.9' } },
  Scaleway: { meta_data: { public_ip: { address: '203.0.113.9', dynamic: false } } },
  'Azure’s IMDS': {
    meta_data: {
      imds: {
        network: {
          interface: [
            { ipv4: { ipAddress: [{ privateIpAddress: '10.0.0.4', publicIpAddress: '203.0.113.9' }] } },
          ],
        },
      },
    },
  },
  'DigitalOcean’s reserved address': {
    meta_data: { reserved_ip: { ipv4: { active: true, ip_address: '203.0.113.9' } } },
  },
};
for (const [cloud, metadata] of Object.entries(tellers)) {
  test(`behind 1:1 NAT the zones hold what the cloud tells: ${cloud}`, async (t) => {
    const box = await TemporaryBox.booted(t);
    box.write('/run/cloud-init/instance-data.json', JSON.stringify({ v1: {}, ds: metadata }));
    await box.init(t);
    t.notRegex(box.read(`${zones}/example.com.signed`), /203\.0\.113\.9/, 'its own is a public one');

    const [seen, ...others] = box.interfaces.eth0 ?? [];
    if (seen?.family !== 'IPv4') throw new Error('no IPv4');
    box.interfaces = { eth0: [{ ...seen, address: '10.0.0.4', cidr: '10.0.0.4/24' }, ...others] };
    await box.init(t);
    t.regex(box.read(`${zones}/example.com.signed`), /^box\.example\.com\.\t3600\tIN\tA\t203\.0\.113\.9$/m);
    t.is(await box.box('dns', 'address', 'show'), 0);
    t.regex(box.said.join('\n'), /^IPv4: 203\.0\.113\.9, told by the cloud$/m);

    box.settle({ publicIpv4: '198.51.100.7' });
    await box.init(t);
    t.regex(
      box.read(`${zones}/example.com.signed`),
      /^box\.example\.com\.\t3600\tIN\tA\t198\.51\.100\.7$/m,
      'the owner knows better',
    );
  });
}

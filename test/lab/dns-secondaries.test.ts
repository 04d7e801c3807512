/** A box's zones at other name servers, at addresses that change, and through power cuts; and what zone checkers say of them. */
import { randomBytes } from 'node:crypto';
import { readdirSync, readFileSync, watch } from 'node:fs';
import path from 'node:path';
import anyTest from 'ava';
import { artefacts } from '../rig/artefacts.ts';
import { hostname } from '../rig/owner.ts';
import { outcome, output } from '../rig/program.ts';
import { waitFor } from '../rig/wait.ts';
import { makeLab } from './world/lab.ts';
import { SecondaryServer } from './world/secondary-server.ts';
import { ptr } from './world/senders.ts';
import { dnsviz, zonemaster } from './world/zone-checkers.ts';

const test = anyTest.serial;
const kept = artefacts(anyTest, 'lab-dns-secondaries');
const lab = makeLab(kept);
const zone = 'example.com';
const box6 = '2001:db8::10';
/** One shows a key, and is known by an IPv4 address; the other is known by its IPv6 address alone. */
const signer = { host: 'ns.signer.example', address: '198.51.100.53' };
const plain = { host: 'ns.plain.example', address: '2001:db8::53' };

const mine = lab.then(async ({ box: makeBox, owner, outside, zone: world }) => {
  await outside.ip('-6', 'address', 'add', '2001:db8::1/64', 'dev', 'br0', 'nodad');
  // Nobody's source unless it asks for it.
  const aside = ['dev', 'br0', 'nodad', 'preferred_lft', '0'];
  await outside.ip('-6', 'address', 'add', `${plain.address}/64`, ...aside);
  await outside.ip('address', 'add', `${signer.address}/24`, 'dev', 'br0');
  await world.publish([
    `${signer.host}. A ${signer.address}`,
    ptr(signer.address, signer.host),
    `${plain.host}. AAAA ${plain.address}`,
  ]);
  const box = await makeBox('box', owner);
  await box.start();
  const said = await box.console.outcome();
  if (said.stage !== 'ready') throw new Error(`${said.step}: ${said.error}`);
  return box;
});

/** Asks a name server from an address of the outside host. */
async function ask(server: string, from: string, ...question: string[]): Promise<string> {
  const argv = ['dig', `@${server}`, '-b', from, '+norecurse', '+tries=2', '+time=5', ...question];
  return (await outcome([...(await lab).outside.prefix, ...argv])).stdout;
}

const v4 = '198.51.100.1';
const v6 = '2001:db8::1';

const key = async () => {
  const shown = await (await mine).run('box dns secondary list --show-key');
  const secret = /secret {5}(\S+)/.exec(shown)?.[1] ?? '';
  return { name: signer.host, secret };
};

test('a new address of the machine is in its zone and served there, and nobody told the box', async (t) => {
  const box = await mine;
  // What it does once at its start is over: now it waits for events.
  await waitFor('the first look', async () =>
    (await box.run('journalctl -u box-addresses')).includes('up to date') ? true : undefined,
  );
  await box.run(`ip -6 address add ${box6}/64 dev host0 nodad`);
  const started = Date.now();
  await waitFor('the zone to follow', async () => {
    const answer = await ask(box6, v6, '+short', hostname, 'AAAA');
    return answer.trim() === box6 ? true : undefined;
  });
  t.log(`${((Date.now() - started) / 1000).toFixed(1)} s`);
  t.is((await box.run('systemctl is-active box-addresses')).trim(), 'active');
});

test('secondaries fetch the zone, by key over IPv4 and by address over IPv6', async (t) => {
  const [box, { outside }] = [await mine, await lab];
  t.regex(await box.run(`box dns secondary add ${signer.host} --tsig`), /must show its key/);
  await box.run(`box dns secondary add ${plain.host}`);
  for (const options of [
    { address: signer.address, primary: box.host, key: await key() },
    { address: plain.address, primary: box6 },
  ])
    kept.own(new SecondaryServer(kept.folder, outside, { ...options, zones: [zone] })).start();
  const serialOf = async (server: string, from: string) =>
    /^\S+ \S+ (\d+)/.exec(await ask(server, from, '+short', zone, 'SOA'))?.[1];
  const serial = await serialOf(box.host, v4);
  for (const [{ host, address }, from] of [
    [signer, v4],
    [plain, v6],
  ] as const)
    await waitFor(`the zone at ${host}`, async () =>
      (await serialOf(address, from)) === serial ? true : undefined,
    );
  const named = (await ask(signer.address, v4, '+short', zone, 'NS')).trim().split('\n').sort();
  t.deepEqual(named, [`${plain.host}.`, `${signer.host}.`, `ns1.${hostname}.`]);
  t.regex(await ask(plain.address, v6, '+dnssec', hostname, 'A'), /\sRRSIG\s+A 13 3 /);
});

test('a change reaches both at once, since the box tells them', async (t) => {
  const box = await mine;
  await box.run(`box dns custom add www.${zone} TXT news`);
  for (const [{ host, address }, from] of [
    [signer, v4],
    [plain, v6],
  ] as const) {
    await waitFor(`the change at ${host}`, async () =>
      (await ask(address, from, '+short', `www.${zone}`, 'TXT')).includes('"news"') ? true : undefined,
    );
  }
  // The resolver has learnt the names before, so it knows them; the delegation is not yet theirs.
  t.notRegex((await box.outcome('box dns check')).stdout, /secondary name server/);
});

test('strangers get no zone, nor do those who show a wrong key or none, nor a key at another address', async (t) => {
  const box = await mine;
  const { name, secret } = await key();
  const as = (secret: string) => ['-y', `hmac-sha256:${name}:${secret}`];
  const transfer = (from: string, ...options: string[]) =>
    ask(from.includes(':') ? box6 : box.host, from, '+tcp', ...options, zone, 'AXFR');
  t.regex(await transfer(signer.address, ...as(secret)), /\sMX\s/);
  t.regex(await transfer(plain.address), /\sMX\s/);
  for (const [title, answer] of [
    ['a stranger', await transfer(v4)],
    ['a stranger, IPv6', await transfer(v6)],
    ['no key', await transfer(signer.address)],
    ['a wrong key', await transfer(signer.address, ...as(randomBytes(32).toString('base64')))],
    ['the key at another address', await transfer(v4, ...as(secret))],
    ['IXFR', await ask(box.host, v4, '+tcp', zone, 'IXFR=1')],
  ] as const) {
    t.notRegex(answer, /\sMX\s/, title);
    t.regex(answer, /Transfer failed|REFUSED|NOTAUTH/, title);
  }
});

test('nobody but root and NSD can read a key', async (t) => {
  const box = await mine;
  const { secret } = await key();
  const files = await box.run(`grep -rlF -e '${secret}' /etc /home /run /var 2>/dev/null; true`);
  t.deepEqual(files.trim().split('\n').sort(), [
    '/etc/nsd/box/keys.conf',
    `/home/user-data/dns/tsig/${signer.host}.key`,
  ]);
  const modes = `stat -c '%U %a' /etc/nsd/box/keys.conf /home/user-data/dns/tsig /home/user-data/dns/tsig/*`;
  t.deepEqual((await box.run(modes)).trim().split('\n'), ['root 600', 'root 700', 'root 600']);
  t.is(
    (await box.outcome('setpriv --reuid nsd --regid nsd --clear-groups cat /etc/nsd/box/keys.conf')).code,
    1,
  );
});

test('the parent vouches for the zone and names its servers; every answer validates', async (t) => {
  const [box, { zone: world }] = [await mine, await lab];
  const all = JSON.parse(await box.run('box dns ds --json')) as Record<string, string | number>[];
  await world.publish([
    `${zone}. NS ns1.${hostname}.`,
    `${zone}. NS ${signer.host}.`,
    `${zone}. NS ${plain.host}.`,
    `ns1.${hostname}. A ${box.host}`,
    `ns1.${hostname}. AAAA ${box6}`,
    ...all.map((ds) => `${zone}. DS ${ds.keyTag} ${ds.algorithm} ${ds.digestType} ${ds.digest}`),
  ]);
  await box.run('systemctl restart unbound');
  const { code, stdout } = await box.outcome('box dns check');
  t.is(code, 0, stdout);
});

test('zonemaster finds nothing but what the lab’s addresses are', async (t) => {
  const found = await zonemaster((await lab).zone, zone);
  // Documentation addresses are no public ones, and whoever gives IPv6 addresses has no PTR records for them here.
  const ours = [
    /^ERROR NAMESERVER_IP_PRIVATE_NETWORK name=Documentation/,
    /^WARNING NAMESERVER_IP_WITHOUT_REVERSE ns_ip=2001:db8::/,
  ];
  t.deepEqual(
    found.filter((line) => !ours.some((known) => known.test(line))),
    [],
  );
  t.is(
    new Set(found.flatMap((line) => /ERROR .* ns_ip=(\S+);/.exec(line)?.[1] ?? [])).size,
    4,
    found.join('\n'),
  );
});

test('dnsviz finds the chain from the root secure, and nothing to complain of', async (t) => {
  const graded = await dnsviz((await lab).zone, [zone, hostname, `_25._tcp.${hostname}`, `www.${zone}`]);
  t.is(graded.get(`${zone}.`)?.delegation, 'SECURE');
  // The lab's own zones, and the DS record in one of them, were signed a moment ago, which a clock that is behind
  // would not bear. The box's signatures begin a day early.
  const complaints = [...graded].flatMap(([name, { complaints }]) =>
    complaints.filter(
      (text) =>
        !(
          text.includes('INCEPTION_WITHIN_CLOCK_SKEW') &&
          (text.includes('/IN/DS/') || !name.endsWith(`${zone}.`))
        ),
    ),
  );
  t.deepEqual(complaints, []);
});

const zones = '/home/user-data/dns/zones';
for (const [when, file, temporary] of [
  ['while the signed zone is written', `.${zone}.signed.`, true],
  ['between the signed zone and its text', `${zone}.signed`, false],
  ['while the next zone is in work', 'second.example.signed', false],
] as const) {
  test(`power cut ${when}: the next boot serves whole, signed zones`, async (t) => {
    const box = await mine;
    if (file.startsWith('second')) await box.run('box account add you@second.example', 'correct-horse\n');
    const on = (name: string) => path.join(box.folder, 'upper', zones, name);
    const before = serialIn(readFileSync(on(`${zone}.signed`), 'utf8'));
    // Seen from inside: of an overlay's own layer the kernel tells nothing.
    const watcher = watch(`/proc/${box.leader}/root${zones}`);
    t.teardown(() => watcher.close());
    const reached = new Promise<void>((resolve) =>
      watcher.on('change', (_, name) => {
        if (temporary ? String(name).startsWith(file) : name === file) resolve();
      }),
    );
    const update = box.outcome('box dns update --force');
    const late = update.then(() => 'it was done before the cut');
    t.is(await Promise.race([reached.then(() => 'cut'), late]), 'cut');
    await box.kill();
    await update;
    await box.start();
    const said = await box.console.outcome();
    t.is(said.stage, 'ready', said.error);
    for (const name of readdirSync(on('')).filter((name) => name.endsWith('.signed'))) {
      await output(['ldns-verify-zone', on(name)]);
      const serial = serialIn(readFileSync(on(name), 'utf8'));
      t.is(serialIn(readFileSync(on(name.replace(/signed$/, 'txt')), 'utf8')), serial, name);
      const served = await ask(box.host, v4, '+short', name.replace(/\.signed$/, ''), 'SOA');
      t.true(served.includes(` ${serial} `), served);
    }
    t.true(serialIn(readFileSync(on(`${zone}.signed`), 'utf8')) >= before, 'no serial goes back');
    t.deepEqual(
      readdirSync(on('')).filter((name) => name.startsWith('.')),
      [],
    );
  });
}

const serialIn = (text: string) => Number(/\sSOA\s+\S+ \S+ (\d+)/.exec(text)?.[1]);

test('an IPv4 address in the place of the old one: NSD is there and the zone says so', async (t) => {
  const box = await mine;
  const fresh = '198.51.100.77';
  await waitFor('the first look', async () =>
    (await box.run('journalctl -b -u box-addresses')).includes('up to date') ? true : undefined,
  );
  await box.run(`ip address del ${box.host}/24 dev host0; ip address add ${fresh}/24 dev host0`);
  await waitFor('the zone to follow', async () =>
    (await ask(fresh, v4, '+short', hostname, 'A')).trim() === fresh ? true : undefined,
  );
  t.regex(await ask(fresh, v4, '+dnssec', `ns1.${hostname}`, 'A'), /77\n.*\sRRSIG\s+A 13 4 /);
});

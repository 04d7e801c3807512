/** Rollovers of a box on files of its own: what is signed and published in each phase, and power cuts at every write. */
import { cpSync, existsSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { confValue, readKeySets } from '../../box/dns/dnssec.ts';
import { dsRecords } from '../../box/dns/ds.ts';
import { kinds, readRollovers } from '../../box/dns/rollover/state.ts';
import { dkimKeyStep, dkimTablesStep } from '../../box/first-boot/dkim.ts';
import { dnssecKeysStep, dnsZonesStep } from '../../box/first-boot/dns.ts';
import { rolloverStep } from '../../box/first-boot/rollover.ts';
import { runSteps } from '../../box/init/runner.ts';
import type { File } from '../../box/machine.ts';
import { paths } from '../../box/paths.ts';
import { settings, TemporaryBox } from './box-machine.ts';

const dnssec = '/home/user-data/dns/dnssec';
const conf = `${dnssec}/ECDSAP256SHA256.conf`;
const signedZone = '/home/user-data/dns/zones/example.com.signed';
const hour = 3_600_000;

/** What the world outside of the box answers; `ds`: key tags that the parent vouches for. */
interface World {
  ds: 'none' | string[];
  /** Whether the resolver finds DKIM records that the box's own server has. */
  dkim: boolean;
}

async function make(t: ExecutionContext): Promise<{ box: TemporaryBox; world: World }> {
  const box = await TemporaryBox.booted(t);
  box.write(paths.bootId, 'one\n');
  const world: World = { ds: 'none', dkim: true };
  const header = (count: number) =>
    `;; ->>HEADER<<- opcode: QUERY, status: NOERROR, id: 1\n;; flags: qr rd ra ad; QUERY: 1, ANSWER: ${count}\n\n`;
  const reply = (lines: string[]) => ({
    out: header(lines.length) + (lines.length > 0 ? `;; ANSWER SECTION:\n${lines.join('\n')}\n` : ''),
  });
  box.answer = (argv) => {
    if (argv[0] !== 'dig') return undefined;
    const [name = '', type] = argv.slice(-2);
    if (type === 'DS') return reply(world.ds === 'none' ? [] : world.ds);
    if (type !== 'TXT' || !world.dkim) return reply([]);
    return reply(
      box
        .read(signedZone)
        .split('\n')
        .filter((line) => line.startsWith(`${name}.\t`) && /\tTXT\t/.test(line)),
    );
  };
  return { box, world };
}

/** DS lines of these keys. */
async function dsOf(box: TemporaryBox, base: string): Promise<string[]> {
  const sets = await readKeySets(box.machine);
  const keys = sets.flatMap((set) => set.keys).filter((key) => key.base === base);
  return dsRecords('example.com', [{ name: '', keys }]).map(
    ({ keyTag, algorithm, digestType, digest }) =>
      `example.com.\t1\tIN\tDS\t${keyTag} ${algorithm} ${digestType} ${digest}`,
  );
}

const later = (box: TemporaryBox, hours: number) => {
  box.now = new Date(box.now.getTime() + hours * hour);
};
async function update(t: ExecutionContext, box: TemporaryBox): Promise<void> {
  t.is(await box.box('dns', 'update'), 0, box.complaints.join());
}
const bases = (box: TemporaryBox) =>
  readdirSync(box.at(dnssec))
    .filter((name) => name.endsWith('.private'))
    .map((name) => name.replace('.private', ''))
    .sort();
const named = (box: TemporaryBox, key: string) => confValue(box.read(conf), key);
const tag = (base: string) => Number(base.slice(-5));
/** Tags of the keys that sign this type. */
const signers = (box: TemporaryBox, type: string) =>
  [
    ...box
      .read(signedZone)
      .matchAll(
        new RegExp(`^example\\.com\\.\\t\\d+\\tIN\\tRRSIG\\t${type} 13 2 \\d+ \\d+ \\d+ (\\d+) `, 'gm'),
      ),
  ]
    .map(([, found]) => Number(found))
    .sort();
const dnskeys = (box: TemporaryBox) => [...box.read(signedZone).matchAll(/\tIN\tDNSKEY\t/g)].length;
async function standing(box: TemporaryBox): Promise<Record<string, unknown>[]> {
  await box.box('dns', 'rollover', '--json');
  return JSON.parse(box.said.join('\n'));
}
const numbers = (...names: string[]) => names.map(tag).sort();

test('ZSK: both sign, the wait is over, the old one leaves and its files with it', async (t) => {
  const { box } = await make(t);
  const old = named(box, 'ZSK');
  const before = bases(box);
  t.is(await box.box('dns', 'rollover', 'zsk'), 0, box.complaints.join());
  t.regex(
    box.said.join('\n'),
    /^zone signing key: introducing, .*\n.*\n.*\n {2}waits for .*\n {2}until {6}2026-11-24T18:00/,
  );
  const fresh = bases(box).find((base) => !before.includes(base)) ?? '';
  t.is(statSync(box.at(`${dnssec}/${fresh}.private`)).mode & 0o777, 0o600);
  t.deepEqual(signers(box, 'SOA'), numbers(old, fresh));
  t.is(dnskeys(box), 3);
  t.is(named(box, 'ZSK'), old, 'Mail-in-a-Box’s layout names the key that stays if it ended now');
  t.true(box.ran.includes('service nsd reload'));
  later(box, 5);
  await update(t, box);
  t.deepEqual(box.said, ['every zone is up to date']);
  later(box, 1);
  await update(t, box);
  t.deepEqual(signers(box, 'SOA'), numbers(fresh));
  t.is(dnskeys(box), 2);
  t.is(named(box, 'ZSK'), fresh);
  t.false(bases(box).includes(old));
  t.false(existsSync(box.at(paths.rollovers)), 'nothing but Mail-in-a-Box’s layout is left');
  t.is(await box.box('dns', 'rollover'), 0);
  t.deepEqual(box.said, ['no key is being replaced']);
  await box.init(t);
  t.true(box.report().steps.every(({ result }) => result === 'done'));
});

test('KSK: the owner is told the DS records, and the old key waits for the parent and for its memory', async (t) => {
  const { box, world } = await make(t);
  const old = named(box, 'KSK');
  world.ds = await dsOf(box, old);
  const before = bases(box);
  t.is(await box.box('dns', 'rollover', 'ksk'), 0, box.complaints.join());
  const fresh = bases(box).find((base) => !before.includes(base)) ?? '';
  t.deepEqual(signers(box, 'DNSKEY'), numbers(old, fresh));
  const shownDs = async () => {
    await box.box('dns', 'ds', '--json');
    return (JSON.parse(box.said.join('')) as { keyTag: number }[]).map(({ keyTag }) => keyTag);
  };
  t.deepEqual(await shownDs(), [tag(old), tag(old)], 'too early for the new one');
  later(box, 6);
  await update(t, box);
  t.like((await standing(box))[0], { phase: 'awaiting', owner: true, hangs: false });
  t.deepEqual(await shownDs(), [tag(fresh), tag(fresh)]);
  t.is(await box.box('dns', 'rollover'), 0);
  t.regex(box.said.join('\n'), /the parent of example\.com has the DS record of the old key only/);
  for (const line of await dsOf(box, fresh))
    t.true(
      box.said.some((said) => said.includes(line.replace(/.*\tDS\t/, 'IN DS '))),
      line,
    );
  await box.box('status');
  t.regex(
    box.said.join('\n'),
    /^warning {2}rollover of the key signing key: .*\n.*registrar.*box dns rollover/m,
  );
  later(box, 1000);
  await update(t, box);
  t.is(named(box, 'KSK'), old);
  t.deepEqual(signers(box, 'DNSKEY'), numbers(old, fresh), 'it waits as long as it takes');
  world.ds = [...world.ds, ...(await dsOf(box, fresh))];
  await update(t, box);
  t.like((await standing(box))[0], { phase: 'retiring', owner: false });
  t.is(named(box, 'KSK'), fresh);
  t.deepEqual(signers(box, 'DNSKEY'), numbers(old, fresh));
  world.ds = await dsOf(box, old);
  later(box, 72);
  await update(t, box);
  t.like((await standing(box))[0], { phase: 'awaiting' }, 'the parent went back');
  t.is(named(box, 'KSK'), old);
  world.ds = await dsOf(box, fresh);
  await update(t, box);
  later(box, 47);
  await update(t, box);
  t.is(dnskeys(box), 3);
  later(box, 1);
  await update(t, box);
  t.deepEqual(signers(box, 'DNSKEY'), numbers(fresh));
  t.deepEqual(bases(box), [fresh, named(box, 'ZSK')].sort());
});

test('DKIM: the record first, then the signing, then seven days', async (t) => {
  const { box } = await make(t);
  const published = () =>
    [...box.read(signedZone).matchAll(/^(mail[^.]*)\._domainkey\.example\.com\.\t\d+\tIN\tTXT/gm)].map(
      ([, s]) => s,
    );
  t.is(await box.box('dns', 'rollover', 'dkim'), 0, box.complaints.join());
  const fresh = 'mail-20261124';
  t.deepEqual(published(), ['mail', fresh]);
  const keyTable = () => box.read('/etc/opendkim/KeyTable').split('\n')[0];
  t.is(keyTable(), 'box.example.com box.example.com:mail:/home/user-data/mail/dkim/mail.private');
  later(box, 6);
  await update(t, box);
  t.is(keyTable(), `box.example.com box.example.com:${fresh}:/home/user-data/mail/dkim/${fresh}.private`);
  t.true(box.ran.includes('service opendkim reload'));
  t.deepEqual(published(), ['mail', fresh]);
  await box.init(t);
  await box.box('status');
  t.regex(box.said.join('\n'), /^ok {7}DKIM: signs with the selector mail-20261124$/m);
  later(box, 7 * 24);
  await update(t, box);
  t.deepEqual(published(), [fresh]);
  t.deepEqual(readdirSync(box.at('/home/user-data/mail/dkim')), [`${fresh}.private`, `${fresh}.txt`]);
  await box.init(t);
  t.deepEqual(published(), [fresh], 'and no key is made in the place of the first');
  t.is(await box.box('dns', 'rollover', 'dkim'), 0);
  t.deepEqual(published(), [fresh, 'mail-20261201']);
});

test('DKIM, served elsewhere: the wait counts only once the world shows the record of every domain', async (t) => {
  const { box, world } = await make(t);
  const before = box.read(signedZone);
  box.settle({ dns: { mode: 'external' } });
  await box.init(t);
  t.is(await box.box('dns', 'rollover', 'zsk'), 1);
  t.regex(box.complaints.join(), /serves no zone/);
  world.dkim = false;
  box.write(signedZone, before);
  t.is(await box.box('dns', 'rollover', 'dkim'), 0, box.complaints.join());
  later(box, 1000);
  await update(t, box);
  t.like((await standing(box))[0], { phase: 'introducing', until: undefined, hangs: true });
  await box.box('status');
  t.regex(
    box.said.join('\n'),
    /^error {4}rollover of the DKIM key: hangs\. .*record to be seen for every domain/m,
  );
  const record = /"([^"]*)"\n\t {2}"([^"]*)"\n\t {2}"([^"]*)"/.exec(
    box.read('/home/user-data/mail/dkim/mail-20261124.txt'),
  );
  const line = `mail-20261124._domainkey.example.com.\t1\tIN\tTXT\t"${record?.slice(1).join('" "')}"`;
  box.answer = (argv) =>
    argv[0] === 'dig'
      ? {
          out: `;; ->>HEADER<<- opcode: QUERY, status: NOERROR, id: 1\n;; flags: qr ad; QUERY\n\n;; ANSWER SECTION:\n${line}\n`,
        }
      : undefined;
  await update(t, box);
  later(box, 6);
  await update(t, box);
  t.regex(box.read('/etc/opendkim/KeyTable'), /:mail-20261124:/);
});

test('given up: the new key leaves, the old one was never away', async (t) => {
  const { box, world } = await make(t);
  const [files, dkim] = [bases(box), readdirSync(box.at('/home/user-data/mail/dkim'))];
  world.ds = await dsOf(box, named(box, 'KSK'));
  for (const kind of ['zsk', 'ksk', 'dkim']) {
    t.is(await box.box('dns', 'rollover', kind), 0);
    t.is(await box.box('dns', 'rollover', kind), 1, 'once is enough');
    t.regex(box.complaints.join(), /is being replaced already/);
  }
  t.is(dnskeys(box), 4);
  for (const kind of ['zsk', 'ksk', 'dkim']) {
    t.is(await box.box('dns', 'rollover', kind, '--cancel'), 0, box.complaints.join());
    t.is(await box.box('dns', 'rollover', kind, '--cancel'), 1, box.complaints.join());
  }
  t.deepEqual(bases(box), files);
  t.deepEqual(readdirSync(box.at('/home/user-data/mail/dkim')), dkim);
  t.is(dnskeys(box), 2);
  t.notRegex(box.read(signedZone), /mail-2026/);
  t.is(await box.box('dns', 'rollover', 'ksk'), 0);
  const fresh = bases(box).find((base) => !files.includes(base)) ?? '';
  later(box, 6);
  await update(t, box);
  world.ds = await dsOf(box, fresh);
  t.is(await box.box('dns', 'rollover', 'ksk', '--cancel'), 1);
  t.regex(box.complaints.join(), /stays: the parent zone may vouch for the new key/);
});

test('off for a month between two phases: the wait begins anew, and nothing leaves too early', async (t) => {
  const { box } = await make(t);
  await box.box('dns', 'rollover', 'zsk');
  later(box, 30 * 24);
  box.write(paths.bootId, 'two\n');
  await box.init(t);
  await update(t, box);
  t.is(dnskeys(box), 3);
  later(box, 5.9);
  await update(t, box);
  t.is(dnskeys(box), 3);
  later(box, 0.1);
  await update(t, box);
  t.is(dnskeys(box), 2);
});

test('a zone that can not be built holds every wait up, and status says so', async (t) => {
  const { box } = await make(t);
  const answer = box.answer;
  box.broken = ([program]) => program === 'nsd-checkzone';
  box.answer = (argv, input) => (argv[0] === 'nsd-checkzone' ? { code: 1, err: 'bad' } : answer(argv, input));
  t.is(await box.box('dns', 'rollover', 'zsk'), 1);
  later(box, 72);
  t.is(await box.box('dns', 'update'), 1);
  t.like((await standing(box))[0], { phase: 'introducing', until: undefined, hangs: true });
  box.broken = () => false;
  await update(t, box);
  t.is(dnskeys(box), 3);
  t.like((await standing(box))[0], { phase: 'introducing', hangs: false });
});

test('keys that were restored from before it: the replacement is off, and they sign', async (t) => {
  const { box } = await make(t);
  const before = new Map(readdirSync(box.at(dnssec)).map((name) => [name, box.read(`${dnssec}/${name}`)]));
  const old = named(box, 'ZSK');
  await box.box('dns', 'rollover', 'zsk');
  later(box, 6);
  await update(t, box);
  await box.box('dns', 'rollover', 'zsk');
  for (const [name, text] of before) box.write(`${dnssec}/${name}`, text);
  await box.init(t);
  await update(t, box);
  t.false(existsSync(box.at(paths.rollovers)));
  t.deepEqual(signers(box, 'SOA'), numbers(old));
});

test('a state that the box did not write is named', async (t) => {
  const { box } = await make(t);
  box.write(
    paths.rollovers,
    '{"format":1,"zsk":{"phase":"removing","pairs":[{"set":"X","old":"../x","new":"y"}]}}',
  );
  t.is(await box.box('dns', 'update'), 1);
  t.regex(box.complaints.join(), /rollovers\.json is not what the box writes -> restore it/);
});

/** What `box init` does for keys and zones, without its other steps: a boot after each of many cuts takes long. */
async function boot({ machine, now }: TemporaryBox): Promise<void> {
  const steps = [rolloverStep, dkimKeyStep, dkimTablesStep, dnssecKeysStep, dnsZonesStep];
  for await (const _ of runSteps(steps, { machine, settings, now: () => now }));
}

for (const kind of kinds)
  test(`${kind}: a power cut at any write or removal leaves what is published valid, and it ends whole`, async (t) => {
    t.timeout(300_000);
    const { box, world } = await make(t);
    const before = { zsk: named(box, 'ZSK'), ksk: named(box, 'KSK'), dkim: 'mail.private' };
    world.ds = await dsOf(box, before.ksk);
    const put = box.machine.put.bind(box.machine);
    const remove = box.machine.remove.bind(box.machine);
    let left = Number.POSITIVE_INFINITY;
    const cut = (path: string) => {
      // Memory is lost with the power in any case.
      if (path.startsWith('/run/')) return;
      if (left-- <= 0) throw new Error('power cut');
    };
    box.machine.put = async (file: File) => {
      if (left === 0 && !file.path.startsWith('/run/')) {
        const fresh = path.join(path.dirname(file.path), `.${path.basename(file.path)}.box-new`);
        writeFileSync(box.at(fresh), file.text.slice(0, file.text.length / 2));
      }
      cut(file.path);
      return put(file);
    };
    box.machine.remove = async (file: string) => {
      if (existsSync(box.at(file))) cut(file);
      return remove(file);
    };
    const snapshot = mkdtempSync(path.join(tmpdir(), 'box-before-'));
    t.teardown(() => rmSync(snapshot, { recursive: true, force: true }));
    const copy = (from: string, to: string) => {
      rmSync(to, { recursive: true });
      cpSync(from, to, { recursive: true, preserveTimestamps: true, verbatimSymlinks: true });
    };
    let cuts = 0;
    /** Runs a command with a cut at its first, second, third... write, each time from where it began, and a boot after each. */
    const through = async (...argv: string[]) => {
      copy(box.root, snapshot);
      for (let allowed = 0; ; allowed++) {
        left = allowed;
        const code = await box.box(...argv);
        const wasCut = box.complaints.join().includes('power cut');
        left = Number.POSITIVE_INFINITY;
        if (!wasCut) return t.is(code, 0, box.complaints.join());
        cuts++;
        rmSync(box.at('/run/box/dns'), { recursive: true, force: true });
        // What `box init` does first; it also finds the new boot's id.
        box.write(paths.ready, JSON.stringify({ ...box.report(), bootId: `boot after ${cuts} cuts` }));
        await boot(box);
        await isValid();
        // What the cut left undone is done by the next run.
        if (cuts % 4 === 0) {
          await update(t, box);
          await isValid();
        }
        copy(snapshot, box.root);
      }
    };
    /** The parent's key signs the keys, each signature's key is there, and mail's selector is published. */
    const isValid = async () => {
      const there = [...box.read(signedZone).matchAll(/\tIN\tDNSKEY\t.*;\{id = (\d+)/g)].map(([, id]) =>
        Number(id),
      );
      for (const signer of [...signers(box, 'SOA'), ...signers(box, 'DNSKEY')])
        t.true(there.includes(signer));
      const vouched = [world.ds].flat().map((line) => Number(/\tDS\t(\d+)/.exec(line)?.[1]));
      t.true(
        vouched.some((id) => signers(box, 'DNSKEY').includes(id)),
        'the parent’s key',
      );
      const selector = /box\.example\.com:(\S+?):(\S+)/.exec(box.read('/etc/opendkim/KeyTable'));
      t.regex(box.read(signedZone), new RegExp(`^${selector?.[1]}\\._domainkey\\.example\\.com\\.\\t`, 'm'));
      t.true(existsSync(box.at(selector?.[2] ?? '')));
      const count = (await readKeySets(box.machine)).flatMap(({ keys }) => keys.map(({ base }) => base));
      const leaving = Object.values(await readRollovers(box.machine)).flatMap((rollover) =>
        rollover?.phase === 'removing' ? rollover.pairs.map((pair) => pair.old) : [],
      );
      for (const base of bases(box))
        t.true([...count, ...leaving].includes(base), `${base} belongs to nobody`);
    };
    await through('dns', 'rollover', kind);
    later(box, 7);
    await through('dns', 'update');
    if (kind === 'ksk') {
      const [{ new: fresh }] = (await standing(box)) as [{ new: string[] }];
      world.ds = [...world.ds, ...(await dsOf(box, fresh[0] ?? ''))];
      await through('dns', 'update');
    }
    if (kind !== 'zsk') {
      later(box, 8 * 24);
      await through('dns', 'update');
    }
    t.false(existsSync(box.at(paths.rollovers)));
    t.deepEqual(bases(box), [named(box, 'KSK'), named(box, 'ZSK')].sort(), 'no key is left over');
    const dkim = readdirSync(box.at('/home/user-data/mail/dkim')).filter((name) => name.endsWith('.private'));
    const old = before[kind];
    t.is(dkim.length, 1);
    t.false([...bases(box), ...dkim].includes(old), `${old} is gone`);
    await isValid();
    t.true(cuts > 12, `${cuts} cuts`);
    t.log(`${cuts} cuts`);
  });

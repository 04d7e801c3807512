/** Rollovers through power cuts at every write: what is published stays valid, and each ends whole. */
import { cpSync, existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import test from 'ava';
import { runSteps } from '../../box/init/runner.ts';
import { dkimKeyStep, dkimTablesStep } from '../../box/init/steps/dkim.ts';
import { dnssecKeysStep, dnsZonesStep } from '../../box/init/steps/dns.ts';
import { rolloverStep } from '../../box/init/steps/rollover.ts';
import { readKeySets } from '../../box/keys/dnssec/key-sets.ts';
import { kinds, readRollovers } from '../../box/keys/rollovers.ts';
import type { File } from '../../box/machine/machine.ts';
import { paths } from '../../box/machine/paths.ts';
import {
  bases,
  dsOf,
  later,
  makeRollingBox,
  named,
  signedZone,
  signers,
  standing,
  update,
} from '../unit/box/renew/rolling-box.ts';
import { settings, type TemporaryBox } from '../unit/box/temporary-box.ts';

/** What `box init` does for keys and zones, without its other steps: a boot after each of many cuts takes long. */
async function boot({ machine, now }: TemporaryBox): Promise<void> {
  const steps = [rolloverStep, dkimKeyStep, dkimTablesStep, dnssecKeysStep, dnsZonesStep];
  for await (const _ of runSteps(steps, { machine, settings, now: () => now }));
}

for (const kind of kinds)
  test(`${kind}: a power cut at any write or removal leaves what is published valid, and it ends whole`, async (t) => {
    t.timeout(300_000);
    const { box, world } = await makeRollingBox(t);
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

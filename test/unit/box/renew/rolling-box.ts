/** A box with a zone, and the world outside that answers its questions during a rollover: setup of the tests, and what they read. */
import { readdirSync } from 'node:fs';
import type { ExecutionContext } from 'ava';
import { dsRecords } from '../../../../box/dns/ds.ts';
import { confValue, readKeySets } from '../../../../box/keys/dnssec/key-sets.ts';
import { paths } from '../../../../box/machine/paths.ts';
import { TemporaryBox } from '../temporary-box.ts';

export const dnssec = '/home/user-data/dns/dnssec';
const conf = `${dnssec}/ECDSAP256SHA256.conf`;
export const signedZone = '/home/user-data/dns/zones/example.com.signed';
const hour = 3_600_000;

/** What the world outside of the box answers; `ds`: key tags that the parent vouches for. */
interface World {
  ds: 'none' | string[];
  /** Whether the resolver finds DKIM records that the box's own server has. */
  dkim: boolean;
}

export async function makeRollingBox(t: ExecutionContext): Promise<{ box: TemporaryBox; world: World }> {
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
export async function dsOf(box: TemporaryBox, base: string): Promise<string[]> {
  const sets = await readKeySets(box.machine);
  const keys = sets.flatMap((set) => set.keys).filter((key) => key.base === base);
  return dsRecords('example.com', [{ name: '', keys }]).map(
    ({ keyTag, algorithm, digestType, digest }) =>
      `example.com.\t1\tIN\tDS\t${keyTag} ${algorithm} ${digestType} ${digest}`,
  );
}

export const later = (box: TemporaryBox, hours: number) => {
  box.now = new Date(box.now.getTime() + hours * hour);
};
export async function update(t: ExecutionContext, box: TemporaryBox): Promise<void> {
  t.is(await box.box('dns', 'update'), 0, box.complaints.join());
}
export const bases = (box: TemporaryBox) =>
  readdirSync(box.at(dnssec))
    .filter((name) => name.endsWith('.private'))
    .map((name) => name.replace('.private', ''))
    .sort();
export const named = (box: TemporaryBox, key: string) => confValue(box.read(conf), key);
export const tag = (base: string) => Number(base.slice(-5));
/** Tags of the keys that sign this type. */
export const signers = (box: TemporaryBox, type: string) =>
  [
    ...box
      .read(signedZone)
      .matchAll(
        new RegExp(`^example\\.com\\.\\t\\d+\\tIN\\tRRSIG\\t${type} 13 2 \\d+ \\d+ \\d+ (\\d+) `, 'gm'),
      ),
  ]
    .map(([, found]) => Number(found))
    .sort();
export const dnskeys = (box: TemporaryBox) => [...box.read(signedZone).matchAll(/\tIN\tDNSKEY\t/g)].length;
export async function standing(box: TemporaryBox): Promise<Record<string, unknown>[]> {
  await box.box('dns', 'rollover', '--json');
  return JSON.parse(box.said.join('\n'));
}
export const numbers = (...names: string[]) => names.map(tag).sort();

/** What the parent zones say of a key signing key that is being replaced. */
import { type Answer, dig } from '../../dns/ask.ts';
import { dsRecords } from '../../dns/ds.ts';
import type { KeySet, SigningKey } from '../../keys/dnssec/key-sets.ts';
import type { Machine } from '../../machine/machine.ts';

/** For one zone: whether the old key may go as far as its parent is concerned. */
export interface Vouching {
  readonly zone: string;
  /**
   * `new`: a DS record for the new key is there. `none`: the parent vouches for no key, or for one of another set.
   * `old`: for the old key only. `another`: for a key that the box does not have. `unknown`: no answer to rely on.
   */
  readonly by: 'new' | 'none' | 'old' | 'another' | 'unknown';
  /** Seconds that an earlier answer may be remembered. */
  readonly ttl: number;
}

/** A day: the longest usual time to live of a DS record, where an answer does not tell. */
const longest = 86_400;

/** Asks the box's validating resolver, for each zone that one of the sets signs. */
export async function lookAtParents(
  machine: Machine,
  zones: readonly string[],
  sets: readonly KeySet[],
  olds: readonly string[],
  news: readonly string[],
  all: readonly KeySet[],
): Promise<Vouching[]> {
  const found: Vouching[] = [];
  for (const zone of zones) {
    const answer = await dig(machine, [zone, 'DS']);
    for (const set of sets) {
      if (set.domains !== undefined && !set.domains.includes(zone)) continue;
      const own = (names: readonly string[]) => set.keys.filter(({ base }) => names.includes(base));
      const others = all.filter(({ name }) => name !== set.name).flatMap(({ keys }) => keys);
      found.push(judge(zone, answer, own(olds), own(news), others));
    }
  }
  return found;
}

export function judge(
  zone: string,
  answer: Answer,
  old: readonly SigningKey[],
  fresh: readonly SigningKey[],
  others: readonly SigningKey[],
): Vouching {
  const originals = answer.records.flatMap(({ type, data }) => {
    const [covered, , , ttl] = data.split(' ');
    return type === 'RRSIG' && covered === 'DS' ? [Number(ttl)] : [];
  });
  const ds = answer.records.filter(({ type }) => type === 'DS').map(({ data }) => comparable(data));
  const ttl = originals.length === 0 ? longest : Math.max(...originals);
  const vouchesFor = (keys: readonly SigningKey[]) =>
    dsRecords(zone, [{ name: '', keys }]).some(({ keyTag, algorithm, digestType, digest }) =>
      ds.includes(`${keyTag} ${algorithm} ${digestType} ${digest}`),
    );
  const by = (): Vouching['by'] => {
    if (answer.status !== 'NOERROR' && answer.status !== 'NXDOMAIN') return 'unknown';
    // The resolver validates, so a denial that is forged does not come through; without a signed parent nobody can validate.
    if (ds.length === 0) return 'none';
    if (!answer.authenticated) return 'unknown';
    if (vouchesFor(fresh)) return 'new';
    if (vouchesFor(old)) return 'old';
    return vouchesFor(others) ? 'none' : 'another';
  };
  return { zone, by: by(), ttl };
}

/** dig breaks a digest into pieces, in capitals. */
function comparable(data: string): string {
  const [tag, algorithm, type, ...digest] = data.toLowerCase().split(' ');
  return `${tag} ${algorithm} ${type} ${digest.join('')}`;
}

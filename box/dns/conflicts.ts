/** Which of the owner's records can stand beside the box's own and beside each other. Pure. */
import { judge, type Refused } from './custom.ts';
import { ownersWish } from './reasons.ts';
import { type CustomRecord, type DnsRecord, isWithin, zoneOf } from './record.ts';
import type { DnsFacts } from './zones.ts';

/**
 * @param zones the box's zones
 * @param fixed records that nobody may change
 * @param needed names that the box itself must answer for
 */
export function acceptCustom(
  { custom, ipv4, ipv6 }: Pick<DnsFacts, 'custom' | 'ipv4' | 'ipv6'>,
  zones: readonly string[],
  fixed: readonly DnsRecord[],
  needed: readonly string[],
): { accepted: DnsRecord[]; refused: Refused[] } {
  const refused: Refused[] = [];
  const sound: CustomRecord[] = [];
  const zoneSet = new Set(zones);
  for (const written of custom) {
    const judged = judge(written, zoneSet);
    if ('refused' in judged) refused.push(judged.refused);
    else sound.push(judged.record);
  }
  const accepted = new Map<string, DnsRecord[]>();
  const beside: Beside = {
    sound: grouped(sound),
    fixed: grouped(fixed),
    needed: new Set(needed),
    cuts: cutsAmong(sound, needed),
    accepted,
  };
  for (const record of sound) {
    const why = clash(record, beside);
    const value = record.value === 'local' ? (record.type === 'A' ? ipv4 : ipv6) : record.value;
    const there = accepted.get(record.name) ?? [];
    if (why !== undefined) refused.push({ ...record, why });
    else if (value === undefined) refused.push({ ...record, why: 'the box has no such address' });
    else if (!there.some((other) => other.type === record.type && other.value === value)) {
      accepted.set(record.name, [...there, { ...record, value, why: ownersWish }]);
    }
  }
  return { accepted: [...accepted.values()].flat(), refused };
}

type ByName<Record> = ReadonlyMap<string, readonly Record[]>;

interface Beside {
  readonly sound: ByName<CustomRecord>;
  readonly fixed: ByName<DnsRecord>;
  readonly needed: ReadonlySet<string>;
  /** Names that other servers shall answer for, and may: nothing that the box needs lies below. */
  readonly cuts: ReadonlySet<string>;
  readonly accepted: ByName<DnsRecord>;
}

function cutsAmong(sound: readonly CustomRecord[], needed: readonly string[]): Set<string> {
  const names = new Set(sound.filter(({ type }) => type === 'NS').map(({ name }) => name));
  return new Set(
    [...names].filter((name) => !name.startsWith('*.') && !needed.some((own) => isWithin(own, name))),
  );
}

/** Why a record can't be published; undefined where it can. */
function clash(record: CustomRecord, { sound, fixed, needed, cuts, accepted }: Beside): string | undefined {
  const { name, type, value } = record;
  const own = fixed.get(name) ?? [];
  if (type === 'NS') {
    if (name.startsWith('*.')) return 'a wildcard can’t be delegated';
    const lost = [...needed].find((needs) => isWithin(needs, name));
    if (lost !== undefined) return `the box itself must answer for ${lost}`;
  } else if (own.some((other) => other.type === type)) {
    return 'the box’s own record of this name and type can’t be changed';
  }
  // A delegation itself lies above its own cut, and below others'.
  const cut = zoneOf(type === 'NS' ? name.slice(name.indexOf('.') + 1) : name, cuts);
  if (cut !== undefined && !isGlue(record, sound.get(cut) ?? []))
    return `${cut} is delegated to other name servers`;
  if (
    type === 'MX' &&
    value === '0 .' &&
    sound.get(name)?.some(({ type, value }) => type === 'MX' && value !== '0 .')
  )
    return 'that no mail is taken stands alone, and there are other MX records of the name';
  if (type !== 'CNAME') return undefined;
  if (needed.has(name)) return 'the box needs other records at this name, and an alias has none';
  if (value === `${name}.`) return 'an alias of itself';
  if (sound.get(name)?.some((other) => other.type !== 'CNAME')) return 'an alias can’t have other records';
  if (accepted.get(name)?.some((other) => other.value !== value))
    return 'a name can be an alias of one other only';
  return own.length > 0 ? 'the box’s own record stands at this name' : undefined;
}

/** Addresses below a delegation are in place where they are its own name servers'. */
function isGlue({ name, type }: CustomRecord, atCut: readonly CustomRecord[]): boolean {
  if (type !== 'A' && type !== 'AAAA') return false;
  return atCut.some((record) => record.type === 'NS' && record.value === `${name}.`);
}

function grouped<Record extends CustomRecord>(records: readonly Record[]): Map<string, Record[]> {
  const all = new Map<string, Record[]>();
  for (const record of records) {
    const there = all.get(record.name);
    if (there === undefined) all.set(record.name, [record]);
    else there.push(record);
  }
  return all;
}

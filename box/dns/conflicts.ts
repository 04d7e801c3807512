/** Which of the owner's records can stand beside the box's own and beside each other. Pure. */
import { judge, type Refused } from './custom.ts';
import { type CustomRecord, type DnsRecord, isWithin } from './record.ts';
import type { DnsFacts } from './records.ts';

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
  for (const written of custom) {
    const judged = judge(written, zones);
    if ('refused' in judged) refused.push(judged.refused);
    else sound.push(judged.record);
  }
  const cuts = new Set(sound.filter(({ type }) => type === 'NS').map(({ name }) => name));
  const accepted: DnsRecord[] = [];
  for (const record of sound) {
    const why = clash(record, { sound, fixed, needed, cuts: [...cuts], accepted });
    const value = record.value === 'local' ? (record.type === 'A' ? ipv4 : ipv6) : record.value;
    if (why !== undefined) refused.push({ ...record, why });
    else if (value === undefined) refused.push({ ...record, why: 'the box has no such address' });
    else if (!isTwice(accepted, { ...record, value })) {
      accepted.push({ ...record, value, why: 'The box’s owner wants it.' });
    }
  }
  return { accepted, refused };
}

interface Beside {
  readonly sound: readonly CustomRecord[];
  readonly fixed: readonly DnsRecord[];
  readonly needed: readonly string[];
  readonly cuts: readonly string[];
  readonly accepted: readonly DnsRecord[];
}

/** Why a record can't be published; undefined where it can. */
function clash(record: CustomRecord, { sound, fixed, needed, cuts, accepted }: Beside): string | undefined {
  const { name, type, value } = record;
  if (type === 'NS') {
    if (name.startsWith('*.')) return 'a wildcard can’t be delegated';
    const lost = needed.find((own) => isWithin(own, name));
    if (lost !== undefined) return `the box itself must answer for ${lost}`;
  } else if (fixed.some((own) => own.name === name && own.type === type)) {
    return 'the box’s own record of this name and type can’t be changed';
  }
  const cut = cuts.find(
    (domain) =>
      isWithin(name, domain) &&
      !(type === 'NS' && name === domain) &&
      !needed.some((own) => isWithin(own, domain)) &&
      !domain.startsWith('*.'),
  );
  if (cut !== undefined && !isGlue(record, sound, cut)) return `${cut} is delegated to other name servers`;
  if (type === 'CNAME') {
    if (needed.includes(name)) return 'the box needs other records at this name, and an alias has none';
    if (value === `${name}.`) return 'an alias of itself';
    if (sound.some((other) => other.name === name && other.type !== 'CNAME'))
      return 'an alias can’t have other records';
    if (accepted.some((other) => other.name === name && other.value !== value))
      return 'a name can be an alias of one other only';
    if (fixed.some((own) => own.name === name)) return 'the box’s own record stands at this name';
  }
  return undefined;
}

/** Addresses below a delegation are in place where they are its own name servers'. */
function isGlue({ name, type }: CustomRecord, all: readonly CustomRecord[], cut: string): boolean {
  if (type !== 'A' && type !== 'AAAA') return false;
  return all.some((r) => r.type === 'NS' && r.name === cut && r.value === `${name}.`);
}

function isTwice(accepted: readonly CustomRecord[], { name, type, value }: CustomRecord): boolean {
  return accepted.some((r) => r.name === name && r.type === type && r.value === value);
}

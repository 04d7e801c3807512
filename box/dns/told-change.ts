/** What a change of the owner's records does to those that the box makes by itself, in words. Pure. */
import { noMail, ownersWish } from './reasons.ts';
import { type DnsRecord, rdata } from './record.ts';
import type { Zone } from './zones.ts';

const shown = (record: DnsRecord) => `${record.name} ${record.type} ${rdata(record).slice(0, 120)}`;
const others: readonly string[] = [ownersWish, ...Object.values(noMail)];
const byBox = (zones: readonly Zone[]) =>
  zones.flatMap(({ records }) => records).filter(({ why }) => !others.includes(why));

/**
 * Lines for people: which records of the box's the change takes away, what then stands for them, and which MX of the box's
 * stays beside the owner's. None where it does none of that.
 */
export function toldChange(
  before: readonly Zone[],
  after: readonly Zone[],
  { name, type }: { readonly name: string; readonly type: string },
): string[] {
  const [old, now] = [byBox(before), byBox(after)];
  const [was, is] = [new Set(old.map(shown)), new Set(now.map(shown))];
  const lost = old.filter((record) => !is.has(shown(record)));
  const isOf = (record: DnsRecord) => record.name === name && record.type === type;
  const come = now.filter((record) => !was.has(shown(record)) && (lost.length > 0 || isOf(record)));
  const isOwn = after.some(({ records }) =>
    records.some((record) => record.why === ownersWish && record.name === name && record.type === 'MX'),
  );
  const beside = now.filter(
    (record) => isOwn && record.name === name && type === 'MX' && record.type === type,
  );
  const told = (word: string, records: readonly DnsRecord[]) =>
    records.map((record) => `${word}: ${shown(record)} (${record.why})`);
  return [...told('no longer', lost), ...told('now', come), ...told('beside it', beside)];
}

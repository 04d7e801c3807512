/** When a rollover goes on to its next phase. Pure: what was seen in, the next phase out. */
import type { Kind, Rollover } from '../../keys/rollovers.ts';
import { forgotten } from '../../keys/timers.ts';
import type { Vouching } from './parent.ts';

const second = 1000;
export const day = 86_400 * second;

/** Mail may be under way so long: five days in a queue, and as a whole number of weeks easy to remember. */
const mailUnderWay = 7 * day;
/** The servers of a parent zone do not all change at once. */
const parentSpread = day;

export interface Seen {
  readonly now: Date;
  readonly boot: string;
  /** KSK, in `awaiting` and `retiring`: what the parents say. Absent: they were not asked. */
  readonly parents?: readonly Vouching[];
  /** DKIM, at the end of `introducing`: whether every domain's record is really seen. */
  readonly recordSeen?: boolean;
}

/** From when on this phase's wait counts; undefined: it does not count yet. */
export function countsSince(rollover: Rollover, { now, boot }: Pick<Seen, 'now' | 'boot'>): Date | undefined {
  if (rollover.since === undefined) return undefined;
  // While the box was off, secondaries could not fetch the new version.
  if (rollover.phase === 'introducing' && rollover.boot !== boot) return undefined;
  const since = new Date(rollover.since);
  // Of the future: the clock was wrong.
  return since > now ? undefined : since;
}

/** How long this phase waits once it counts, in milliseconds; undefined where time alone ends nothing. */
export function waitOf(kind: Kind, { phase, dsTtl = 0 }: Rollover): number | undefined {
  if (phase === 'introducing') return forgotten * second;
  if (phase !== 'retiring') return undefined;
  return kind === 'dkim' ? mailUnderWay : dsTtl * second + parentSpread;
}

/** Until when it waits at least. */
export function waitsUntil(kind: Kind, rollover: Rollover, at: Pick<Seen, 'now' | 'boot'>): Date | undefined {
  const since = countsSince(rollover, at);
  const wait = waitOf(kind, rollover);
  return since === undefined || wait === undefined ? undefined : new Date(since.getTime() + wait);
}

/** The rollover in its next phase; undefined: it stays where it is. `making` and `removing` end with their work. */
export function next(kind: Kind, rollover: Rollover, seen: Seen): Rollover | undefined {
  const { since: _, boot: __, ...rest } = rollover;
  const enter = (phase: Rollover['phase']): Rollover => ({ ...rest, phase, entered: seen.now.toISOString() });
  const until = waitsUntil(kind, rollover, seen);
  const waited = until !== undefined && until <= seen.now;
  switch (rollover.phase) {
    case 'introducing':
      if (!waited) return undefined;
      if (kind === 'zsk') return enter('removing');
      if (kind === 'ksk') return enter('awaiting');
      return seen.recordSeen === true ? enter('retiring') : undefined;
    case 'awaiting': {
      if (seen.parents === undefined || !allVouch(seen.parents)) return undefined;
      const dsTtl = Math.max(0, ...seen.parents.map(({ ttl }) => ttl));
      return { ...enter('retiring'), since: seen.now.toISOString(), dsTtl };
    }
    case 'retiring':
      if (kind === 'dkim') return waited ? enter('removing') : undefined;
      // The parent has changed its mind. What it said until now may be remembered.
      if (seen.parents?.some(({ by }) => by === 'old' || by === 'another') === true)
        return { ...enter('awaiting'), since: seen.now.toISOString() };
      return waited && seen.parents !== undefined && allVouch(seen.parents) ? enter('removing') : undefined;
    default:
      return undefined;
  }
}

function allVouch(parents: readonly Vouching[]): boolean {
  return parents.every(({ by }) => by === 'new' || by === 'none');
}

/** Why it can't be given up any more; undefined: it can, and leaves nothing that anybody relies on. */
export function whyTooLate(kind: Kind, rollover: Rollover, seen: Seen): string | undefined {
  const { phase, since, dsTtl = 0 } = rollover;
  if (phase === 'introducing') return undefined;
  if (phase === 'removing') return 'the old key has left already';
  if (kind === 'dkim') return 'mail is signed with the new key already';
  if (phase === 'retiring') return 'the parent zone vouches for the new key';
  if (seen.parents === undefined || seen.parents.some(({ by }) => by === 'new' || by === 'unknown'))
    return 'the parent zone may vouch for the new key: have its DS record removed first';
  // Noted while the clock was ahead, it may have been any moment until now.
  const noted = since === undefined ? undefined : Math.min(Date.parse(since), seen.now.getTime());
  const remembered = noted === undefined ? 0 : noted + dsTtl * second + parentSpread;
  if (remembered > seen.now.getTime())
    return `the parent zone’s DS record for the new key may be remembered until ${new Date(remembered).toISOString()}`;
  return undefined;
}

/** Given up: the new key leaves as an old one does. */
export function givenUp(rollover: Rollover, now: Date): Rollover {
  const { started, pairs } = rollover;
  return {
    phase: 'removing',
    pairs: pairs.map((pair) => ({ ...pair, old: pair.new, new: pair.old })),
    started,
    entered: now.toISOString(),
  };
}

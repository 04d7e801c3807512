/** How far the change to another TLS key is, and what it waits for, in words. */
import { type KeyChange, readKeyChange, waitsUntil } from '../../keys/tls/change.ts';
import type { Box } from '../../machine/box.ts';
import { bootId } from '../../machine/report.ts';
import { type Bringer, whoBrings } from './change.ts';

export interface KeyChangeStanding {
  readonly phase: KeyChange['phase'];
  readonly waitsFor: string;
  /** Not before. */
  readonly until?: string;
  /** Only the owner can make it go on. */
  readonly owner: boolean;
  readonly problem?: NonNullable<KeyChange['problem']>;
  /** It should have gone on days ago. */
  readonly hangs: boolean;
}

const day = 86_400_000;

export async function keyChangeStanding(box: Box): Promise<KeyChangeStanding | undefined> {
  const change = await readKeyChange(box.machine);
  if (change === undefined) return undefined;
  const now = box.now();
  const until = waitsUntil(change, now, await bootId(box.machine));
  const bringer = await whoBrings(box.machine);
  const over = until !== undefined && until <= now;
  const owner = change.phase === 'introducing' && over && bringer === 'owner';
  const late = (until?.getTime() ?? Date.parse(change.started)) + 3 * day;
  return {
    phase: change.phase,
    waitsFor: words(change, over, until !== undefined, bringer),
    ...(until === undefined || over ? {} : { until: until.toISOString() }),
    owner,
    ...(change.problem === undefined ? {} : { problem: change.problem }),
    hangs: !owner && now.getTime() > late,
  };
}

function words({ phase }: KeyChange, over: boolean, counts: boolean, bringer: Bringer): string {
  if (phase === 'switching') return 'the daemons to take the new key';
  if (phase === 'retiring') return 'the world to forget the old key’s TLSA records';
  if (!counts) return 'the next key’s TLSA records to be seen';
  if (!over) return 'the world to learn of the next key’s TLSA records';
  if (bringer === 'owner') return 'a certificate for the next key: box tls csr --next, then box tls install';
  return bringer === 'authority' ? 'the authority’s certificate for the next key' : 'the next box tls renew';
}

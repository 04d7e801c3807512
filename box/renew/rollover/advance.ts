/** Takes every rollover as far as it may go, and publishes what follows. It may be cut off at any point and run again. */
import { type Published, updateZones, wantedZones, whyDue } from '../../dns/publish.ts';
import { readKeySets } from '../../keys/dnssec/key-sets.ts';
import { type Kind, kinds, putRollover, type Rollover, readRollovers } from '../../keys/rollovers.ts';
import type { Box } from '../../machine/box.ts';
import { bootId } from '../../machine/report.ts';
import { reloadOpendkim, updateTables } from '../../mail/opendkim.ts';
import { removeKeys, settleFiles } from './files.ts';
import { lookAtParents, type Vouching } from './parent.ts';
import { countsSince, next, type Seen, waitsUntil } from './phases.ts';
import { recordSeen } from './record-seen.ts';

/** @throws Failure when a zone could not be built; no wait counts then. */
export async function advance(box: Box, options: { force?: boolean } = {}): Promise<Published> {
  const { machine, settings } = box;
  await settleFiles(machine);
  for (const kind of kinds) {
    const rollover = (await readRollovers(machine))[kind];
    if (rollover === undefined) continue;
    const changed = next(kind, rollover, await see(box, kind, rollover));
    if (changed !== undefined) await putRollover(machine, kind, changed);
  }
  await settleFiles(machine);
  await updateTables(machine, settings.hostname);
  const published = await updateZones(box, options);
  await noteWhatIsPublished(box);
  return published;
}

/** What the next phase depends on; nobody is asked for what it does not. */
export async function see(box: Box, kind: Kind, rollover: Rollover): Promise<Seen> {
  const at = { now: box.now(), boot: await bootId(box.machine) };
  const { phase, pairs } = rollover;
  if (kind === 'ksk' && (phase === 'awaiting' || phase === 'retiring'))
    return { ...at, parents: await askParents(box, rollover) };
  const until = waitsUntil(kind, rollover, at);
  if (kind !== 'dkim' || phase !== 'introducing' || until === undefined || until > at.now) return at;
  return {
    ...at,
    recordSeen: await recordSeen(box.machine, await wantedZones(box), pairs[0]?.new ?? '', 'all'),
  };
}

export async function askParents(box: Box, { pairs }: Rollover): Promise<Vouching[]> {
  const { served } = await wantedZones(box);
  const sets = await readKeySets(box.machine);
  return lookAtParents(
    box.machine,
    served.map(({ name }) => name),
    sets.filter(({ name }) => pairs.some(({ set }) => set === name)),
    pairs.map((pair) => pair.old),
    pairs.map((pair) => pair.new),
    sets,
  );
}

/** A wait counts from when the world can see the new state; an old key's files go when nothing shows it any more. */
async function noteWhatIsPublished(box: Box): Promise<void> {
  const { machine } = box;
  const rollovers = await readRollovers(machine);
  if (kinds.every((kind) => rollovers[kind] === undefined)) return;
  const wanted = await wantedZones(box);
  for (const zone of wanted.served) if ((await whyDue(box, zone)) !== undefined) return;
  const at = { now: box.now(), boot: await bootId(machine) };
  for (const kind of kinds) {
    const rollover = rollovers[kind];
    if (rollover === undefined) continue;
    const note = () =>
      putRollover(machine, kind, { ...rollover, since: at.now.toISOString(), boot: at.boot });
    if (rollover.phase === 'removing') {
      await removeKeys(
        machine,
        kind,
        rollover.pairs.map((pair) => pair.old),
      );
      await putRollover(machine, kind, undefined);
    } else if (countsSince(rollover, at) !== undefined) continue;
    else if (rollover.phase === 'introducing') {
      const [pair] = rollover.pairs;
      if (kind !== 'dkim' || (await recordSeen(machine, wanted, pair?.new ?? '', 'elsewhere'))) await note();
    } else if (rollover.phase === 'awaiting') {
      // Noted while the clock was ahead: what the parent said is remembered from now on.
      if (rollover.since !== undefined) await note();
    } else if (rollover.phase === 'retiring') {
      // Once more: OpenDKIM must not go on with the old key after its record is gone.
      if (kind === 'dkim') await reloadOpendkim(machine);
      await note();
    }
  }
}

/** Begins a rollover, and gives one up while nobody relies on its new key. */
import { wantedZones } from '../../dns/publish.ts';
import { type Kind, putRollover, readRollovers } from '../../keys/rollovers.ts';
import type { Box } from '../../machine/box.ts';
import { Failure } from '../../machine/failure.ts';
import { bootId } from '../../machine/report.ts';
import { advance, askParents } from './advance.ts';
import { makeKeys, settleFiles } from './files.ts';
import { givenUp, whyTooLate } from './phases.ts';

const look = 'box dns rollover says how far it is';

export async function startRollover(box: Box, kind: Kind): Promise<void> {
  const { machine } = box;
  if ((await readRollovers(machine))[kind] !== undefined)
    throw new Failure(`the ${names[kind]} is being replaced already`, look);
  if (kind !== 'dkim' && (await wantedZones(box)).served.length === 0)
    throw new Failure('the box serves no zone, and so signs none', 'have it done where the zones are signed');
  await makeKeys(machine, kind, box.now());
  await advance(box);
}

export async function cancelRollover(box: Box, kind: Kind): Promise<void> {
  const { machine } = box;
  await settleFiles(machine);
  const rollover = (await readRollovers(machine))[kind];
  if (rollover === undefined) throw new Failure(`the ${names[kind]} is not being replaced`, look);
  const asked = rollover.phase === 'awaiting' ? { parents: await askParents(box, rollover) } : {};
  const why = whyTooLate(kind, rollover, { now: box.now(), boot: await bootId(machine), ...asked });
  if (why !== undefined) throw new Failure(`the new ${names[kind]} stays: ${why}`, look);
  await putRollover(machine, kind, givenUp(rollover, box.now()));
  await advance(box);
}

/** In the field's terms. */
export const names: Readonly<Record<Kind, string>> = {
  zsk: 'zone signing key',
  ksk: 'key signing key',
  dkim: 'DKIM key',
};

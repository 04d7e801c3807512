/**
 * Whose state it is. A state has a number of its own, and the root disk keeps that of the state it has had: an empty volume
 * in its place, or another box's, is told, and no fresh box is made of it in silence.
 */
import { randomUUID } from 'node:crypto';
import { Failure } from '../../machine/failure.ts';
import type { Machine } from '../../machine/machine.ts';
import { paths } from '../../machine/paths.ts';

const read = async (machine: Machine, path: string) => (await machine.read(path))?.trim() || undefined;

/** @throws Failure where the root disk has had another state. A new root disk, as an upgrade brings it, takes any. */
export async function refuseOtherState(machine: Machine): Promise<void> {
  const had = await read(machine, paths.knownState);
  if (had === undefined) return;
  const found = await read(machine, paths.stateMark);
  if (found === had) return;
  const isEmpty = found === undefined && !(await machine.exists(paths.storageVersion));
  throw new Failure(
    `${paths.storage} ${isEmpty ? 'has no state in it, and this box has had one' : 'holds another state than this box has had'}`,
    `attach the volume that it had, then reboot; or, to go on with what is there: rm ${paths.knownState}, then: box init`,
  );
}

export async function isKnownState(machine: Machine): Promise<boolean> {
  const found = await read(machine, paths.stateMark);
  return found !== undefined && found === (await read(machine, paths.knownState));
}

/** The state's own number first: a power cut in between leaves a root disk that has had none yet. */
export async function knowState(machine: Machine): Promise<void> {
  const found = await read(machine, paths.stateMark);
  const mark = found ?? randomUUID();
  if (found === undefined) await machine.put({ path: paths.stateMark, mode: 0o644, text: `${mark}\n` });
  await machine.putChanged({ path: paths.knownState, mode: 0o644, text: `${mark}\n` });
}

/** What may lie in a storage root that has no version yet: what a power cut left, and what people lay there beforehand. */
const ours =
  /^(\..*|lost\+found|state-id|letterbox\.json|ssh|moved-in|last-good|status\.json|settings\.yaml|mailinabox\..*|mail|ssl|dns|www|backup|panel|groupware|owncloud(-backup)?)$/;

/** @throws Failure where somebody else's files lie: a volume of another machine */
export async function refuseForeign(machine: Machine): Promise<void> {
  const foreign = (await machine.list(paths.storage)).filter((name) => !ours.test(name));
  if (foreign.length === 0) return;
  const some = foreign.slice(0, 3).join(', ') + (foreign.length > 3 ? ', ...' : '');
  throw new Failure(
    `${paths.storage} holds what is no box’s: ${some}`,
    'is it the right volume? Attach the box’s own, or an empty one, then reboot; nothing on this one was changed',
  );
}

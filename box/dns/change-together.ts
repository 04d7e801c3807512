/**
 * Changes of the owner's records through the panel's API. Those that are asked for while others are made wait for these, and are then
 * made together: each is refused or taken by itself, and what was taken is signed and served once.
 */
import type { Box } from '../machine/box.ts';
import { exclusively } from '../machine/exclusively.ts';
import type { Machine } from '../machine/machine.ts';
import { OwnRecords } from './change-custom.ts';
import type { Change } from './custom-file.ts';
import { updateZones } from './publish.ts';

/** What became of a change. */
export interface Made {
  /** Zones that were signed anew, also for what was changed with it. */
  readonly changed: readonly string[];
  /** Lines for people. */
  readonly told: readonly string[];
}

interface Waiting {
  readonly box: Box;
  readonly change: Change;
  readonly done: (made: Made | undefined) => void;
  readonly failed: (error: unknown) => void;
}

/** By box: what waits for those whose turn it is. */
const waiting = new WeakMap<Machine, Waiting[]>();

/** Gives undefined where it was so already. @throws Failure as `changeCustom` and `updateZones` do */
export function changeTogether(box: Box, change: Change): Promise<Made | undefined> {
  return new Promise((done, failed) => {
    const others = waiting.get(box.machine);
    const one: Waiting = { box, change, done, failed };
    if (others !== undefined) others.push(one);
    else {
      const queue = [one];
      waiting.set(box.machine, queue);
      void workOff(box.machine, queue);
    }
  });
}

async function workOff(machine: Machine, queue: Waiting[]): Promise<void> {
  while (queue.length > 0) {
    // What comes while the lock is waited for is taken along.
    let turn: readonly Waiting[] = [];
    const work = exclusively(machine, () => {
      turn = queue.splice(0);
      return make(turn);
    });
    await work.catch((error: unknown) => {
      for (const { failed } of turn.length > 0 ? turn : queue.splice(0)) failed(error);
    });
  }
  waiting.delete(machine);
}

async function make(turn: readonly Waiting[]): Promise<void> {
  const [first] = turn;
  if (first === undefined) return;
  const records = await OwnRecords.read(first.box);
  const taken: { readonly done: Waiting['done']; readonly told: readonly string[] | undefined }[] = [];
  for (const { change, done, failed } of turn) {
    try {
      taken.push({ done, told: await records.change(change) });
    } catch (error) {
      failed(error);
    }
  }
  await records.write();
  const isNew = taken.some(({ told }) => told !== undefined);
  const { changed } = isNew ? await updateZones(first.box) : { changed: [] };
  // What was so already may be so by another change of the same turn: it too is answered when that is served.
  for (const { done, told } of taken) done(told === undefined ? undefined : { changed, told });
}

/**
 * The state as it was: a copy of the storage root beside it, from which it can be had back by renames alone. Mail that waits is
 * moved there and not copied: what an image on trial sends of it, the former one would send a second time.
 */
import { Failure } from '../../machine/failure.ts';
import { type Machine, python } from '../../machine/machine.ts';
import { paths } from '../../machine/paths.ts';
import { takeQueueIn } from './mail-queue.ts';

const fresh = `${paths.before}.new`;
const queueApart = `${paths.before}/mail/queue`;

export const isKept = (machine: Machine): Promise<boolean> => machine.exists(paths.before);

/** Makes the copy. No daemon may run. @throws Failure where there is no room for it */
export async function keepBefore(machine: Machine): Promise<void> {
  await machine.putDirectory({ path: paths.backup, mode: 0o700 });
  await machine.removeTree(fresh);
  const argv = [...python, machine.at(paths.copyState), machine.at(paths.storage), machine.at(fresh)];
  const { code, err } = await machine.patiently(argv);
  if (code !== 0) {
    await machine.removeTree(fresh);
    throw new Failure(
      `the state can’t be kept as it is, which another image needs: ${err.trim().split('\n').at(-1)}`,
      'launch the image that ran before and free some room, or grow the disk; then launch this one',
    );
  }
  await machine.moveOver(fresh, paths.before);
}

/** After a power cut it is there already, and what lies in the box's own is the trial's. */
export async function setQueueApart(machine: Machine): Promise<void> {
  if (!(await machine.exists(paths.mailQueue)) || (await machine.exists(queueApart))) return;
  await machine.moveOver(paths.mailQueue, queueApart);
}

/**
 * Gives the state back as it was. After a power cut this goes on where it was: a name lies either in the copy, or in its
 * place. Which phase it is in the folder's name says: first everything that the trial made goes, then all names of the copy come.
 */
export async function putBefore(machine: Machine): Promise<void> {
  if (await machine.exists(paths.before)) {
    await machine.removeTree(paths.givenUp);
    await machine.moveOver(paths.before, paths.goingBack);
  }
  if (await machine.exists(paths.goingBack)) {
    await machine.putDirectory({ path: paths.givenUp, mode: 0o700 });
    const names = new Set(await machine.list(paths.goingBack));
    for (const name of await machine.list(paths.storage))
      if (!names.has(name) && !untouched.has(name))
        await machine.moveOver(`${paths.storage}/${name}`, `${paths.givenUp}/${name}`);
    await machine.moveOver(paths.goingBack, paths.comingBack);
  }
  for (const name of await machine.list(paths.comingBack)) {
    const place = `${paths.storage}/${name}`;
    if (await machine.exists(place)) await machine.moveOver(place, `${paths.givenUp}/${name}`);
    await machine.moveOver(`${paths.comingBack}/${name}`, place);
  }
  await machine.removeTree(paths.comingBack);
  await machine.removeTree(paths.givenUp);
}

/** What the copy leaves out at the top. */
const untouched = new Set(['backup', 'lost+found', '.removed']);

export async function isGoingBack(machine: Machine): Promise<boolean> {
  return (await machine.exists(paths.goingBack)) || (await machine.exists(paths.comingBack));
}

/** It is not needed any more: mail that waits comes out of it, and the rest goes. */
export async function dropBefore(machine: Machine): Promise<void> {
  await takeQueueIn(machine, queueApart);
  await machine.moveOver(paths.before, paths.givenUp);
  await machine.removeTree(paths.givenUp);
}

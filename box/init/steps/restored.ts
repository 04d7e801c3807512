/** State that `box backup restore` or `box move-in` laid ready is put in the place of the box's own, which is set aside and not lost. */
import { paths } from '../../machine/paths.ts';
import type { Step } from './step.ts';

export const restoredStep: Step = {
  title: 'restored state',
  done: async ({ machine }) => !(await machine.exists(paths.restored)),
  // After a power cut a name is either still in `restored`, or in its place: nothing is moved twice.
  async run({ machine }) {
    await machine.putDirectory({ path: paths.replaced, mode: 0o700 });
    for (const name of await machine.list(paths.restored)) {
      const place = `${paths.storage}/${name}`;
      if (await machine.exists(place)) await machine.moveOver(place, `${paths.replaced}/${name}`);
      await machine.moveOver(`${paths.restored}/${name}`, place);
    }
    // Mail that this box has taken and not delivered yet is in no backup, and goes on.
    const waiting = `${paths.replaced}/mail/queue`;
    if ((await machine.exists(waiting)) && !(await machine.exists(paths.mailQueue)))
      await machine.moveOver(waiting, paths.mailQueue);
    // A box that had nothing yet.
    if ((await machine.list(paths.replaced)).length === 0) await machine.removeTree(paths.replaced);
    // Copies of what was before; new ones are made in this boot.
    await machine.removeTree(paths.lastGood);
    // Where the box's own backups go, and what opens that place, is its owner's to say.
    await machine.remove(paths.restoreLogin);
    await machine.removeTree(paths.restored);
  },
};

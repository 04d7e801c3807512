/**
 * Databases that Berkeley DB had begun to make when the power went. It makes one as `__db.NAME` beside its place, and while that lies
 * there it opens none: Postfix's tlsmgr tries for minutes, and each SMTP session waits for it, at every start anew.
 */

import type { Box } from '../../machine/box.ts';
import { paths } from '../../machine/paths.ts';
import type { Step } from './step.ts';

/** Of Postfix a cache of TLS sessions; what the spam filter has learned. Not where such names are a running database's own (postgrey). */
const folders = [paths.postfixCaches, paths.spamFilter];

export const halfMadeStep: Step = {
  title: 'half-made databases',
  optional: true,
  done: async (box) => (await halfMade(box)).length === 0,
  run: async (box) => {
    for (const path of await halfMade(box)) await box.machine.remove(path);
  },
};

async function halfMade({ machine }: Box): Promise<string[]> {
  const found = await Promise.all(
    folders.map(async (folder) => (await machine.list(folder)).map((name) => ({ folder, name }))),
  );
  return found
    .flat()
    .filter(({ name }) => name.startsWith('__db.'))
    .map(({ folder, name }) => `${folder}/${name}`);
}

/**
 * Makes a state of the old box's, beside this box's own, and lays it ready: the next boot puts it in the place of what is there,
 * which is set aside, as it does with a backup that was restored. A power cut before that leaves a copy that is begun; the next
 * run goes on with it.
 */
import type { Box } from '../machine/box.ts';
import { paths } from '../machine/paths.ts';
import { whileThereIsRoom } from '../storage/backup/room.ts';
import { copyFolder } from './copy.ts';
import { newest, type OldBox } from './old-box.ts';
import { subjects } from './subjects/index.ts';

/** @param say is told what is being copied */
export async function take(old: OldBox, box: Box, say: (line: string) => void): Promise<void> {
  const { machine } = box;
  const fresh = machine.withStorage(paths.movingIn);
  await machine.putDirectory({ path: paths.movingIn, mode: 0o700 });
  await fresh.putDirectory({ path: paths.mail, mode: 0o755 });
  for (const { title, folders = [], lay } of subjects) {
    for (const folder of folders) {
      say(`copying: ${title}`);
      await whileThereIsRoom(machine, (until) => copyFolder(old, fresh, folder, until));
    }
    await lay?.(old, box, fresh);
  }
  const version = { path: paths.storageVersion, mode: 0o644, owner: 'user-data', group: 'user-data' };
  await fresh.put({ ...version, text: `${newest}\n` });
  // Names that lead to files whose content is not on the disk yet would be worse than none.
  await machine.patiently(['sync']);
  await machine.moveOver(paths.movingIn, paths.restored);
}

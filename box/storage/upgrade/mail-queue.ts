/** Mail that waits, while it is set apart: which folders of Postfix's queue hold it, and how it comes back into one. */
import type { Machine } from '../../machine/machine.ts';
import { paths } from '../../machine/paths.ts';

/** Postfix's folders that hold mail, or what it noted of one (postsuper(1), qmgr(8)). */
export const mailFolders = [
  'active',
  'bounce',
  'corrupt',
  'defer',
  'deferred',
  'flush',
  'hold',
  'incoming',
  'maildrop',
  'saved',
  'trace',
];

/** Where the queue manager looks for what is new: it delivers all of these from there. */
const toDeliver = new Set(['incoming', 'active', 'deferred']);

/** Takes all mail of that queue into the box's own, beside what is there: names are of the disk's inodes, and no two the same. */
export async function takeQueueIn(machine: Machine, apart: string): Promise<void> {
  for (const queue of mailFolders) {
    if (!(await machine.isFolder(`${apart}/${queue}`))) continue;
    // Users have other numbers on another image. Mail from the box's own programs (maildrop) is whose it is.
    if (queue !== 'maildrop') await machine.run(['chown', '-hR', 'postfix', machine.at(`${apart}/${queue}`)]);
    const target = toDeliver.has(queue) ? 'incoming' : queue;
    for (const path of await plainFiles(machine, `${apart}/${queue}`)) {
      const place = toDeliver.has(queue) ? path.slice(path.lastIndexOf('/') + 1) : path;
      // Long queues are kept in folders of their names' first letters.
      for (const folder of foldersOf(place))
        await machine.putDirectory({
          path: `${paths.mailQueue}/${target}/${folder}`,
          mode: 0o700,
          owner: 'postfix',
        });
      await machine.moveOver(`${apart}/${queue}/${path}`, `${paths.mailQueue}/${target}/${place}`);
    }
  }
}

const foldersOf = (path: string) =>
  path.split('/').flatMap((_, i, parts) => (i === 0 ? [] : [parts.slice(0, i).join('/')]));

/** Those in the folder and below it, by their paths from there. */
async function plainFiles(machine: Machine, root: string, below = ''): Promise<string[]> {
  const found: string[] = [];
  for (const name of await machine.list(`${root}/${below}`)) {
    const path = `${below}${name}`;
    if (await machine.isFolder(`${root}/${path}`))
      found.push(...(await plainFiles(machine, root, `${path}/`)));
    else if (await machine.isPlainFile(`${root}/${path}`)) found.push(path);
  }
  return found;
}

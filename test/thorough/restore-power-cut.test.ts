/** A box that begins with a backup loses its power at one change of its disk after the other. */
import test from 'ava';
import type { Machine } from '../../box/machine/machine.ts';
import { paths } from '../../box/machine/paths.ts';
import { bring, key, keysOf, none, waiting } from '../unit/box/init/backup-elsewhere.ts';

/** Lets so many changes of names through, and none after. */
function cutPower(
  machine: Machine,
  left: number,
): { readonly isOff: () => boolean; readonly end: () => void } {
  const { put, moveOver, removeTree, putDirectory } = machine;
  const before = { put, moveOver, removeTree, putDirectory };
  let done = 0;
  const orCut =
    <A extends unknown[], R>(work: (...args: A) => Promise<R>) =>
    async (...args: A): Promise<R> => {
      const it = args[0] as string | { readonly path: string };
      const inMemory = (typeof it === 'string' ? it : it.path).startsWith('/run/');
      if (!inMemory && done++ >= left) throw new Error('power cut');
      return work.apply(machine, args);
    };
  machine.put = orCut(put);
  machine.moveOver = orCut(moveOver);
  machine.removeTree = orCut(removeTree);
  machine.putDirectory = orCut(putDirectory);
  return { isOff: () => done > left, end: () => void Object.assign(machine, before) };
}

test('wherever the power goes, the box has none of its keys or the old one’s, and ends as the old box', async (t) => {
  const { old, box } = await waiting(t);
  await bring(box);
  let cuts = 0;
  for (; ; cuts++) {
    const power = cutPower(box.machine, cuts % 23);
    await box.box('init');
    power.end();
    for (const [i, it] of keysOf(box).entries())
      t.true(it === undefined || it === keysOf(old)[i], `cut ${cuts}`);
    if (!power.isOff() || cuts > 200) break;
  }
  t.true(cuts > 10, `${cuts} cuts`);
  await box.init(t);
  t.deepEqual(keysOf(box), keysOf(old));
  t.notDeepEqual(keysOf(box), none);
  t.is(box.read(paths.accounts), old.read(paths.accounts));
  t.is(box.read(paths.backupKey), key);
});

/** Moments at random in the time that something takes, and the disks that a power cut would have left at each of them. */
import { setTimeout as sleep } from 'node:timers/promises';
import { drawn } from '../../rig/drawn.ts';
import type { CrashDisks } from './crash-disk.ts';

/** From it follow all moments of a run. */
export const seed = process.env.LETTERBOX_SEED ?? String(Date.now());

export interface Cut {
  /** What the cut left. */
  readonly disk: string;
  /** Seconds since it began, and how many it took in all. */
  readonly second: number;
  readonly of: number;
  /** What had ended, in words of the caller. */
  readonly ended: readonly string[];
}

/**
 * Does something, and copies the disk meanwhile at short, random distances. Gives `count` of these copies, chosen at random: nobody
 * knows beforehand how long it takes.
 */
export async function cutsDuring<Seen extends object>(
  disks: CrashDisks,
  { disk, title, count, seen }: { disk: string; title: string; count: number; seen: () => Seen },
  doing: (ended: (what: string) => void) => Promise<void>,
): Promise<(Cut & Seen)[]> {
  const ended: string[] = [];
  const all: (Omit<Cut, 'of'> & Seen)[] = [];
  const began = Date.now();
  const seconds = () => (Date.now() - began) / 1000;
  let isOver = false;
  const done = doing((what) => ended.push(what)).finally(() => (isOver = true));
  for (let index = 0; !isOver; index++) {
    await Promise.race([sleep(50 + 450 * chance(title, index)), done]);
    // What is answered for is looked at before the moment.
    const before = { ...seen(), ended: [...ended], second: seconds() };
    all.push({ ...before, disk: await disks.cut(disk, `${title.replaceAll(/\W+/g, '-')}-${index}`) });
  }
  await done;
  const of = seconds();
  const shuffled = all
    .map((cut, index) => ({ cut, place: chance(`${title}, which`, index) }))
    .sort((one, other) => one.place - other.place)
    .map(({ cut }) => cut);
  for (const { disk: left } of shuffled.slice(count)) disks.remove(left);
  return shuffled
    .slice(0, count)
    .sort((one, other) => one.second - other.second)
    .map((cut) => ({ ...cut, of }));
}

/** From 0 to 1. */
function chance(title: string, index: number): number {
  return drawn(`${seed} ${title} ${index}`) / 2 ** 32;
}

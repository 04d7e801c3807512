/**
 * What `make test` leaves out on a machine that would need more than the ninety minutes of CI for all of it, and by what it knows such
 * a machine. It is said at the beginning and at the end of the run; `make test ALL=1` runs everything however long it takes.
 */
import { execFileSync } from 'node:child_process';

/**
 * Milliseconds of processor, the least of some starts of Node.js. They were 81 to 95 where `make check` took 240 s of processor and all of
 * a run would have taken two hours. Where check took 99 s, and all of a run 54 minutes, nobody looked: some 35, if it goes by that. So at
 * 50 all of it takes some 77 minutes of CI's ninety.
 */
const most = 50;

/**
 * Emulated for most of an hour there: Packer's own bake, a first boot whose power is cut, and two more. What the closed box lets nobody
 * do is looked at in the lab too. And two files of the lab, which start ten boxes and more.
 */
const long = [
  ...['test/boot/power-cut.test.ts', 'test/boot/closed.test.ts', 'test/boot/cd-rom.test.ts'],
  ...['test/lab/move-in.test.ts', 'test/lab/image-swap.test.ts'],
];
/** Tells a test file to leave out its own long part (`LETTERBOX_SLOW`). */
export const slowVariable = 'LETTERBOX_SLOW';
const words = [
  'boot/power-cut (the power cut in QEMU; the image that Packer bakes, and whether it is the same)',
  'boot/cd-rom (user-data on a SATA and an IDE CD-ROM)',
  'boot/closed (a box that stays closed in QEMU; lab/closed is run), and three people’s memory in boot/first-boot',
  'lab/move-in (a Mail-in-a-Box moves in), lab/image-swap (an upgrade and back, while mail comes in)',
  'testssl.sh in lab/tls at other ports than 443 and 993 (sslscan looks at all of them)',
  'other releases than example.yaml’s (bake, lab/other-release, and boot/closed on their image)',
];

export interface Slow {
  readonly leavesOut: (file: string) => boolean;
  /** For people: why, and what is not run. */
  readonly said: readonly string[];
}

/** Undefined: all of it is run. */
export function slowMachine(takes: number, isAllWanted: boolean): Slow | undefined {
  if (isAllWanted || takes <= most) return undefined;
  return {
    leavesOut: (file) => long.includes(file),
    said: [
      `NOT RUN, since this machine is slow (Node.js starts in ${takes} ms of processor, and from ${most} on all of it takes too long for CI):`,
      ...words.map((what) => `  ${what}`),
      '  all of it: make test ALL=1',
    ],
  };
}

/** Milliseconds of processor that Node.js takes to start: another program beside it makes it no longer, but for what the caches cost. */
export function startOfNode(tries = 8): number {
  const program =
    'const { user, system } = process.cpuUsage(); console.log(Math.round((user + system) / 1000))';
  const once = () => Number(execFileSync(process.execPath, ['--eval', program], { encoding: 'utf8' }));
  return Math.min(...Array.from({ length: tries }, once));
}

/** The test files that need a box, of the lab and of emulated machines, and the order in which they run. */
import { readdirSync } from 'node:fs';
import type { OtherRelease } from './other-release.ts';
import type { Weighed } from './runner.ts';

/** What takes longest begins first: else the last of it runs alone, with nothing beside it. */
const longest = [
  'boot/power-cut',
  'lab/hanging',
  'lab/full-disk',
  'lab/image-swap',
  'lab/tls',
  'boot/first-boot',
  'lab/move-in',
  'lab/datasources',
  'lab/webmail-contacts',
  'lab/webmail-calendar',
  'lab/webmail',
  'boot/closed',
  'boot/cd-rom',
  'lab/other-release',
  'lab/rollover',
  'lab/backup',
  'lab/restarts',
  'lab/panel',
  'lab/panel-pages',
  'lab/groupware',
  'lab/mail',
  'lab/brute-force',
  'lab/status',
  'lab/dns-secondaries',
  'lab/day',
].map((name) => `test/${name}.test.ts`);

/** Weights together that the machine bears at a time: four boxes of the lab, or one emulated machine and two of them. */
export const capacity = 12;

/** Minutes of theirs are silence: until a service hangs, a queue is tried again, a boot has ended. */
const mostlyWait = ['hanging', 'full-disk', 'image-swap'].map((name) => `test/lab/${name}.test.ts`);

/** Each keeps a core busy to its end, and what runs in it is slow enough already. */
const emulated = ['power-cut', 'first-boot', 'closed', 'cd-rom'].map((name) => `test/boot/${name}.test.ts`);

/** In the order in which they begin. */
export const inOrder = (files: readonly Weighed[]): Weighed[] => {
  const place = ({ file }: Weighed) => (longest.includes(file) ? longest.indexOf(file) : longest.length);
  return [...files].sort((one, other) => place(one) - place(other));
};

export const lab = (): Weighed[] => testsIn('test/lab').map(weighed);
export const boot = (): Weighed[] => testsIn('test/boot').map(weighed);

/** What is proven of a release whose other tests don't run: that its image starts, its boxes' first boot and mail, and that a state goes from it to the image and back. */
const ofOthers: readonly string[] = ['test/lab/other-release.test.ts', 'test/boot/closed.test.ts'];
export const isOfOthers = ({ file }: Weighed): boolean => ofOthers.includes(file);
export const shortly = ({ release, environment }: OtherRelease, image: string): Weighed[] =>
  ofOthers.map((file) => ({
    ...weighed(file),
    on: { title: release.name, environment: { ...environment, LETTERBOX_OTHER_IMAGE: image } },
  }));

const weighed = (file: string): Weighed => ({
  file,
  weight: emulated.includes(file) ? 6 : mostlyWait.includes(file) ? 1 : 3,
});

const testsIn = (folder: string) => {
  const names = readdirSync(folder).filter((file) => file.endsWith('.test.ts'));
  return names.map((name) => `${folder}/${name}`);
};

/** The test files that need a box, of the lab and of emulated machines, and the order in which they run. */
import { readdirSync } from 'node:fs';
import type { OtherRelease } from './other-release.ts';
import type { Weighed } from './runner.ts';

/**
 * What takes longest begins first: else the last of it runs alone, with nothing beside it. A file that emulates a machine keeps one core
 * busy to its end; there are never more of them at a time than cores where the others are long enough.
 */
const longest = [
  'boot/power-cut',
  'boot/first-boot',
  'lab/hanging',
  'lab/full-disk',
  'lab/image-swap',
  'lab/tls',
  'lab/move-in',
  'lab/datasources',
  'lab/webmail-contacts',
  'lab/webmail-calendar',
  'lab/webmail',
  'boot/first-mail',
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

/** Weights together that the machine bears at a time: four files. */
export const capacity = 12;

/** Minutes of theirs are silence: until a service hangs, a queue is tried again, a boot has ended. */
const mostlyWait = ['hanging', 'full-disk', 'image-swap'].map((name) => `test/lab/${name}.test.ts`);

/** In the order in which they begin. */
export const inOrder = (files: readonly Weighed[]): Weighed[] => {
  const place = ({ file }: Weighed) => (longest.includes(file) ? longest.indexOf(file) : longest.length);
  return [...files].sort((one, other) => place(one) - place(other));
};

export const lab = (): Weighed[] =>
  weighing(3, testsIn('test/lab')).map((one) =>
    mostlyWait.includes(one.file) ? { ...one, weight: 1 } : one,
  );
export const boot = (): Weighed[] => weighing(3, testsIn('test/boot'));

/** What is proven of a release whose other tests don't run: its first boot and mail, and that a state goes from it to the image and back. */
const ofOthers = ['test/lab/other-release.test.ts', 'test/boot/first-mail.test.ts'];
export const shortly = ({ release, environment }: OtherRelease, image: string): Weighed[] =>
  ofOthers.map((file) => ({
    file,
    weight: 4,
    on: { title: release.name, environment: { ...environment, LETTERBOX_OTHER_IMAGE: image } },
  }));

const weighing = (weight: number, files: readonly string[]): Weighed[] =>
  files.map((file) => ({ file, weight }));

const testsIn = (folder: string) => {
  const names = readdirSync(folder).filter((file) => file.endsWith('.test.ts'));
  return names.map((name) => `${folder}/${name}`).filter((file) => !ofOthers.includes(file));
};

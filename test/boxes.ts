/** The test files that need a box: those of the lab, then those of emulated machines. */
import { readdirSync } from 'node:fs';
import type { OtherRelease } from './other-release.ts';
import type { Weighed } from './runner.ts';

/** What takes longest begins first: else the last of it runs alone, with nothing beside it. */
const longest = [
  'hanging',
  'full-disk',
  'image-swap',
  'tls',
  'move-in',
  'datasources',
  'webmail-contacts',
  'webmail-calendar',
  'webmail',
  'rollover',
  'backup',
  'restarts',
  'panel',
  'panel-pages',
  'groupware',
  'mail',
  'brute-force',
  'status',
  'dns-secondaries',
  'day',
  // Of the emulated machines: each of these three is as long as the others, and they share the cores to the end.
  'power-cut',
  'first-boot',
  'packer',
];

/** Weights together that the machine bears at a time: four boxes of the lab, which mostly wait, or three files with emulated machines. */
export const capacity = 12;

/** Minutes of theirs are silence: until a service hangs, a queue is tried again, a boot has ended. */
const mostlyWait = ['hanging', 'full-disk', 'image-swap'].map((name) => `test/lab/${name}.test.ts`);

export const lab = (): Weighed[] =>
  weighing(3, testsIn('test/lab')).map((one) =>
    mostlyWait.includes(one.file) ? { ...one, weight: 1 } : one,
  );
export const boot = (): Weighed[] => weighing(4, testsIn('test/boot'));

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
  const names = readdirSync(folder).flatMap((file) => /^(.*)\.test\.ts$/.exec(file)?.[1] ?? []);
  const first = longest.filter((name) => names.includes(name));
  const others = names.filter((name) => !first.includes(name)).sort();
  const files = [...first, ...others].map((name) => `${folder}/${name}.test.ts`);
  return files.filter((file) => !ofOthers.includes(file));
};

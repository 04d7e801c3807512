/** The test files that need a box: those of the lab, then those of emulated machines. */
import { readdirSync } from 'node:fs';
import type { Weighed } from './runner.ts';

/** What takes longest begins first: else the last of it runs alone, with nothing beside it. */
const longest = [
  'tls',
  'datasources',
  'webmail-contacts',
  'webmail-calendar',
  'webmail',
  'rollover',
  'other-release',
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
  'power-cut',
  'first-boot',
  'packer',
  'closed',
];

export const lab = (): Weighed[] => weighing(2, testsIn('test/lab'));
export const boot = (): Weighed[] => weighing(3, testsIn('test/boot'));

const weighing = (weight: number, files: readonly string[]) => files.map((file) => ({ file, weight }));

const testsIn = (folder: string) => {
  const names = readdirSync(folder).flatMap((file) => /^(.*)\.test\.ts$/.exec(file)?.[1] ?? []);
  const first = longest.filter((name) => names.includes(name));
  const others = names.filter((name) => !first.includes(name)).sort();
  return [...first, ...others].map((name) => `${folder}/${name}.test.ts`);
};

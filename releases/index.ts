/** Every release Letterbox knows, by the name that `box.yaml` gives it; those of one family from the oldest to the newest. */
import { debian12 } from './debian-12.ts';
import { debian13 } from './debian-13.ts';
import type { Release } from './release.ts';
import { ubuntu1404 } from './ubuntu-14.04.ts';

export const releases: ReadonlyMap<string, Release> = new Map(
  [debian12, debian13, ubuntu1404].map((release) => [release.name, release]),
);

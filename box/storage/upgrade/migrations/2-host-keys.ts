/**
 * ssh's host keys and the mail that waits belong to the state. In format 1 they lay on the root disk, which is not there any more
 * when another image runs; so there is nothing to bring along, and only the folder that says where keys lie from now on.
 */
import { paths } from '../../../machine/paths.ts';
import type { Migration } from './migration.ts';

export const toFormat2: Migration = {
  to: 2,
  title: 'ssh host keys and the mail queue are state',
  run: (machine) => machine.putDirectory({ path: paths.hostKeys, mode: 0o700 }),
};

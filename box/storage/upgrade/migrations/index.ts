/** All migrations, in order. One is never changed once an image was published with it: another one follows. */
import { toFormat2 } from './2-host-keys.ts';
import type { Migration } from './migration.ts';

export const migrations: readonly Migration[] = [toFormat2];

/** What this image reads and writes. */
export const formatNow = migrations.at(-1)?.to ?? 1;

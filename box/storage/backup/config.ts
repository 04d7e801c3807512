/** `backup/custom.yaml`: where backups go and how long they are kept, in Mail-in-a-Box's words. */
import * as z from 'zod';
import { Failure } from '../../machine/failure.ts';
import type { Machine } from '../../machine/machine.ts';
import { paths } from '../../machine/paths.ts';

const schema = z.object({
  target: z.string().max(1000).default('local'),
  min_age_in_days: z.coerce.number().int().min(1).max(3650).default(3),
});

export interface BackupConfig {
  /** As it was written: `targetOf` says whether a box knows it. */
  readonly target: string;
  readonly minAgeInDays: number;
}

/** @throws Failure when the file can't be read as one */
export async function readBackupConfig(machine: Machine): Promise<BackupConfig> {
  const { parse } = await import('yaml');
  const text = (await machine.read(paths.backupConfig)) ?? '';
  try {
    const { target, min_age_in_days } = schema.parse(parse(text) ?? {});
    return { target, minAgeInDays: min_age_in_days };
  } catch {
    // Not quoted: of a Mail-in-a-Box it may hold a password.
    throw new Failure(
      `${paths.backupConfig} can't be read`,
      'it is YAML with target (a text) and min_age_in_days (1 to 3650)',
    );
  }
}

export async function writeBackupConfig(
  machine: Machine,
  { target, minAgeInDays }: BackupConfig,
): Promise<void> {
  const { stringify } = await import('yaml');
  const text = stringify({ target, min_age_in_days: minAgeInDays });
  await machine.put({ path: paths.backupConfig, mode: 0o600, text });
}

/** `backup/custom.yaml`: where backups go and how long they are kept, in Mail-in-a-Box's words. */
import * as z from 'zod';
import { Failure } from '../../machine/failure.ts';
import type { Machine } from '../../machine/machine.ts';
import { paths } from '../../machine/paths.ts';
import type { Login } from './stores/store.ts';

const schema = z.object({
  target: z.string().max(1000).default('local'),
  target_user: z.string().max(1000).default(''),
  target_pass: z.string().max(1000).default(''),
  min_age_in_days: z.coerce.number().int().min(1).max(3650).default(3),
});

export interface BackupConfig {
  /** As it was written: `targetOf` says whether a box knows it. */
  readonly target: string;
  readonly minAgeInDays: number;
  /** What opens a store. */
  readonly login?: Login;
}

/** @throws Failure when the file can't be read as one */
export async function readBackupConfig(machine: Machine): Promise<BackupConfig> {
  const { parse } = await import('yaml');
  const text = (await machine.read(paths.backupConfig)) ?? '';
  try {
    const { target, min_age_in_days, target_user, target_pass } = schema.parse(parse(text) ?? {});
    const login = loginOf(target_user, target_pass);
    return { target, minAgeInDays: min_age_in_days, ...(login && { login }) };
  } catch {
    // Not quoted: of a Mail-in-a-Box it may hold a password.
    throw new Failure(
      `${paths.backupConfig} can't be read`,
      'it is YAML with target, target_user and target_pass (texts) and min_age_in_days (1 to 3650)',
    );
  }
}

/** Undefined: none is needed. Half of one is one: the target tells what it lacks. */
export const loginOf = (user: string, password: string): Login | undefined =>
  user === '' && password === '' ? undefined : { user, password };

export async function writeBackupConfig(
  machine: Machine,
  { target, minAgeInDays, login }: BackupConfig,
): Promise<void> {
  const { stringify } = await import('yaml');
  const opener = login && { target_user: login.user, target_pass: login.password };
  const text = stringify({ target, ...opener, min_age_in_days: minAgeInDays });
  await machine.put({ path: paths.backupConfig, mode: 0o600, text });
}

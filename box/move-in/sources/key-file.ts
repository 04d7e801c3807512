/** The key of an old box's backups, in the file that it was kept in: `secret_key.txt`, of which only the first line counts. */
import { Failure } from '../../machine/failure.ts';
import type { Machine } from '../../machine/machine.ts';
import { keyIn } from '../../storage/backup/first-restore.ts';

/** @throws Failure where there is none; what is in the file is not told */
export async function readKeyFile(machine: Machine, file: string): Promise<string> {
  const hint = 'name the old box’s backup/secret_key.txt, the whole file: --key secret_key.txt';
  if (!(await machine.isPlainFile(file))) throw new Failure(`${file} is no file`, hint);
  const key = keyIn((await machine.read(file)) ?? '');
  if (key !== undefined) return key;
  throw new Failure(
    `${file} holds no key of backups: its first line must be 43 or more letters, digits, + and /`,
    hint,
  );
}

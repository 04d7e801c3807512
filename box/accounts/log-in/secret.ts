/** The secret that keys and sessions are made with: of this box alone, kept over restarts, in no backup and no image. */
import { randomBytes } from 'node:crypto';
import type { Machine } from '../../machine/machine.ts';
import { paths } from '../../machine/paths.ts';

/** Reads it, or makes it. Damaged is as good as missing: a new one ends every session and key. */
export async function keeperSecret(machine: Machine): Promise<string> {
  await machine.putDirectory({ path: paths.keeper, mode: 0o700 });
  const file = { path: paths.keeperSecret, mode: 0o600 };
  const there = (await machine.read(file.path))?.trim() ?? '';
  if (Buffer.from(there, 'base64').length === 32) {
    await machine.own(file);
    return there;
  }
  const fresh = randomBytes(32).toString('base64');
  await machine.put({ ...file, text: `${fresh}\n` });
  return fresh;
}

/** How the last run went, in `backup/state.json`: the status check tells it, and no target is asked for it. */
import { createHash } from 'node:crypto';
import * as z from 'zod';
import { Failure } from '../../machine/failure.ts';
import type { Machine } from '../../machine/machine.ts';
import { paths } from '../../machine/paths.ts';

const problem = z.object({ what: z.string(), hint: z.string() });
/** How a sample that was restored looked, and when that was. */
const tested = z.object({ at: z.iso.datetime(), problem: problem.optional() });
export type Tested = z.infer<typeof tested>;

const schema = z.object({
  started: z.iso.datetime().optional(),
  /** It neither ended well nor said why not: it is at work, or the power was cut. */
  atWork: z.literal(true).optional(),
  succeeded: z.iso.datetime().optional(),
  problem: problem.optional(),
  tested: tested.optional(),
  /** A digest of the key that the last backup was made with: another key begins anew. */
  key: z.string().optional(),
});
export type BackupState = z.infer<typeof schema>;

/** From when on what lies on this box's own disk may be files without their content: a run that is at work, or was cut off, made it. */
export const doubtedFrom = ({ started, atWork }: BackupState): Date | undefined =>
  atWork && started !== undefined ? new Date(started) : undefined;

/** Of a file that is damaged, nothing. */
export async function readBackupState(machine: Machine): Promise<BackupState> {
  try {
    return schema.parse(JSON.parse((await machine.read(paths.backupState)) ?? '{}'));
  } catch {
    return {};
  }
}

export async function writeBackupState(machine: Machine, state: BackupState): Promise<void> {
  await machine.put({ path: paths.backupState, mode: 0o600, text: `${JSON.stringify(state)}\n` });
}

/** The key: of its file duplicity takes the first line alone. */
export async function keyLine(machine: Machine): Promise<string> {
  const [line = ''] = ((await machine.read(paths.backupKey)) ?? '').split('\n');
  return line;
}

/** A made one has 43 letters or more. @throws Failure where there is none */
export async function existingKey(machine: Machine): Promise<string> {
  const key = await keyLine(machine);
  if (key.length < 43)
    throw new Failure(`${paths.backupKey} holds no key`, 'put the key of these backups there');
  return key;
}

export const keyDigest = async (machine: Machine): Promise<string> =>
  createHash('sha256')
    .update(await keyLine(machine))
    .digest('hex');

/** Who was shown it could print it. */
export const noteKeyShown = async (machine: Machine): Promise<void> =>
  machine.put({ path: paths.backupKeyShown, mode: 0o600, text: `${await keyDigest(machine)}\n` });

/** Another key than the one that was shown is not known; one that came from a backup is its owner's. */
export async function isKeyKnown(machine: Machine): Promise<boolean> {
  if (await machine.exists(paths.firstRestore)) return true;
  return (await machine.read(paths.backupKeyShown))?.trim() === (await keyDigest(machine));
}

/** The folder of an old box that was brought here, and the note in it of where from: nothing else of that name is touched. */
import * as z from 'zod';
import { Failure } from '../../machine/failure.ts';
import type { Machine } from '../../machine/machine.ts';
import { brought, noteName } from './places.ts';

const schema = z.object({
  from: z.string(),
  /** The time of the backup that it is, if it is one. It lies there from the moment on at which all of it does. */
  backup: z.string().optional(),
});
export type Note = z.infer<typeof schema>;

export async function readNote(machine: Machine): Promise<Note | undefined> {
  try {
    return schema.parse(JSON.parse((await machine.read(`${brought}/${noteName}`)) ?? ''));
  } catch {
    return undefined;
  }
}

export const writeNote = (machine: Machine, path: string, note: Note): Promise<void> =>
  machine.put({ path, mode: 0o600, text: `${JSON.stringify(note)}\n` });

/** @throws Failure where something lies there that came from elsewhere, or that somebody put there */
export async function refuseOthers(machine: Machine, name: string): Promise<void> {
  if ((await machine.list(brought)).length === 0) return;
  const note = await readNote(machine);
  if (note?.from === name) return;
  throw new Failure(
    note === undefined
      ? `${brought} is there, and was not brought by this command`
      : `${brought} came from ${note.from}`,
    note === undefined ? 'give it another name, or remove it' : 'remove it, then again',
  );
}

/** `key_change.json`: how far the change to another TLS key is. It outlives power cuts. */
import * as z from 'zod';
import { Failure } from '../../machine/failure.ts';
import type { Machine } from '../../machine/machine.ts';
import { paths } from '../../machine/paths.ts';
import { forgotten } from '../timers.ts';

const hash = z.string().regex(/^[0-9a-f]{64}$/);
/** A file in the directory of the certificates. */
const file = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9.-]*$/);
/**
 * - `introducing`: the next key's TLSA records stand beside the present ones; the world learns of them.
 * - `switching`: key and certificate are being replaced on the disk.
 * - `retiring`: the new key serves; the old one's TLSA records stay until nobody needs them.
 */
const state = z.strictObject({
  format: z.literal(1),
  phase: z.enum(['introducing', 'switching', 'retiring']),
  /** SHA-256 of the keys' SubjectPublicKeyInfo. */
  old: hash,
  new: hash,
  started: z.iso.datetime(),
  /** From when on the world can see what this phase waits for. Absent: it can't yet. */
  since: z.iso.datetime().optional(),
  /** The boot at which `since` was written. */
  boot: z.string().optional(),
  /** `switching`: the certificate that comes, and the one that was. */
  certificate: file.optional(),
  previous: file.optional(),
  /** Why the new key could not take over. */
  problem: z.strictObject({ text: z.string(), remedy: z.string() }).optional(),
});
export type KeyChange = Omit<z.infer<typeof state>, 'format'>;

/** @throws Failure for a file that the box did not write: which key counts can't be guessed. */
export async function readKeyChange(machine: Machine): Promise<KeyChange | undefined> {
  const text = await machine.read(paths.keyChange);
  if (text === undefined) return undefined;
  try {
    const { format: _, ...rest } = state.parse(JSON.parse(text));
    return rest;
  } catch {
    throw new Failure(
      `${paths.keyChange} is not what the box writes`,
      'restore it from a backup of the same day as the keys; where there is none, move it away: the key in service stays',
    );
  }
}

export async function putKeyChange(machine: Machine, it: KeyChange): Promise<void> {
  const text = `${JSON.stringify({ format: 1, ...it }, null, 2)}\n`;
  await machine.put({ path: paths.keyChange, mode: 0o600, text });
}

/** The keys that TLSA records must name beside the one in service, through every moment of a change. */
export async function otherTlsKeys(machine: Machine, serving: string | undefined): Promise<string[]> {
  const change = await readKeyChange(machine);
  return change === undefined ? [] : [change.old, change.new].filter((each) => each !== serving);
}

/** Until when this phase waits at least; undefined: its wait does not count yet. */
export function waitsUntil(change: KeyChange, now: Date, boot: string): Date | undefined {
  if (change.since === undefined || change.phase === 'switching') return undefined;
  // While the box was off, secondaries could not fetch the new version.
  if (change.phase === 'introducing' && change.boot !== boot) return undefined;
  const since = new Date(change.since);
  // Of the future: the clock was wrong.
  return since > now ? undefined : new Date(since.getTime() + forgotten * 1000);
}

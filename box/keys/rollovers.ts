/** `rollovers.json`: which keys are being replaced, and how far each replacement is. One file, written as one. */
import * as z from 'zod';
import { Failure } from '../machine/failure.ts';
import type { Machine } from '../machine/machine.ts';
import { paths } from '../machine/paths.ts';

export const kinds = ['zsk', 'ksk', 'dkim'] as const;
export type Kind = (typeof kinds)[number];

/**
 * - `making`: the new key's files are being written; nobody has seen it.
 * - `introducing`: both are published, the world learns of the new one.
 * - `awaiting` (KSK): the parent zone must vouch for the new one.
 * - `retiring`: the new one has taken over; what the world keeps of the old one runs out.
 * - `removing`: the old one leaves what is published, its files go last.
 */
const phases = ['making', 'introducing', 'awaiting', 'retiring', 'removing'] as const;
export type Phase = (typeof phases)[number];

/** What a name of key files is made of: no path. */
const base = z.string().regex(/^[A-Za-z0-9_][A-Za-z0-9_.+-]*$/);
const pair = z.strictObject({
  /** Name of the DNSSEC keys' set; absent for DKIM. */
  set: base.optional(),
  old: base,
  new: base,
});
const rollover = z.strictObject({
  phase: z.enum(phases),
  pairs: z.array(pair).min(1),
  started: z.iso.datetime(),
  /** When it came to this phase. */
  entered: z.iso.datetime(),
  /** From when on the world can see what this phase waits for. Absent: it can't yet. */
  since: z.iso.datetime().optional(),
  /** The boot at which `since` was written. */
  boot: z.string().optional(),
  /** Seconds that the parent's old DS records may be remembered. */
  dsTtl: z.number().int().min(0).optional(),
});
const state = z.strictObject({
  format: z.literal(1),
  zsk: rollover.optional(),
  ksk: rollover.optional(),
  dkim: rollover.optional(),
});

export type Pair = z.infer<typeof pair>;
export type Rollover = z.infer<typeof rollover>;
export type Rollovers = Omit<z.infer<typeof state>, 'format'>;

/** @throws Failure for a file that the box did not write: which keys count can't be guessed. */
export async function readRollovers(machine: Machine): Promise<Rollovers> {
  const text = await machine.read(paths.rollovers);
  if (text === undefined) return {};
  let tree: unknown;
  try {
    tree = JSON.parse(text);
  } catch {
    tree = undefined;
  }
  const read = state.safeParse(tree);
  if (read.success) return read.data;
  throw new Failure(
    `${paths.rollovers} is not what the box writes`,
    'restore it from a backup of the same day as the keys; where there is none, move it away: the .conf files then say which keys count',
  );
}

/** Replaces one; undefined ends it. The file goes with the last of them. */
export async function putRollover(
  machine: Machine,
  kind: Kind,
  changed: Rollover | undefined,
): Promise<void> {
  const all = { ...(await readRollovers(machine)), [kind]: changed };
  if (kinds.every((each) => all[each] === undefined)) return machine.remove(paths.rollovers);
  const text = `${JSON.stringify({ ...all, format: 1 }, null, 2)}\n`;
  await machine.put({ path: paths.rollovers, mode: 0o600, text });
}

/** Whether both keys of a pair are published. */
export function bothCount({ phase }: Rollover): boolean {
  return phase !== 'making' && phase !== 'removing';
}

/** The key of a pair that stays if this ended now: what the `.conf` names, and what signs mail. */
export function standing({ phase }: Rollover, { old, new: fresh }: Pair): string {
  return phase === 'retiring' || phase === 'removing' ? fresh : old;
}

/** `acme/state.json`: what was asked of the authority last, and how it went. It outlives power cuts. */
import * as z from 'zod';
import type { Machine } from '../../machine/machine.ts';
import { paths } from '../../machine/paths.ts';

const text = z.string();
const state = z.strictObject({
  format: z.literal(1),
  /** Tries in a row that brought no certificate; one that a power cut ended counts. */
  failures: z.number().int().min(0),
  /** When the last try began. */
  tried: z.iso.datetime().optional(),
  /** Why the last try failed. */
  error: z.strictObject({ text, remedy: text }).optional(),
  /** An order at the authority that is under way. */
  order: z.strictObject({ url: z.url(), directory: z.url(), key: text, names: z.array(text) }).optional(),
  /** Names that the certificate should stand for and does not. */
  skipped: z.array(z.strictObject({ name: text, why: text })),
  /** SHA-256 fingerprint of the certificate that came of it. */
  issued: text.optional(),
});
export type AcmeState = Omit<z.infer<typeof state>, 'format'>;
export type Skipped = AcmeState['skipped'][number];

const fresh: AcmeState = { failures: 0, skipped: [] };

/** What can't be read is begun anew: nothing in it is needed. */
export async function readAcmeState(machine: Machine): Promise<AcmeState> {
  const found = await machine.read(paths.acmeState);
  if (found === undefined) return fresh;
  try {
    const { format: _, ...rest } = state.parse(JSON.parse(found));
    return rest;
  } catch {
    return fresh;
  }
}

export async function putAcmeState(machine: Machine, it: AcmeState): Promise<void> {
  await machine.putDirectory({ path: paths.acme, mode: 0o700 });
  await machine.put({
    path: paths.acmeState,
    mode: 0o600,
    text: `${JSON.stringify({ format: 1, ...it }, null, 2)}\n`,
  });
}

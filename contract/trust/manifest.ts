/** `manifest.json` as a file that anybody may have written, and the names of what vouches for it: a box reads them where images are published. */
import * as z from 'zod';

export const sumsFile = 'SHA256SUMS';
export const signatureFile = 'SHA256SUMS.minisig';
export const manifestFile = 'manifest.json';

const sum = z.string().regex(/^[0-9a-f]{64}$/);
const written = z.record(z.string(), z.object({ bytes: z.number(), sha256: sum }));

/** A day, as the image has it too. */
export const dayPattern = /^\d{4}-\d\d-\d\d$/;

const manifestSchema = z.object({
  name: z.string().min(1),
  version: z.string(),
  release: z.string(),
  imageId: z.string().optional(),
  packagesDate: z.string().regex(dayPattern).optional(),
  inputs: z.record(z.string(), z.string()),
  files: written,
  bills: written.optional(),
});
export type ReadManifest = z.output<typeof manifestSchema>;

/** Undefined where the text is nothing of the kind. */
export function parseManifest(text: string): ReadManifest | undefined {
  try {
    return manifestSchema.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}

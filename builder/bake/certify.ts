/** What proves an image, written beside it: where it came from, the sums of all that the bake made, and the owner's signature over them. */
import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { imageComment } from '../../contract/trust/image-comment.ts';
import { manifestFile, signatureFile, sumsFile } from '../../contract/trust/manifest.ts';
import { checkSignature } from '../../contract/trust/signature.ts';
import { parseSums, type Sums, sumsText } from '../../contract/trust/sums.ts';
import { writeFileAtomically } from '../host/write.ts';
import { billFiles } from '../trust/bill/files.ts';
import { provenanceText } from '../trust/provenance.ts';
import type { SecretKey } from '../trust/secret-key.ts';
import { signatureText } from '../trust/sign.ts';
import { checksum, digestOfText } from './digest.ts';
import { allWritten, type Manifest, manifestText, readManifest, writeManifest } from './manifest.ts';

export const provenanceFile = 'provenance.json';

/** The image is new. Without a signer no signature stays: it would be of another image. */
export async function certify(out: string, manifest: Manifest, signer: SecretKey | undefined): Promise<void> {
  const sums = await writeSums(out, manifest);
  const signature = path.join(out, signatureFile);
  if (sums.changed) rmSync(signature, { force: true });
  if (signer !== undefined)
    writeFileAtomically(signature, signatureText(sums.text, imageComment(manifest), signer));
  // Last, since it is what says that the image is whole.
  writeManifest(out, manifest);
}

/**
 * The image is the one of before: what is there is only brought up to date, a key that came later too.
 * @throws where the image is not what this key signed, or what the bake wrote: it would be signed unseen
 */
export async function certifyKept(out: string, signer: SecretKey | undefined): Promise<void> {
  const manifest = readManifest(out);
  if (manifest === undefined) return;
  if (signer !== undefined) {
    const signed = signedSums(out, signer);
    for (const [name, { sha256 }] of Object.entries(allWritten(manifest))) {
      const file = path.join(out, name);
      if ((signed?.[name] ?? (await checksum(file))) !== sha256)
        throw new Error(`${file} is not what the bake wrote, and is not signed: delete it, and bake again`);
    }
  }
  await certify(out, manifest, signer);
}

/** What this key has signed already; undefined where it has not. */
function signedSums(out: string, signer: SecretKey): Sums | undefined {
  try {
    const sums = readFileSync(path.join(out, sumsFile), 'utf8');
    checkSignature(readFileSync(path.join(out, signatureFile), 'utf8'), sums, signer);
    return parseSums(sums).sums;
  } catch {
    // None is there, or it is another's.
    return undefined;
  }
}

async function writeSums(out: string, manifest: Manifest): Promise<{ text: string; changed: boolean }> {
  const provenance = provenanceText(manifest);
  writeFileAtomically(path.join(out, provenanceFile), provenance);
  const { bills = {} } = manifest;
  // Those of another image, which a bake of another kind left.
  for (const name of billFiles) if (bills[name] === undefined) rmSync(path.join(out, name), { force: true });
  const sums: Record<string, string> = {
    ...Object.fromEntries(Object.entries(allWritten(manifest)).map(([name, { sha256 }]) => [name, sha256])),
    [manifestFile]: digestOfText(manifestText(manifest)),
    [provenanceFile]: digestOfText(provenance),
    ...(await sumsBelow(out)),
  };
  const text = sumsText(sums);
  return { text, changed: writeFileAtomically(path.join(out, sumsFile), text) };
}

/** What the image was made of, as the bake laid it there. */
async function sumsBelow(out: string): Promise<Sums> {
  const sums: Record<string, string> = {};
  for (const name of madeOf(out)) sums[name] = await checksum(path.join(out, name));
  return sums;
}

/** Files of `bake/`, however deep, and of `packer/` itself: what lies deeper there is for bakes elsewhere. */
export function madeOf(out: string): string[] {
  const below = (folder: string, recursive: boolean) =>
    existsSync(path.join(out, folder))
      ? readdirSync(path.join(out, folder), { recursive, withFileTypes: true })
          .filter((entry) => !entry.isDirectory())
          .map((entry) => path.relative(out, path.join(entry.parentPath, entry.name)))
      : [];
  return [...below('bake', true), ...below('packer', false)].sort();
}

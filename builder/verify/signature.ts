/** Whether the sums are signed by the key that was named, and for this image. */
import { existsSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { imageComment } from '../../contract/trust/image-comment.ts';
import { KeyError } from '../../contract/trust/key-error.ts';
import { type ReadManifest, signatureFile, sumsFile } from '../../contract/trust/manifest.ts';
import { idText, mostBytes } from '../../contract/trust/minisign-text.ts';
import { type PublicKey, parsePublicKey } from '../../contract/trust/public-key.ts';
import { checkSignature } from '../../contract/trust/signature.ts';
import type { Verdict } from './verdict.ts';

/** @throws Error that names file, rule and remedy */
export function readPublicKey(file: string): PublicKey {
  try {
    return parsePublicKey(readFileSync(file, 'utf8').slice(0, mostBytes));
  } catch (error) {
    if (error instanceof KeyError) throw new Error(`${file}: ${error.message}`);
    const { code } = error as NodeJS.ErrnoException;
    throw new Error(`${file}: can't be read (${code}); name the file of a public key`);
  }
}

export function verifySignature(
  dir: string,
  key: PublicKey | undefined,
  manifest: ReadManifest | undefined,
): Verdict {
  const file = path.join(dir, signatureFile);
  const isThere = existsSync(file);
  const wrong = (rule: string, remedy: string): Verdict => ({
    checked: [],
    notChecked: [],
    wrong: [{ file, rule, remedy }],
  });
  if (key === undefined) {
    const why = isThere
      ? 'there is one, and no key was named to check it by (--key)'
      : 'there is none: that the files belong together says nothing of who made them';
    return { checked: [], notChecked: [`signature: ${why}`], wrong: [] };
  }
  if (!isThere)
    return wrong(
      'is missing: nobody vouches for this folder',
      'get it from where the image was baked, or name a key in image.signingKey and bake',
    );
  try {
    if (statSync(file).size > mostBytes) throw new KeyError('is no signature', 'sign again: letterbox bake');
    const sums = readFileSync(path.join(dir, sumsFile));
    const comment = checkSignature(readFileSync(file, 'utf8'), sums, key);
    if (manifest !== undefined && comment !== imageComment(manifest))
      return wrong(
        `is for another image than manifest.json tells of: ${JSON.stringify(comment)}, and not ${JSON.stringify(imageComment(manifest))}`,
        'get the whole folder from where it was baked; who signs by hand gives that as the trusted comment',
      );
    const whose = `signature: ${sumsFile} is signed by the key ${idText(key.id)}`;
    return { checked: [`${whose}, for ${comment.replaceAll('\t', ', ')}`], notChecked: [], wrong: [] };
  } catch (error) {
    if (!(error instanceof KeyError)) throw error;
    return wrong(error.rule, error.remedy);
  }
}

/** SHA-256: short, as the name of what went into a layer, and whole, as the checksum of a file that people compare. */
import { createHash } from 'node:crypto';
import { createReadStream, readFileSync } from 'node:fs';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import { projectRoot } from '../paths.ts';

/** 16 hexadecimal digits. */
export function digest(content: string | Uint8Array): string {
  return createHash('sha256').update(content).digest('hex').slice(0, 16);
}

/** The digest of a file of the project. */
const digestOf = (file: string) => digest(readFileSync(path.join(projectRoot, file)));

/** The digest of each of some files of the project, by its name. */
export const digestsOf = (files: readonly string[]) =>
  Object.fromEntries(files.map((file) => [file, digestOf(file)]));

/** 64 hexadecimal digits of a text. */
export const digestOfText = (text: string) => createHash('sha256').update(text).digest('hex');

/** 64 hexadecimal digits of a file that may be large. */
export async function checksum(file: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(file), hash);
  return hash.digest('hex');
}

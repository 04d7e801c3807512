/** Writes files so that a crash, a full disk or a second run leaves nothing half-made. */
import { randomBytes } from 'node:crypto';
import {
  closeSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeSync,
} from 'node:fs';
import path from 'node:path';

export interface OutputFile {
  /** Relative to the output folder. */
  readonly path: string;
  readonly content: string | Uint8Array;
  /** Holds a password hash or a key: only its owner may read it. */
  readonly secret?: boolean;
}

/** Writes each file whole or not at all; one that is already right is left untouched. Gives the changed paths. */
export function writeOutputs(folder: string, files: readonly OutputFile[]): string[] {
  return files
    .filter((file) =>
      writeFileAtomically(path.join(folder, file.path), file.content, file.secret ? 0o600 : 0o644),
    )
    .map((file) => file.path);
}

/** Gives false when the file already has this content. */
export function writeFileAtomically(file: string, content: string | Uint8Array, mode = 0o644): boolean {
  const bytes = typeof content === 'string' ? Buffer.from(content) : Buffer.from(content);
  if (currentContent(file)?.equals(bytes)) return false;
  mkdirSync(path.dirname(file), { recursive: true });
  const temporary = `${file}.${randomBytes(4).toString('hex')}.tmp`;
  try {
    const descriptor = openSync(temporary, 'wx', mode);
    try {
      let written = 0;
      while (written < bytes.length) written += writeSync(descriptor, bytes, written);
      fsyncSync(descriptor);
    } finally {
      closeSync(descriptor);
    }
    renameSync(temporary, file);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  }
  return true;
}

function currentContent(file: string): Buffer | undefined {
  try {
    return readFileSync(file);
  } catch {
    return undefined;
  }
}

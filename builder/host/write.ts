/** Writes files so that a crash, a full disk or a second run leaves nothing half-made. */
import { randomBytes } from 'node:crypto';
import {
  closeSync,
  fsyncSync,
  linkSync,
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
  const bytes = bytesOf(content);
  if (currentContent(file)?.equals(bytes)) return false;
  put(file, bytes, mode, renameSync);
  return true;
}

/** Writes a file whole where there is none; one that is there stays. @throws where there is one (EEXIST) */
export function writeNewFile(file: string, content: string | Uint8Array, mode = 0o644): void {
  put(file, bytesOf(content), mode, (temporary) => {
    // A rename would take the place of a file that came meanwhile; a link does not.
    linkSync(temporary, file);
    rmSync(temporary);
  });
}

const bytesOf = (content: string | Uint8Array) =>
  typeof content === 'string'
    ? Buffer.from(content)
    : Buffer.from(content.buffer, content.byteOffset, content.byteLength);

/** `place` gives the temporary file, which is on the medium, its name. */
function put(
  file: string,
  bytes: Buffer,
  mode: number,
  place: (temporary: string, file: string) => void,
): void {
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
    place(temporary, file);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  }
}

function currentContent(file: string): Buffer | undefined {
  try {
    return readFileSync(file);
  } catch {
    return undefined;
  }
}

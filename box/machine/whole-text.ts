/**
 * A file's text, to its end. Files of the kernel's (/proc) have no length and come in pieces of 4 KiB, of which readFile() of Node.js
 * 18 and before takes the first one for all.
 */
import { open } from 'node:fs/promises';

const piece = 65_536;

export async function wholeText(path: string, encoding: 'utf8' | 'latin1'): Promise<string> {
  const file = await open(path, 'r');
  try {
    const pieces: Buffer[] = [];
    for (;;) {
      const { bytesRead, buffer } = await file.read(Buffer.alloc(piece), 0, piece, null);
      if (bytesRead === 0) return Buffer.concat(pieces).toString(encoding);
      pieces.push(buffer.subarray(0, bytesRead));
    }
  } finally {
    await file.close();
  }
}

/** The form that minisign's three kinds of files have in common: a line for people, then bytes in base64. */
import { KeyError } from './key-error.ts';

export const commentMark = 'untrusted comment: ';

/** Larger than every file of minisign's: its comments have at most 1024 and 8192 bytes. */
export const mostBytes = 16_384;

/** The lines of a file. @throws KeyError where it is none of minisign's */
export function linesOf(text: string, count: number, what: string, remedy: string): string[] {
  const lines = text.replace(/\r?\n$/, '').split(/\r?\n/);
  if (lines.length !== count || !lines[0]?.startsWith(commentMark))
    throw new KeyError(`is no ${what} in minisign's form`, remedy);
  return lines;
}

/** @throws KeyError where the line holds another number of bytes, or anything else */
export function bytesOf(line: string | undefined, length: number, what: string, remedy: string): Buffer {
  const bytes = Buffer.from(line ?? '', 'base64');
  // Node's decoder passes over what is no base64.
  if (bytes.length !== length || bytes.toString('base64') !== line)
    throw new KeyError(`is a damaged ${what}`, remedy);
  return bytes;
}

/** As minisign shows the number of a key. */
export function idText(id: Uint8Array): string {
  return Buffer.from(id).reverse().toString('hex').toUpperCase();
}

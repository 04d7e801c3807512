/** Packs files into a tar archive (ustar, POSIX.1-1988): what the box takes pages as. */
import { filled, words } from './spoken.ts';

export interface Packed {
  /** With folders before it, `/` between. */
  readonly path: string;
  readonly bytes: number;
}

const block = 512;
const encoder = new TextEncoder();

/** The block that stands before a file's bytes. @throws Error for a path that the format has no room for */
export function headerOf({ path, bytes }: Packed): Uint8Array {
  const header = new Uint8Array(block);
  const put = (at: number, text: Uint8Array) => header.set(text, at);
  const number = (at: number, length: number, value: number) =>
    put(at, encoder.encode(value.toString(8).padStart(length - 1, '0')));
  const [prefix, name] = split(path);
  put(0, name);
  number(100, 8, 0o644);
  number(108, 8, 0);
  number(116, 8, 0);
  number(124, 12, bytes);
  number(136, 12, 0);
  put(156, encoder.encode('0'));
  put(257, encoder.encode('ustar\0' + '00'));
  put(345, prefix);
  // While the sum is made, its own field counts as blanks.
  header.fill(0x20, 148, 156);
  const sum = header.reduce((all, byte) => all + byte, 0);
  put(148, encoder.encode(`${sum.toString(8).padStart(6, '0')}\0 `));
  return header;
}

/** What follows a file's bytes, so that the next header begins a block. */
export const paddingOf = (bytes: number) => new Uint8Array((block - (bytes % block)) % block);

/** Two empty blocks. */
export const end = new Uint8Array(2 * block);

/** A long path is cut at one of its slashes: 155 bytes before it, 100 behind. */
function split(path: string): [prefix: Uint8Array, name: Uint8Array] {
  const whole = encoder.encode(path);
  if (whole.length <= 100) return [new Uint8Array(), whole];
  for (let at = Math.min(155, whole.length - 2); at >= whole.length - 101 && at > 0; at--)
    if (whole[at] === 0x2f) return [whole.slice(0, at), whole.slice(at + 1)];
  throw new Error(filled(words().sites.longName, { path }));
}

/** Names of files that came from a folder: without the folder's own, and without what nobody means to publish. */
export function pathInFolder(path: string): string | undefined {
  const parts = path.split('/').slice(1);
  const hidden = parts.some((part) => part.startsWith('.') && part !== '.well-known');
  return parts.length === 0 || hidden ? undefined : parts.join('/');
}

/** Reads a tar archive (gzip too) of plain files and folders, and refuses any other. The format itself is tar-stream's. */
import { Readable, type Writable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { extract, type Header } from 'tar-stream';
import { Failure } from '../machine/failure.ts';
import type { TreeEntry } from '../machine/trees.ts';

export interface Limits {
  readonly entries: number;
  /** Of all files together, unpacked. */
  readonly bytes: number;
}

const wrong = (what: string) =>
  new Failure(`the archive ${what}`, 'make it with: tar czf site.tar.gz -C FOLDER .');

/** Each entry's content must be read to its end before the next one. @throws Failure for what is no such archive */
export async function* readTar(bytes: AsyncIterable<Buffer>, limits: Limits): AsyncGenerator<TreeEntry> {
  const unpacked = extract();
  const input = await unzipped(bytes);
  input.once('error', (error) => unpacked.destroy(error));
  input.pipe(unpacked as unknown as Writable);
  let [entries, total] = [0, 0];
  try {
    for await (const entry of unpacked) {
      const { header } = entry;
      const path = plainPath(header.name);
      if (++entries > limits.entries) throw wrong(`holds more than ${limits.entries} files and folders`);
      if (header.type === 'directory') {
        if (path !== '') yield { kind: 'folder', path };
        entry.resume();
        continue;
      }
      requirePlainFile(header, path);
      total += header.size ?? 0;
      if (total > limits.bytes) throw wrong(`holds more than ${limits.bytes / 1_048_576} MiB`);
      yield { kind: 'file', path, content: contentOf(entry) };
    }
  } catch (error) {
    throw error instanceof Failure ? error : damaged(error);
  } finally {
    input.destroy();
    unpacked.destroy();
  }
  if (entries === 0) throw wrong('is empty or cut off');
}

function requirePlainFile({ type, pax }: Header, path: string): void {
  if (pax && Object.keys(pax).some((key) => key === 'size' || key.startsWith('GNU.sparse')))
    throw wrong('holds a file with holes, or a huge one');
  // tar-stream calls it contiguous, and takes the type that tar writes for it (7) for a file as POSIX wants.
  if (type !== 'file' && type !== 'contiguous-file')
    throw wrong(`holds ${path}, which is a link or a device`);
  if (path === '') throw wrong('holds a file without a name');
}

/** A path that stays below: empty for the folder itself. */
function plainPath(name: string): string {
  const path = name.replace(/^(\.\/)+/, '').replace(/\/$/, '');
  if (path === '' || path === '.') return '';
  const shown = JSON.stringify(path.slice(0, 100));
  const parts = path.split('/');
  if (/[\p{Cc}\ufffd\\]/u.test(path)) throw wrong(`has the name ${shown}, which is none of a web page`);
  if (parts.some((part) => part === '' || part === '.' || part === '..' || Buffer.byteLength(part) > 200))
    throw wrong(`has the name ${shown}, which leads elsewhere or is too long`);
  if (parts.length > 32) throw wrong(`has folders in folders, more than 32: ${shown}`);
  return path;
}

/** As it comes, or unpacked where it begins as gzip does (RFC 1952). */
async function unzipped(bytes: AsyncIterable<Buffer>): Promise<Readable> {
  const iterator = bytes[Symbol.asyncIterator]();
  const first = await iterator.next();
  const start: Buffer = first.done === true ? Buffer.alloc(0) : first.value;
  async function* all(): AsyncGenerator<Buffer> {
    yield start;
    for (;;) {
      const more = await iterator.next();
      if (more.done === true) return;
      yield more.value;
    }
  }
  const input = Readable.from(all());
  if (!(start[0] === 0x1f && start[1] === 0x8b)) return input;
  const gunzip = createGunzip();
  input.once('error', (error) => gunzip.destroy(error));
  return input.pipe(gunzip);
}

async function* contentOf(entry: AsyncIterable<unknown>): AsyncGenerator<Buffer> {
  try {
    for await (const part of entry) yield part as Buffer;
  } catch (error) {
    throw damaged(error);
  }
}

function damaged(error: unknown): Failure {
  const why = error instanceof Error ? error.message : String(error);
  return wrong(`is no tar archive, damaged or cut off: ${why}`);
}

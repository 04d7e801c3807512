/** Reads a tar archive (POSIX ustar and pax, GNU long names; gzip too) of plain files and folders, and refuses any other. */
import { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { Failure } from '../failure.ts';
import type { TreeEntry } from '../trees.ts';

export interface Limits {
  readonly entries: number;
  /** Of all files together, unpacked. */
  readonly bytes: number;
}
const block = 512;
/** Of a header's own text: a long name. */
const longestText = 16_384;

const wrong = (what: string) =>
  new Failure(`the archive ${what}`, 'make it with: tar czf site.tar.gz -C FOLDER .');

/** Each entry's content must be read to its end before the next one. @throws Failure for what is no such archive */
export async function* readTar(bytes: AsyncIterable<Buffer>, limits: Limits): AsyncGenerator<TreeEntry> {
  const source = new Source(await unzipped(bytes));
  let [entries, total] = [0, 0];
  let longName: string | undefined;
  for (;;) {
    const header = await source.take(block);
    if (header.every((byte) => byte === 0)) break;
    const { type, size, name } = parse(header);
    if (type === 'x' || type === 'g' || type === 'L') {
      if (size > longestText) throw wrong('has a header that is too long');
      const text = (await source.take(size)).toString('utf8');
      await source.skip(padding(size));
      if (type === 'L') longName = text.replace(/\0+$/, '');
      if (type === 'x') longName = paxPath(text) ?? longName;
      continue;
    }
    const path = plainPath(longName ?? name);
    longName = undefined;
    if (++entries > limits.entries) throw wrong(`holds more than ${limits.entries} files and folders`);
    if (type === '5') {
      if (path !== '') yield { kind: 'folder', path };
      await source.skip(size + padding(size));
      continue;
    }
    if (type !== '0' && type !== '\0') throw wrong(`holds ${path}, which is a link or a device`);
    if (path === '') throw wrong('holds a file without a name');
    total += size;
    if (total > limits.bytes) throw wrong(`holds more than ${limits.bytes / 1_048_576} MiB`);
    yield { kind: 'file', path, content: source.some(size) };
    await source.skip(padding(size));
  }
}

const padding = (size: number) => (block - (size % block)) % block;

function parse(header: Buffer): { type: string; size: number; name: string } {
  const text = (from: number, length: number) =>
    header.toString('utf8', from, from + length).split('\0')[0] as string;
  const octal = (from: number, length: number) => {
    const digits = text(from, length).trim();
    if (!/^[0-7]{1,11}$/.test(digits)) throw wrong('is no tar archive, or damaged');
    return Number.parseInt(digits, 8);
  };
  const sum = header.reduce((all, byte, at) => all + (at >= 148 && at < 156 ? 0x20 : byte), 0);
  if (sum !== octal(148, 8)) throw wrong('is no tar archive, or damaged');
  const isUstar = text(257, 6) === 'ustar';
  const prefix = isUstar ? text(345, 155) : '';
  const name = text(0, 100);
  return {
    type: String.fromCharCode(header[156] ?? 0),
    size: octal(124, 12),
    name: prefix === '' ? name : `${prefix}/${name}`,
  };
}

/** Records of pax: `LENGTH key=value\n`. */
function paxPath(text: string): string | undefined {
  let found: string | undefined;
  for (const line of text.split('\n')) {
    const record = /^\d+ ([A-Za-z.]+)=(.*)$/s.exec(line);
    if (record?.[1] === 'size' || record?.[1]?.startsWith('GNU.sparse'))
      throw wrong('holds a file with holes, or a huge one');
    if (record?.[1] === 'path') found = record[2];
  }
  return found;
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

async function unzipped(bytes: AsyncIterable<Buffer>): Promise<AsyncIterator<Buffer>> {
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
  if (!(start[0] === 0x1f && start[1] === 0x8b)) return all();
  const input = Readable.from(all());
  const gunzip = createGunzip();
  input.once('error', (error) => gunzip.destroy(error));
  return input.pipe(gunzip)[Symbol.asyncIterator]();
}

/** A stream of bytes, taken in pieces of any length. */
class Source {
  #rest: Buffer = Buffer.alloc(0);

  constructor(private readonly from: AsyncIterator<Buffer>) {}

  async take(length: number): Promise<Buffer> {
    const parts: Buffer[] = [];
    for await (const part of this.some(length)) parts.push(part);
    return Buffer.concat(parts);
  }

  async skip(length: number): Promise<void> {
    for await (const _ of this.some(length));
  }

  async *some(length: number): AsyncGenerator<Buffer> {
    let left = length;
    while (left > 0) {
      if (this.#rest.length === 0) this.#rest = await this.#more();
      const part = this.#rest.subarray(0, left);
      this.#rest = this.#rest.subarray(part.length);
      left -= part.length;
      yield part;
    }
  }

  async #more(): Promise<Buffer> {
    const next = await this.from.next().catch(() => {
      throw wrong('is damaged, or cut off');
    });
    if (next.done === true) throw wrong('is cut off');
    return next.value;
  }
}

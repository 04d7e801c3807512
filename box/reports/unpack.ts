/** Unpacks what came with a mail, piece by piece, and no more of it than there may be. What it is its first bytes say, and no name. */
import { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { limits, NoReport } from './limits.ts';

/** Bytes that may still be unpacked of a mail. */
export interface Allowance {
  left: number;
}

export const allowance = (): Allowance => ({ left: limits.unpacked });

/** Each file in it; of what is not packed, itself. @throws NoReport where it is damaged or too large */
export async function* unpacked(
  bytes: Buffer,
  allowed: Allowance,
): AsyncGenerator<AsyncIterable<Buffer>, void, undefined> {
  if (bytes.subarray(0, 2).equals(gzip)) yield counted(Readable.from([bytes]).pipe(createGunzip()), allowed);
  else if (bytes.subarray(0, 4).equals(zip)) yield* entriesOf(bytes, allowed);
  else yield counted(Readable.from([bytes]), allowed);
}

const gzip = Buffer.from([0x1f, 0x8b]);
const zip = Buffer.from('PK\x03\x04', 'latin1');

async function* entriesOf(bytes: Buffer, allowed: Allowance): AsyncGenerator<AsyncIterable<Buffer>> {
  const { fromBufferPromise } = await import('yauzl');
  const archive = await fromBufferPromise(bytes, { lazyEntries: true }).catch(damaged);
  let files = 0;
  // Looks at one entry at a time: what the directory claims to hold takes no memory.
  const entries = archive.eachEntry();
  for (;;) {
    const { done, value: entry } = await entries.next().catch(damaged);
    if (done === true) return;
    if (entry.fileName.endsWith('/')) continue;
    files += 1;
    if (files > limits.files) throw new NoReport('an archive with too many files');
    yield counted(await archive.openReadStreamPromise(entry).catch(damaged), allowed);
  }
}

/** However small it was packed: what comes out is counted. */
async function* counted(stream: Readable, allowed: Allowance): AsyncGenerator<Buffer> {
  try {
    for await (const piece of stream) {
      allowed.left -= piece.length;
      if (allowed.left < 0) throw new NoReport('too much is packed in it');
      yield piece as Buffer;
    }
  } catch (error) {
    damaged(error);
  } finally {
    stream.destroy();
  }
}

function damaged(error: unknown): never {
  throw error instanceof NoReport ? error : new NoReport(`a damaged archive: ${(error as Error).message}`);
}

/** Which kind of report a file is: its first character says so. */
import { readDmarc } from './dmarc.ts';
import { NoReport } from './limits.ts';
import type { DmarcReport, TlsReport } from './report.ts';
import { readTls } from './tls.ts';

/** @throws NoReport */
export async function dmarcOrTls(
  file: AsyncIterable<Buffer>,
  now: number,
): Promise<Omit<DmarcReport, 'proven'> | Omit<TlsReport, 'proven'>> {
  const pieces = file[Symbol.asyncIterator]();
  const first = await pieces.next();
  if (first.done === true) throw new NoReport('an empty file');
  const begins = /^[\uFEFF\s]*(.)/u.exec(first.value.subarray(0, 100).toString('utf8'))?.[1];
  const again = (async function* () {
    yield first.value;
    for (let next = await pieces.next(); next.done !== true; next = await pieces.next()) yield next.value;
  })();
  try {
    if (begins === '<') return await readDmarc(again, now);
    if (begins === '{') return await readTls(again, now);
  } finally {
    // What is not read to its end holds what it is unpacked from.
    await pieces.return?.();
  }
  throw new NoReport('neither XML nor JSON');
}

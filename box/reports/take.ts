/** From a mail to the reports in it. It is strangers' from the first byte to the last. */
import { dmarcOrTls } from './kinds.ts';
import { limits, NoReport } from './limits.ts';
import { partsOf } from './parts.ts';
import { nameOf, type Report } from './report.ts';
import { allowance, unpacked } from './unpack.ts';

export interface Taken {
  readonly reports: readonly Report[];
  /** Why parts of it are none. */
  readonly left: readonly string[];
}

/** @param now seconds since 1970 */
export async function reportsIn(mail: Buffer, hostname: string, now: number): Promise<Taken> {
  const reports = new Map<string, Report>();
  const left: string[] = [];
  const allowed = allowance();
  const { files, proven } = await partsOf(mail, hostname).catch((error: Error) => {
    left.push(`no mail that can be read: ${error.message.slice(0, 200)}`);
    return { files: [], proven: false };
  });
  for (const bytes of files) {
    try {
      for await (const file of unpacked(bytes, allowed)) {
        const report = { ...(await dmarcOrTls(file, now)), proven } as Report;
        // It comes back where it could not be delivered.
        if (report.org.toLowerCase() === hostname) throw new NoReport('one of this box’s own');
        reports.set(nameOf(report), report);
      }
    } catch (error) {
      if (!(error instanceof NoReport)) throw error;
      left.push(error.message);
    }
    if (allowed.left < 0) break;
  }
  if (files.length === 0 && left.length === 0) left.push('a mail with nothing in it but text');
  return { reports: [...reports.values()].slice(0, limits.parts), left };
}

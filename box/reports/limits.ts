/** What strangers may send at most. The greatest reports that are known have some megabytes of XML; whatever is larger is left. */

export const limits = {
  /** Bytes of a mail. */
  mail: 14 * 1_048_576,
  /** Bytes of all that is unpacked of a mail. */
  unpacked: 32 * 1_048_576,
  /** Bytes of a report in JSON, which is read whole. */
  json: 4 * 1_048_576,
  /** Parts of a mail that are looked at, and files in an archive. */
  parts: 8,
  files: 4,
  /** Elements around one another. */
  depth: 16,
  /** Records of a report. */
  records: 50_000,
  /** Characters of one value. */
  value: 1000,
  /** What of a report is kept: the rows with most mails. */
  rows: 100,
  /** Reports that are kept; then the oldest go. */
  reports: 5000,
  /** Days for which one is kept. */
  days: 400,
} as const;

/** What came is no report that can be read. It is left, and nobody is told: who it says it is from may be anybody. */
export class NoReport extends Error {
  override readonly name = 'NoReport';
}

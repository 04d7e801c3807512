/** What other mail servers report of this box, as its API tells it. Types alone; part of `api.ts`. */

/** What other mail servers report: of mail in the name of the box's domains (DMARC), and of encryption (TLSRPT). */
export interface MailReports {
  /** Where the zones ask them to be sent. */
  readonly address: string;
  /** The first day, as all days: YYYY-MM-DD, UTC. */
  readonly since: string;
  readonly reports: number;
  /** Of these, how many came by mail that does not prove whom it is from. */
  readonly unproven: number;
  /** The oldest first; days without a report are not there. Mails in your name, proven yours or not; connections. */
  readonly days: readonly {
    readonly day: string;
    readonly proven: number;
    readonly unproven: number;
    readonly encrypted: number;
    readonly failed: number;
  }[];
  /** By day and sender, the newest first. */
  readonly mails: readonly ReportedMails[];
  readonly connections: readonly ReportedConnections[];
  /** The box's own reports to others: whether it sends any, and how many of the last day of which there were some. */
  readonly sending: {
    readonly on: boolean;
    readonly day: string | null;
    readonly reports: number;
    /** All that in plain words. */
    readonly text: string;
  };
}

export interface ReportedMails {
  readonly day: string;
  /** Whom they came from. */
  readonly address: string;
  /** Whether that is the box itself. */
  readonly own: boolean;
  /** In their From:. */
  readonly domain: string;
  readonly mails: number;
  /** `taken`: with no proof that they are of that domain. */
  readonly fate: 'passed' | 'taken' | 'quarantined' | 'refused';
  readonly told_by: readonly string[];
  /** All that in plain words. */
  readonly text: string;
}

export interface ReportedConnections {
  readonly day: string;
  readonly domain: string;
  readonly encrypted: number;
  readonly failed: number;
  /** RFC 8460, section 4.3. */
  readonly reasons: readonly string[];
  readonly told_by: string;
  readonly text: string;
}

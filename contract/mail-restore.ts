/** A restore of mail as the API tells it: what was ordered, how far it is, and how it ended. Types alone; part of `api.ts`. */

export interface MailRestore {
  readonly email: string;
  /** Whether it only tells what would come back. */
  readonly look: boolean;
  /** What is looked for; what was left empty is not there. */
  readonly sought: {
    /** `20261126T133000Z`, or a day. Absent: the last backup. */
    readonly time?: string | undefined;
    readonly folder?: string | undefined;
    readonly from?: string | undefined;
    readonly subject?: string | undefined;
    readonly message_id?: string | undefined;
    /** Days; both count. */
    readonly since?: string | undefined;
    readonly until?: string | undefined;
  };
  /** ISO 8601. */
  readonly ordered_at: string;
  readonly step: 'waits' | 'fetch' | 'look' | 'copy' | 'ended';
  /** That have come so far, or are being copied. */
  readonly mails: number;
  /** Why it ended otherwise than it should. */
  readonly problem?: { readonly what: string; readonly what_to_do: string };
  /** What would come back. */
  readonly found?: {
    readonly mails: number;
    readonly bytes: number;
    readonly folders: readonly { readonly name: string; readonly mails: number }[];
    /** Fifty at the most, the newest first; ISO 8601. */
    readonly newest: readonly {
      readonly folder: string;
      readonly from: string;
      readonly subject: string;
      readonly date: string;
    }[];
  };
  /** What came back, and in which folder of the account it lies. */
  readonly restored?: { readonly mails: number; readonly folder: string };
}

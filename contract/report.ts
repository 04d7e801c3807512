/** How a boot ended, as the one line `letterbox: {...}` on the serial console tells it: the box writes it, the builder waits for it. */
export interface BoxReport {
  readonly stage: 'ready' | 'failed';
  readonly hostname?: string | undefined;
  readonly bootId: string;
  /** From the start of `box init`. */
  readonly seconds?: number | undefined;
  /** SHA-256 in the form browsers show. */
  readonly certificateSha256?: string | undefined;
  readonly sshHostKeys?: readonly string[] | undefined;
  /** Where it failed, why, and what to do. */
  readonly step?: string | undefined;
  readonly error?: string | undefined;
  readonly hint?: string | undefined;
  /** Steps that failed and that mail does without. */
  readonly notDone?: readonly NotDone[] | undefined;
}

interface NotDone {
  readonly step: string;
  readonly error?: string | undefined;
  readonly hint?: string | undefined;
}

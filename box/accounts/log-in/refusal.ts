/** Why the keeper doesn't do what it was asked, in the terms that the HTTP API answers with. */
export type RefusalKind =
  /** Who asks is not known, or may not. */
  | 'unauthenticated'
  | 'forbidden'
  /** The second factor is missing: the password was right. */
  | 'missing-totp-token'
  /** The same, for an account that has passkeys and no one-time codes. */
  | 'missing-passkey'
  /** Too many log-ins failed, or too much is asked at once. */
  | 'busy'
  /** What was asked makes no sense, or a rule is against it. */
  | 'bad-request'
  /** The box is at fault. */
  | 'fault';

export class Refusal extends Error {
  override readonly name = 'Refusal';
  constructor(
    readonly kind: RefusalKind,
    message: string,
    /** Seconds until it may be tried again. */
    readonly retryAfter?: number,
  ) {
    super(message);
  }
}

/** Who is logged in: sessions end after two days without use, at log-out, and with the password they began with. */
import { createHash, randomBytes } from 'node:crypto';
import * as z from 'zod';
import type { LogIn } from '../../mail/log-in.ts';
import { isSame, sessionProof } from './api-key.ts';

/** So that a session's key is never tried as a password: that takes long, and counts as a failed log-in. */
const prefix = 'session-';
/** Milliseconds. */
const lifetime = 2 * 24 * 3600_000;
/** How often a session in use is written down anew. */
const renewal = 3600_000;
const mostPerAccount = 32;

const sessionSchema = z.strictObject({
  /** SHA-256 of its key: what is kept can't be used to log in. */
  id: z.string(),
  email: z.string(),
  proof: z.string(),
  expires: z.number(),
});
type Session = z.infer<typeof sessionSchema>;

export class Sessions {
  #all: Session[] = [];
  /** The write that is under way, or that was last. */
  #written: Promise<void> = Promise.resolve();

  constructor(
    private readonly secret: string,
    private readonly now: () => number,
    /** Keeps them over a restart. */
    private readonly keep: (text: string) => Promise<void>,
  ) {}

  /** Takes up what was kept; of a file that is damaged, nothing. */
  restore(text: string | undefined): void {
    try {
      const kept = z.array(sessionSchema).safeParse(JSON.parse(text ?? '[]'));
      if (kept.success) this.#all = kept.data;
    } catch {
      this.#all = [];
    }
  }

  static isKey(text: string): boolean {
    return text.startsWith(prefix);
  }

  /** Gives the session's key. */
  async begin(login: LogIn): Promise<string> {
    const key = prefix + randomBytes(32).toString('hex');
    const { email } = login;
    const others = this.#all.filter((one) => one.email !== email);
    const own = this.#all.filter((one) => one.email === email).slice(1 - mostPerAccount);
    const proof = sessionProof(this.secret, login);
    this.#all = [...others, ...own, { id: idOf(key), email, proof, expires: this.now() + lifetime }];
    await this.#write();
    return key;
  }

  /** Whose session it is, if it is one; the account is to be looked at by `isOf`. */
  emailOf(key: string): string | undefined {
    return this.#find(key)?.email;
  }

  /** Whether the key belongs to this account as it is now. Renews it; ends it where the account changed. */
  async isOf(key: string, login: LogIn): Promise<boolean> {
    const session = this.#find(key);
    if (session === undefined || session.email !== login.email) return false;
    if (!isSame(session.proof, sessionProof(this.secret, login))) {
      await this.end(key);
      return false;
    }
    const expires = this.now() + lifetime;
    // Also where the clock was ahead as it was noted.
    if (Math.abs(expires - session.expires) > renewal) {
      this.#all = this.#all.map((one) => (one === session ? { ...session, expires } : one));
      await this.#write();
    }
    return true;
  }

  async end(key: string): Promise<void> {
    const id = idOf(key);
    const rest = this.#all.filter((one) => one.id !== id);
    if (rest.length === this.#all.length) return;
    this.#all = rest;
    await this.#write();
  }

  /** How many an account has. */
  countOf(email: string): number {
    return this.#all.filter((one) => one.email === email && one.expires > this.now()).length;
  }

  /** All of an account: of a browser that was left somewhere nobody has the key. */
  async endAll(email: string): Promise<void> {
    this.#all = this.#all.filter((one) => one.email !== email);
    await this.#write();
  }

  #find(key: string): Session | undefined {
    const id = idOf(key);
    return this.#all.find((one) => one.id === id && one.expires > this.now());
  }

  /** One after the other, so that the last to be written is the newest; each writes all that there is by then. */
  #write(): Promise<void> {
    this.#written = this.#written
      .catch(() => undefined)
      .then(() => {
        const [now, latest] = [this.now(), this.now() + lifetime];
        // None lasts longer than a new one would: the clock may have been ahead.
        this.#all = this.#all
          .filter(({ expires }) => expires > now)
          .map((one) => (one.expires > latest ? { ...one, expires: latest } : one));
        return this.keep(`${JSON.stringify(this.#all)}\n`);
      });
    return this.#written;
  }
}

const idOf = (key: string) => createHash('sha256').update(key).digest('hex');

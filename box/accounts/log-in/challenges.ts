/** Challenges that passkeys sign: made for one thing, good for one answer, and for five minutes. In memory alone. */
import { randomBytes } from 'node:crypto';
import { customerOf } from './attempts.ts';

/** Milliseconds. */
export const lifetime = 5 * 60_000;
/** One network can't have the others' forgotten. */
const mostPerNetwork = 20;
const mostKept = 20_000;

interface Kept {
  readonly purpose: string;
  readonly network: string;
  readonly expires: number;
}

export class Challenges {
  readonly #kept = new Map<string, Kept>();

  constructor(private readonly now: () => number) {}

  /** @param purpose what the answer is for; the answer to a challenge for something else is none */
  make(purpose: string, from: string): string {
    const network = customerOf(from);
    for (const [key, { expires }] of this.#kept) if (expires <= this.now()) this.#kept.delete(key);
    // The oldest go first.
    const own = [...this.#kept].filter(([, one]) => one.network === network).map(([key]) => key);
    for (const key of own.slice(0, Math.max(0, own.length - mostPerNetwork + 1))) this.#kept.delete(key);
    for (const key of this.#kept.keys()) {
      if (this.#kept.size < mostKept) break;
      this.#kept.delete(key);
    }
    const challenge = randomBytes(32).toString('base64url');
    this.#kept.set(challenge, { purpose, network, expires: this.now() + lifetime });
    return challenge;
  }

  /** Whether it is one for this, and still good. From now on it is not, whatever becomes of the answer. */
  take(challenge: string, purpose: string): boolean {
    const kept = this.#kept.get(challenge);
    this.#kept.delete(challenge);
    return kept !== undefined && kept.purpose === purpose && kept.expires > this.now();
  }
}

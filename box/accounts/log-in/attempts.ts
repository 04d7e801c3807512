/** How often a log-in may fail: by address, and by account from one address, so that nobody can lock another out. */
import { networkOf } from '../../machine/network.ts';

/** Milliseconds. */
const period = 10 * 60_000;
const mostByAddress = 40;
const mostByAccount = 10;
/** Counters that are kept at all. */
const mostKept = 20_000;

export class Attempts {
  readonly #failures = new Map<string, number[]>();

  constructor(private readonly now: () => number) {}

  /** Seconds until this address may try this account again; 0 where it may now. */
  waits(from: string, email: string): number {
    const network = customerOf(from);
    return Math.max(this.#left(network, mostByAddress), this.#left(`${network} ${email}`, mostByAccount));
  }

  failed(from: string, email: string): void {
    const network = customerOf(from);
    for (const key of [network, `${network} ${email}`]) {
      const recent = this.#recent(key);
      this.#failures.delete(key);
      this.#failures.set(key, [...recent, this.now()].slice(-mostByAddress));
    }
    // The oldest go first.
    for (const key of this.#failures.keys()) {
      if (this.#failures.size <= mostKept) break;
      this.#failures.delete(key);
    }
  }

  succeeded(from: string, email: string): void {
    this.#failures.delete(`${customerOf(from)} ${email}`);
  }

  #left(key: string, most: number): number {
    const recent = this.#recent(key);
    const first = recent.at(-most);
    return first === undefined ? 0 : Math.ceil((first + period - this.now()) / 1000);
  }

  #recent(key: string): number[] {
    return (this.#failures.get(key) ?? []).filter((time) => time + period > this.now());
  }
}

/** What one customer has: of IPv6 a /64. An IPv4 address in IPv6's writing is that address. */
export function customerOf(address: string): string {
  const ipv4 = /::(?:.*:)?(\d+\.\d+\.\d+\.\d+)$/.exec(address)?.[1];
  return ipv4 ?? networkOf(address);
}

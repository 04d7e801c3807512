/** How often a log-in may fail: by address, and by account from one address, so that nobody can lock another out. */
import { isIPv6 } from 'node:net';

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
    const network = networkOf(from);
    return Math.max(this.#left(network, mostByAddress), this.#left(`${network} ${email}`, mostByAccount));
  }

  failed(from: string, email: string): void {
    const network = networkOf(from);
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
    this.#failures.delete(`${networkOf(from)} ${email}`);
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

/** Of IPv6, the /64 that one customer has. */
export function networkOf(address: string): string {
  if (!isIPv6(address)) return address;
  const [head = '', tail = ''] = address.toLowerCase().split('%')[0]?.split('::') ?? [];
  if (tail.includes('.')) return tail.split(':').at(-1) ?? tail;
  const front = head === '' ? [] : head.split(':');
  const back = tail === '' ? [] : tail.split(':');
  const whole = [...front, ...Array(Math.max(0, 8 - front.length - back.length)).fill('0'), ...back];
  return `${whole
    .slice(0, 4)
    .map((word) => Number.parseInt(word, 16).toString(16))
    .join(':')}::/64`;
}

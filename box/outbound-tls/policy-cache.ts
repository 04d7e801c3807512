/** The MTA-STS policies that this box has seen, in memory and on disk: they hold until their max_age has passed. */
import * as z from 'zod';
import type { Machine } from '../machine/machine.ts';
import { paths } from '../machine/paths.ts';

const entrySchema = z.strictObject({
  /** From the TXT record that it was fetched for. */
  id: z.string(),
  /** Seconds since 1970. */
  fetched: z.number(),
  policy: z.strictObject({
    mode: z.enum(['enforce', 'testing', 'none']),
    mx: z.array(z.string()),
    maxAge: z.number(),
  }),
});
export type CachedPolicy = z.infer<typeof entrySchema>;

/** Whose the files are. */
export const cacheOwner = { owner: 'box-outbound-tls', group: 'box-outbound-tls' } as const;

export class PolicyCache {
  readonly #entries = new Map<string, CachedPolicy>();

  private constructor(private readonly machine: Machine) {}

  /** Reads what an earlier run kept. What has expired or can't be read is removed. */
  static async open(machine: Machine, now: number): Promise<PolicyCache> {
    const cache = new PolicyCache(machine);
    await machine.sweep([paths.outboundTlsCache]);
    for (const name of await machine.list(paths.outboundTlsCache)) {
      const domain = /^([a-z0-9_.-]+)\.json$/.exec(name)?.[1];
      if (domain === undefined) continue;
      const entry = parse(await machine.read(fileOf(domain)));
      if (entry === undefined || isExpired(entry, now)) await machine.remove(fileOf(domain));
      else cache.#entries.set(domain, entry);
      cache.#date(domain, now);
    }
    return cache;
  }

  /** The domain's policy, unless its time is over. */
  get(domain: string, now: number): CachedPolicy | undefined {
    this.#date(domain, now);
    const entry = this.#entries.get(domain);
    return entry === undefined || isExpired(entry, now) ? undefined : entry;
  }

  async put(domain: string, entry: CachedPolicy): Promise<void> {
    this.#entries.set(domain, entry);
    await this.machine.put({
      path: fileOf(domain),
      mode: 0o600,
      ...cacheOwner,
      text: `${JSON.stringify(entry)}\n`,
    });
  }

  /** What was noted while the clock was ahead counts from now on: neither fresh for years, nor lost. */
  #date(domain: string, now: number): void {
    const entry = this.#entries.get(domain);
    if (entry !== undefined && entry.fetched > now) this.#entries.set(domain, { ...entry, fetched: now });
  }

  /** Forgets what has expired; gives the domains whose policies still hold. */
  async prune(now: number): Promise<string[]> {
    for (const [domain, entry] of this.#entries) {
      this.#date(domain, now);
      if (!isExpired(entry, now)) continue;
      this.#entries.delete(domain);
      await this.machine.remove(fileOf(domain));
    }
    return [...this.#entries.keys()];
  }
}

/** For who only looks: what is kept of a domain and still holds, whoever keeps it. */
export async function keptPolicy(
  machine: Machine,
  domain: string,
  now: number,
): Promise<CachedPolicy['policy'] | undefined> {
  const entry = parse(await machine.read(fileOf(domain)));
  return entry === undefined || isExpired(entry, now) ? undefined : entry.policy;
}

const fileOf = (domain: string): string => `${paths.outboundTlsCache}/${domain}.json`;

const isExpired = ({ fetched, policy }: CachedPolicy, now: number): boolean => now >= fetched + policy.maxAge;

function parse(text: string | undefined): CachedPolicy | undefined {
  try {
    const read = entrySchema.safeParse(JSON.parse(text ?? ''));
    return read.success ? read.data : undefined;
  } catch {
    return undefined;
  }
}

/** Finds a domain's MTA-STS policy (RFC 8461): announced by DNS, fetched over HTTPS, kept until its time is over. */
import { announcedId, type Policy, parsePolicy } from './mta-sts-text.ts';
import type { PolicyCache } from './policy-cache.ts';
import { type Ask, LookupFailed } from './question.ts';

/** Gets a policy's text. @throws Error saying why there is none */
export type FetchPolicy = (domain: string) => Promise<string>;

export interface Surroundings {
  readonly ask: Ask;
  readonly fetchPolicy: FetchPolicy;
  readonly cache: PolicyCache;
  /** Seconds since 1970. */
  readonly now: () => number;
  readonly log: (line: string) => void;
}

/** Section 3.3: a host that serves no policy is not asked again at once. */
const secondsAfterFailure = 300;
/** Section 10.2: a policy is fetched anew long before it ends, lest an attacker wait for that. */
const secondsUntilRefresh = 86_400;

export class MtaSts {
  /** By domain: the id that could not be fetched, and when. */
  readonly #failures = new Map<string, { readonly id: string; readonly at: number }>();
  /** One fetch for a domain at a time. */
  readonly #running = new Map<string, Promise<Policy | undefined>>();

  constructor(private readonly around: Surroundings) {}

  /** @throws LookupFailed where DNS gives no answer and no policy is known from before */
  async policyOf(domain: string): Promise<Policy | undefined> {
    const running = this.#running.get(domain);
    if (running !== undefined) return running;
    const work = this.#find(domain).finally(() => this.#running.delete(domain));
    this.#running.set(domain, work);
    return work;
  }

  /** Keeps the known policies fresh, also of domains that get no mail. */
  async refresh(): Promise<void> {
    for (const domain of await this.around.cache.prune(this.around.now())) {
      await this.policyOf(domain).catch((error) => {
        if (!(error instanceof LookupFailed)) throw error;
      });
    }
  }

  async #find(domain: string): Promise<Policy | undefined> {
    const { ask, cache, now } = this.around;
    const known = cache.get(domain, now());
    let id: string | undefined;
    try {
      id = announcedId((await ask(`_mta-sts.${domain}`, 'TXT')).txt);
    } catch (error) {
      if (error instanceof LookupFailed && known !== undefined) return known.policy;
      throw error;
    }
    if (id === undefined) return known?.policy;
    const isFresh = known?.id === id && now() - known.fetched < secondsUntilRefresh;
    if (isFresh || this.#hasJustFailed(domain, id)) return known?.policy;
    return (await this.#fetch(domain, id)) ?? known?.policy;
  }

  async #fetch(domain: string, id: string): Promise<Policy | undefined> {
    const { fetchPolicy, cache, now, log } = this.around;
    let policy: Policy | undefined;
    try {
      policy = parsePolicy(await fetchPolicy(domain));
      if (policy === undefined) throw new Error('what it serves is not a policy');
    } catch (error) {
      this.#failures.set(domain, { id, at: now() });
      log(`${domain}: MTA-STS policy ${id} is announced but cannot be had: ${(error as Error).message}`);
      return undefined;
    }
    this.#failures.delete(domain);
    log(`${domain}: MTA-STS policy ${id}, mode ${policy.mode}`);
    const entry = { id, fetched: now(), policy: { ...policy, mx: [...policy.mx] } };
    // A full disk is no reason to ignore the policy.
    await cache
      .put(domain, entry)
      .catch((error) => log(`${domain}: the policy is not kept: ${error.message}`));
    return policy;
  }

  #hasJustFailed(domain: string, id: string): boolean {
    const failure = this.#failures.get(domain);
    if (failure === undefined) return false;
    // Either way: the clock may have been set back.
    const isOver = Math.abs(this.around.now() - failure.at) >= secondsAfterFailure;
    if (isOver) this.#failures.delete(domain);
    return !isOver && failure.id === id;
  }
}

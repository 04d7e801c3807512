/** The names that the box's certificate should stand for. */
import { hostnamePattern } from '../../contract/settings.ts';
import type { Machine } from '../machine/machine.ts';
import { mailDomains } from '../mail/required-aliases.ts';
import { readMailData } from '../mail/users.ts';

/** The box's own, and the one at which each mail domain's MTA-STS policy is fetched (RFC 8461, section 3.3). */
export function namesFor(hostname: string, domains: readonly string[]): string[] {
  const policies = domains
    .filter((domain) => hostnamePattern.test(domain))
    .map((domain) => `mta-sts.${domain}`);
  return [...new Set([hostname, ...policies])];
}

export async function certificateNames(machine: Machine, hostname: string): Promise<string[]> {
  return namesFor(hostname, mailDomains(hostname, await readMailData(machine)));
}

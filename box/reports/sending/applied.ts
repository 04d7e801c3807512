/** Which policy holds for connections to a domain, as Postfix is told (`box outbound-tls`), in the words that a report has for it. */
import type { Machine } from '../../machine/machine.ts';
import { daneOf } from '../../outbound-tls/dane.ts';
import { keptPolicy } from '../../outbound-tls/policy-cache.ts';
import { type Ask, LookupFailed } from '../../outbound-tls/question.ts';
import { domainName } from '../report.ts';
import { type Applied, nothingApplied } from './encryption.ts';

/** Of the records of so many servers a report tells. */
const mostServers = 4;
const mostLines = 30;

/** As it is now: a policy that was another one yesterday is not remembered. */
export async function appliedTo(machine: Machine, domain: string, ask: Ask, now: number): Promise<Applied> {
  try {
    // RFC 8461, section 2: MTA-STS never overrides DANE.
    if ((await daneOf(domain, ask)) !== 'none')
      return { type: 'tlsa', lines: await recordsOf(domain, ask), servers: [], isTested: false };
  } catch (error) {
    if (!(error instanceof LookupFailed)) throw error;
  }
  const policy = await keptPolicy(machine, domain, now);
  if (policy === undefined || policy.mode === 'none') return nothingApplied;
  const { mode, mx, maxAge } = policy;
  return {
    type: 'sts',
    lines: [
      'version: STSv1',
      `mode: ${mode}`,
      ...mx.slice(0, mostLines).map((server) => `mx: ${server}`),
      `max_age: ${maxAge}`,
    ],
    servers: mx.slice(0, mostLines),
    isTested: mode === 'testing',
  };
}

async function recordsOf(domain: string, ask: Ask): Promise<string[]> {
  const { mx } = await ask(domain, 'MX');
  const servers = mx.length === 0 ? [domain] : mx.map(({ exchange }) => exchange);
  const lines: string[] = [];
  for (const server of servers.slice(0, mostServers)) {
    if (domainName(server) === undefined) continue;
    const { tlsa } = await ask(`_25._tcp.${server}`, 'TLSA').catch((error) => {
      if (error instanceof LookupFailed) return { tlsa: [] };
      throw error;
    });
    for (const { usage, selector, matchingType, certificate } of tlsa)
      lines.push(`${usage} ${selector} ${matchingType} ${certificate.toString('hex').slice(0, 4096)}`);
  }
  return lines.slice(0, mostLines);
}

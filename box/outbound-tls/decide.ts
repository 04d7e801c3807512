/** Decides how a domain's mail servers are spoken to: DANE first, then MTA-STS, else Postfix's own default. */
import { daneOf } from './dane.ts';
import type { MtaSts } from './mta-sts.ts';
import { matchOf, patternsOf } from './mta-sts-text.ts';
import { type Ask, LookupFailed } from './question.ts';
import { domainOf, type Reply } from './socketmap.ts';

export interface Sources {
  readonly ask: Ask;
  readonly mtaSts: Pick<MtaSts, 'policyOf'>;
  /** Whether this Postfix can send a server's name in the TLS handshake (`servername`, since 3.4). */
  readonly sendsServerName: boolean;
  /** Whether it compares a policy's patterns itself (`mx_host_pattern`, since 3.10.5): by one label, and before it connects. */
  readonly comparesPatterns: boolean;
}

/** The value for a key of smtp_tls_policy_maps (postconf(5)). */
export async function decide(key: string, sources: Sources): Promise<Reply> {
  const { ask, mtaSts, sendsServerName, comparesPatterns } = sources;
  const domain = domainOf(key);
  if (domain === undefined) return { status: 'NOTFOUND' };
  try {
    // RFC 8461, section 2: MTA-STS never overrides DANE.
    const dane = await daneOf(domain, ask);
    if (dane !== 'none') return { status: 'OK', value: dane };
    const policy = await mtaSts.policyOf(domain);
    if (policy?.mode !== 'enforce') return { status: 'NOTFOUND' };
    const name = sendsServerName ? ' servername=hostname' : '';
    const patterns = comparesPatterns ? patternsOf(policy.mx) : '';
    return { status: 'OK', value: `secure match=${matchOf(policy.mx)}${name}${patterns}` };
  } catch (error) {
    if (error instanceof LookupFailed) return { status: 'TEMP', reason: error.message };
    throw error;
  }
}

/** A report of how the box could encrypt to a domain's servers, as JSON (TLSRPT, RFC 8460, section 4.4). Pure. */
import type { About } from './feedback.ts';
import type { Sessions } from './tally.ts';

/** What holds for the domain: its TLSA records, its MTA-STS policy, or nothing. */
export interface Applied {
  readonly type: 'tlsa' | 'sts' | 'no-policy-found';
  /** The policy's own words, a line each. */
  readonly lines: readonly string[];
  /** Of MTA-STS: the servers that it names. */
  readonly servers: readonly string[];
  /** It asks to be told, and not to be obeyed. */
  readonly isTested: boolean;
}

export const nothingApplied: Applied = { type: 'no-policy-found', lines: [], servers: [], isTested: false };

interface Outcome {
  readonly applied: Applied;
  readonly ok: number;
  readonly failures: Sessions['failures'];
}

export const totalOf = ({ verified, trusted, untrusted, clear, failures }: Sessions): number =>
  verified + trusted + untrusted + clear + failures.reduce((sum, { count }) => sum + count, 0);

/** Which connections went well is the policy's question: without one, any encryption will do. */
function outcomesOf(applied: Applied, sessions: Sessions): Outcome[] {
  const { verified, trusted, untrusted, clear, failures } = sessions;
  const failed = (type: 'starttls-not-supported' | 'certificate-not-trusted', count: number) =>
    count === 0 ? [] : [{ type, mx: '', address: '', count }];
  const unencrypted = failed('starttls-not-supported', clear);
  if (applied.type === 'no-policy-found')
    return [{ applied, ok: verified + trusted + untrusted, failures: [...failures, ...unencrypted] }];
  if (applied.isTested)
    return [
      {
        applied,
        ok: verified + trusted,
        failures: [...failures, ...failed('certificate-not-trusted', untrusted), ...unencrypted],
      },
    ];
  // Postfix delivers as the policy demands or not at all: what is not verified was before the policy was known, or went to
  // a server without TLSA records beside others that have some.
  return [
    { applied, ok: verified, failures },
    { applied: nothingApplied, ok: trusted + untrusted, failures: unencrypted },
  ];
}

export function encryptionOf(
  { hostname, domain, id, begin, end }: About,
  sessions: Sessions,
  applied: Applied,
  /** The box's own address towards that one. */
  ownAddress: (theirs: string) => string | undefined,
): string {
  const policies = outcomesOf(applied, sessions)
    .map(({ applied: { type, lines, servers }, ok, failures }) => ({
      policy: {
        'policy-type': type,
        ...(lines.length === 0 ? {} : { 'policy-string': lines }),
        'policy-domain': domain,
        ...(servers.length === 0 ? {} : { 'mx-host': servers }),
      },
      summary: {
        'total-successful-session-count': ok,
        'total-failure-session-count': failures.reduce((sum, { count }) => sum + count, 0),
      },
      ...(failures.length === 0
        ? {}
        : {
            'failure-details': failures.map(({ type: result, mx, address, count }) => {
              const own = ownAddress(address);
              return {
                'result-type': result,
                ...(own === undefined ? {} : { 'sending-mta-ip': own }),
                ...(mx === '' ? {} : { 'receiving-mx-hostname': mx }),
                ...(address === '' ? {} : { 'receiving-ip': address }),
                'failed-session-count': count,
              };
            }),
          }),
    }))
    .filter(
      ({ summary }, i) =>
        i === 0 || summary['total-successful-session-count'] + summary['total-failure-session-count'] > 0,
    );
  const told = {
    'organization-name': hostname,
    'date-range': { 'start-datetime': isoOf(begin), 'end-datetime': isoOf(end) },
    'contact-info': `postmaster@${hostname}`,
    'report-id': id,
    policies,
  };
  return `${JSON.stringify(told, null, 1)}\n`;
}

const isoOf = (time: number) => new Date(time * 1000).toISOString().replace('.000Z', 'Z');

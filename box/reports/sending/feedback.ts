/** An aggregate report of DMARC, as XML (RFC 7489, appendix C): whatever stands in it is escaped, and was checked before. Pure. */
import type { Mails } from './tally.ts';

export interface About {
  readonly hostname: string;
  readonly domain: string;
  readonly id: string;
  /** Seconds since 1970. */
  readonly begin: number;
  readonly end: number;
}

type Element = readonly [name: string, inner: string | number | readonly Element[]];

export function feedbackOf(
  { hostname, domain, id, begin, end }: About,
  { policy, rows }: Mails,
  /** When the domain wants reports of single failures: its record's `fo`. */
  fo: string,
): string {
  const feedback: Element = [
    'feedback',
    [
      ['version', '1.0'],
      [
        'report_metadata',
        [
          ['org_name', hostname],
          ['email', `postmaster@${hostname}`],
          ['report_id', id],
          [
            'date_range',
            [
              ['begin', begin],
              ['end', end],
            ],
          ],
        ],
      ],
      [
        'policy_published',
        [
          ['domain', domain],
          ['adkim', policy.adkim],
          ['aspf', policy.aspf],
          ['p', policy.p],
          ['sp', policy.sp],
          ['pct', policy.pct],
          ['fo', fo],
        ],
      ],
      ...rows.map(recordOf),
    ],
  ];
  return `<?xml version="1.0" encoding="UTF-8"?>\n${written(feedback)}`;
}

function recordOf(row: Mails['rows'][number]): Element {
  const verdict = (passed: boolean) => (passed ? 'pass' : 'fail');
  const reason: Element[] = row.local ? [['reason', [['type', 'local_policy']]]] : [];
  return [
    'record',
    [
      [
        'row',
        [
          ['source_ip', row.address],
          ['count', row.count],
          [
            'policy_evaluated',
            [['disposition', row.fate], ['dkim', verdict(row.dkim)], ['spf', verdict(row.spf)], ...reason],
          ],
        ],
      ],
      [
        'identifiers',
        [
          ['envelope_from', row.envelope],
          ['header_from', row.from],
        ],
      ],
      [
        'auth_results',
        [
          ...row.signatures.map(
            ({ domain, selector, result }): Element => [
              'dkim',
              [
                ['domain', domain],
                ['selector', selector],
                ['result', result],
              ],
            ],
          ),
          [
            'spf',
            [
              ['domain', row.envelope],
              // Without a sender in the envelope SPF is asked of the name in HELO, which the history does not say.
              ['scope', row.envelope === '' ? 'helo' : 'mfrom'],
              ['result', row.spfResult],
            ],
          ],
        ],
      ],
    ],
  ];
}

function written([name, inner]: Element, indent = ''): string {
  const text =
    typeof inner === 'object'
      ? `\n${inner.map((one) => written(one, `${indent}  `)).join('')}${indent}`
      : escaped(String(inner));
  return `${indent}<${name}>${text}</${name}>\n`;
}

const escaped = (text: string) =>
  text.replace(
    /[^\x20-\x7e]|[&<>"']/g,
    (one) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&apos;' })[one] ?? ' ',
  );

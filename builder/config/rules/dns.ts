/** Rules about who serves the zones. */
import { publicName } from './names.ts';
import { type Rule, when } from './rule.ts';

export const dnsRules: readonly Rule[] = [
  {
    name: 'the domains that are served elsewhere are some, not all',
    holds: '`dns.external` is empty where `dns.mode` is `external`: then all are.',
    reads: ['dns.mode', 'dns.external'],
    check: ({ dns: { mode, external } }) =>
      when(
        mode === 'external' && external.length > 0,
        ['dns', 'external'],
        'must be left out where dns.mode is external',
        'remove it, or write mode: own',
      ),
  },
  {
    name: 'the domains that are served elsewhere can exist in the public DNS',
    holds: 'No domain of `dns.external` is under a private or reserved top-level name.',
    reads: ['dns.external'],
    check: ({ dns: { external } }) => external.flatMap((name, i) => publicName(['dns', 'external', i], name)),
  },
];

/** Rules about who serves the zones, and signs them. */
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
  {
    name: 'who signs nothing needs no algorithm',
    holds: 'With `dns.mode: external`, `dns.algorithm` is left as it is: the box signs no zone then.',
    reads: ['dns.mode', 'dns.algorithm'],
    check: ({ dns: { mode, algorithm } }) =>
      when(
        mode === 'external' && algorithm !== 'ECDSAP256SHA256',
        ['dns', 'algorithm'],
        'has no effect with dns.mode: external, since somebody else signs the zones',
        'remove dns.algorithm, or write dns.mode: own',
      ),
  },
];

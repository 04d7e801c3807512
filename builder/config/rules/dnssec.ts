/** Rules about signing. */
import { type Rule, when } from './rule.ts';

export const dnssecRules: readonly Rule[] = [
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

/** Rules about certificates of an authority. */
import { type Rule, when } from './rule.ts';

export const acmeRules: readonly Rule[] = [
  {
    name: 'what is not enabled is not configured',
    holds:
      'Without `acme.enabled: true`, the other keys of `acme` are left as they are: they would have no effect.',
    reads: ['acme.enabled', 'acme.directory', 'acme.email', 'acme.challenge'],
    check({ acme: { enabled, directory, email, challenge } }) {
      const [key] = [
        ...(directory === undefined ? [] : ['directory']),
        ...(email === undefined ? [] : ['email']),
        ...(challenge === 'http-01' ? [] : ['challenge']),
      ];
      return when(
        !enabled && key !== undefined,
        ['acme', key ?? 'enabled'],
        'has no effect while acme.enabled is false',
        'write acme.enabled: true, if you agree to the terms of the authority; else remove it',
      );
    },
  },
  {
    name: 'who serves no zone can’t prove names by records',
    holds: '`acme.challenge` is `http-01` where `dns.mode` is `external`.',
    reads: ['acme.challenge', 'dns.mode'],
    check: ({ acme: { challenge }, dns: { mode } }) =>
      when(
        challenge === 'dns-01' && mode === 'external',
        ['acme', 'challenge'],
        'is dns-01, but with dns.mode: external the box serves no zone that it could put the proof into',
        'write challenge: http-01, or dns.mode: own',
      ),
  },
];

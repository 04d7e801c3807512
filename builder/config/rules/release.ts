/** Rules about the release: it is known, and it can do what the config asks of it. */
import type { Release } from '../../../releases/release.ts';
import { nearest } from '../nearest.ts';
import { type Rule, when } from './rule.ts';

/** The TLS versions that a policy can't do without. */
const needed = {
  'guide-2016': ['TLSv1', 'TLSv1.1', 'TLSv1.2'],
  intermediate: ['TLSv1.2'],
} as const;

const missingFor = (policy: keyof typeof needed, spoken: Release['tlsVersions']) =>
  needed[policy].filter((version) => !spoken.includes(version));

export const releaseRules: readonly Rule[] = [
  {
    name: 'the release is known',
    holds: '`release` is one that Letterbox knows.',
    reads: ['release'],
    check: ({ release }, releases) => {
      const meant = nearest(release, releases.keys());
      return when(
        !releases.has(release),
        ['release'],
        `must be one of ${[...releases.keys()].join(', ')} (got ${JSON.stringify(release.slice(0, 60))})`,
        meant === undefined
          ? 'choose one of them; docs/adding.md says how to add another'
          : `did you mean "${meant}"?`,
      );
    },
  },
  {
    name: 'the release speaks the TLS versions of the policy',
    holds: "The release's OpenSSL speaks every TLS version that `tls.policy` offers.",
    reads: ['release', 'tls.policy'],
    check: ({ release, tls: { policy } }, releases) => {
      const spoken = releases.get(release)?.tlsVersions;
      if (spoken === undefined) return [];
      const missing = missingFor(policy, spoken);
      const other = policy === 'intermediate' ? 'guide-2016' : 'intermediate';
      return when(
        missing.length > 0,
        ['tls', 'policy'],
        `"${policy}" needs ${missing.join(', ')}, which ${release} does not speak`,
        missingFor(other, spoken).length === 0 ? `use "${other}" or another release` : 'use another release',
      );
    },
  },
  {
    name: 'only a bootstrapped base has a mirror',
    holds: '`image.mirror` is set only where the base disk is made from packages, not from a cloud image.',
    reads: ['release', 'image.mirror'],
    check: ({ release, image: { mirror } }, releases) =>
      when(
        mirror !== undefined && releases.get(release)?.base.kind === 'cloud-image',
        ['image', 'mirror'],
        `has no use with ${release}, whose base is a ready-made cloud image`,
        'remove it',
      ),
  },
];

/** Rules about the release: it is known, and it can do what the config asks of it. */
import { optionalRoles, type Release } from '../../../releases/release.ts';
import { isAtLeast } from '../../../releases/version.ts';
import { nearest } from '../nearest.ts';
import { type Rule, when } from './rule.ts';

/** The TLS versions that a policy can't do without. */
const needed = {
  'guide-2016': ['TLSv1', 'TLSv1.1', 'TLSv1.2'],
  intermediate: ['TLSv1.2'],
  modern: ['TLSv1.2', 'TLSv1.3'],
} as const;
type Policy = keyof typeof needed;

const missingFor = (policy: Policy, spoken: Release['tlsVersions']) =>
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
      const others: readonly Policy[] = ['intermediate', 'modern', 'guide-2016'];
      const other = others.find((name) => missingFor(name, spoken).length === 0);
      return when(
        missing.length > 0,
        ['tls', 'policy'],
        `"${policy}" needs ${missing.join(', ')}, which ${release} does not speak`,
        other === undefined ? 'use another release' : `use "${other}" or another release`,
      );
    },
  },
  {
    name: 'legacy TLS is not modern',
    holds:
      '`inbound.legacyTls` is not asked for together with `tls.policy: modern`, which promises TLS 1.2 and newer.',
    reads: ['inbound.legacyTls', 'tls.policy'],
    check: ({ inbound: { legacyTls }, tls: { policy } }) =>
      when(
        legacyTls && policy === 'modern',
        ['inbound', 'legacyTls'],
        'contradicts tls.policy "modern", which offers nothing older than TLS 1.2',
        'remove it, or use "intermediate"',
      ),
  },
  {
    name: 'the release speaks legacy TLS',
    holds: '`inbound.legacyTls` is only for a release whose OpenSSL speaks TLS 1.0 and 1.1.',
    reads: ['release', 'inbound.legacyTls'],
    check: ({ release, inbound: { legacyTls } }, releases) => {
      const spoken = releases.get(release)?.tlsVersions;
      const old = ['TLSv1', 'TLSv1.1'] as const;
      return when(
        legacyTls && spoken !== undefined && !old.every((version) => spoken.includes(version)),
        ['inbound', 'legacyTls'],
        `needs TLSv1 and TLSv1.1, which ${release} does not speak`,
        'remove it',
      );
    },
  },
  {
    name: 'the release can refuse by DMARC',
    holds: '`inbound.dmarc: reject` is only for a release whose OpenDMARC looks at SPF itself (1.3).',
    reads: ['release', 'inbound.dmarc'],
    check: ({ release, inbound: { dmarc } }, releases) => {
      const version = releases.get(release)?.versions.opendmarc;
      return when(
        dmarc === 'reject' && version !== undefined && !isAtLeast(version, '1.3'),
        ['inbound', 'dmarc'],
        `"reject" would refuse good mail on ${release}: its OpenDMARC ${version} does not look at SPF`,
        'remove it, or use another release',
      );
    },
  },
  ...optionalRoles.map(
    (role): Rule => ({
      name: `the release has the ${role}`,
      holds: `\`${role}\` is one that the release has, or \`none\`.`,
      reads: ['release', role],
      check: (config, releases) =>
        when(
          config[role] !== undefined &&
            config[role] !== 'none' &&
            releases.get(config.release)?.lacksRoles.includes(role) === true,
          [role],
          `"${config[role]}" is not there on ${config.release}`,
          'remove the key, or use another release',
        ),
    }),
  ),
  {
    name: 'the release has that groupware',
    holds: '`groupware` is the program that the release has, or `none`.',
    reads: ['release', 'groupware'],
    check: ({ release, groupware }, releases) => {
      const known = releases.get(release);
      const has =
        known?.lacksRoles.includes('groupware') === false ? known.roles.groupware.software : undefined;
      return when(
        has !== undefined && groupware !== undefined && groupware !== 'none' && groupware !== has,
        ['groupware'],
        `"${groupware}" is not there on ${release}, which has "${has}"`,
        `write ${has}, or remove the key`,
      );
    },
  },
  {
    name: 'the release has an archive that is sold',
    holds:
      '`image.esmMirror` is set only for a release whose vendor sells security upgrades, and on a cloud image.',
    reads: ['release', 'image.esmMirror'],
    check: ({ release, image: { esmMirror } }, releases) => {
      const base = releases.get(release)?.base;
      return when(
        esmMirror !== undefined &&
          base !== undefined &&
          (base.kind !== 'cloud-image' || base.esm === undefined),
        ['image', 'esmMirror'],
        `has no use with ${release}, for which Letterbox knows no archive of that kind`,
        'remove it',
      );
    },
  },
  {
    name: 'the release is baked that way',
    holds: '`image.builder` is one that can bake the release.',
    reads: ['release', 'image.builder'],
    check: ({ release, image: { builder } }, releases) => {
      const known = releases.get(release)?.builders;
      return when(
        builder !== undefined && known?.includes(builder) === false,
        ['image', 'builder'],
        `must be ${known?.join(' or ')} with ${release} (got "${builder}")`,
        'change it, or remove the key',
      );
    },
  },
  {
    name: 'the release starts on the firmware',
    holds: "The release's base disk starts on `boot.firmware`.",
    reads: ['release', 'boot.firmware'],
    check: ({ release, boot: { firmware } }, releases) => {
      const known = releases.get(release)?.firmware;
      return when(
        known !== undefined && !known.includes(firmware),
        ['boot', 'firmware'],
        `must be ${known?.join(' or ')} with ${release}, whose base disk has no boot loader for ${firmware}`,
        'change it, or use another release',
      );
    },
  },
];

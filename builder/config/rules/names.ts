/** Rules about names: those that the world could never resolve, or that a machine can't bear. */
import { asciiName } from '../../../contract/idna.ts';
import { nearest } from '../nearest.ts';
import type { Path } from '../path.ts';
import { usualTimezone } from '../values.ts';
import { type Finding, type Rule, when } from './rule.ts';

/**
 * Top-level names that never reach the public DNS: RFC 6761, 6762, 7686, 8375, 9476 and what routers invent.
 * `test` is left out, since it is made for tests; `example.com` is an ordinary name.
 */
const privateTops = new Set(
  'localhost localdomain local lan home internal intranet private corp invalid onion arpa alt example'.split(
    ' ',
  ),
);

export const publicName = (path: Path, name: string): readonly Finding[] => {
  const top = name.slice(name.lastIndexOf('.') + 1);
  if (privateTops.has(top))
    return when(
      true,
      path,
      `.${top} is not a domain of the public DNS (got "${name}")`,
      'use a domain that you own',
    );
  // One that is no punycode, or that stands for what no name may have.
  return when(
    asciiName(name) !== name,
    path,
    `has an xn-- part that is not valid (got "${name}")`,
    'copy it again',
  );
};

export const nameRules: readonly Rule[] = [
  {
    name: 'the host name can exist in the public DNS',
    holds: '`box.hostname` is not under a private or reserved top-level name such as `local` or `lan`.',
    reads: ['box.hostname'],
    check: ({ box }) => publicName(['box', 'hostname'], box.hostname),
  },
  {
    name: "the admin's domain can exist in the public DNS",
    holds: 'The domain of `box.admin.email` is not under one either.',
    reads: ['box.admin.email'],
    check: ({ box: { admin } }) =>
      publicName(['box', 'admin', 'email'], admin.email.slice(admin.email.indexOf('@') + 1)),
  },
  {
    name: 'the host name fits a certificate and the kernel',
    holds: '`box.hostname` has at most 64 characters: more fit neither a certificate subject nor Linux.',
    reads: ['box.hostname'],
    check: ({ box: { hostname } }) =>
      when(
        hostname.length > 64,
        ['box', 'hostname'],
        `must have at most 64 characters (got ${hostname.length})`,
        'choose a shorter name',
      ),
  },
  {
    name: 'the time zone exists',
    holds: '`box.timezone` is in the tz database.',
    reads: ['box.timezone'],
    check: ({ box: { timezone } }) => {
      // Node.js reads the world's calendars for the first zone that is looked up: a tenth of what `check` takes.
      if (timezone === usualTimezone) return [];
      const path = ['box', 'timezone'];
      const got = `must be in the tz database (got ${JSON.stringify(timezone.slice(0, 60))})`;
      const canonical = canonicalZone(timezone);
      if (canonical === undefined) {
        const meant = nearest(timezone, Intl.supportedValuesOf('timeZone'));
        return when(
          true,
          path,
          got,
          meant === undefined ? 'for example Europe/Berlin' : `did you mean "${meant}"?`,
        );
      }
      // Intl does not mind the case of letters; the file system of the box does.
      const sameLetters = canonical.toLowerCase() === timezone.toLowerCase();
      return when(sameLetters && canonical !== timezone, path, got, `write ${canonical}`);
    },
  },
];

/** The tz database's present name for a zone; nothing for an unknown one. */
function canonicalZone(zone: string): string | undefined {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: zone }).resolvedOptions().timeZone;
  } catch {
    return undefined;
  }
}

/**
 * Which TLS every daemon speaks: the policies of `tls.policy` as data, the one source for all of them.
 *
 * The server's order of suites counts everywhere, not the client's. docs/tls.md says what comes of it on each port.
 */
import type { Release } from '../../../releases/release.ts';
import { isAtLeast } from '../../../releases/version.ts';
import type { Config } from '../../config/schema.ts';
import * as suites from './suites.ts';

export type TlsVersion = 'TLSv1' | 'TLSv1.1' | 'TLSv1.2' | 'TLSv1.3';
export type PolicyName = Config['tls']['policy'];

/** ML-KEM-768 beside X25519: what is recorded today stays closed to a quantum computer of some day, and to whoever breaks one of the two. */
const hybrid = 'X25519MLKEM768';
/** No larger curves: they cost the server more than they give. */
const curves = ['X25519', 'prime256v1', 'secp384r1'] as const;

export type Group = typeof hybrid | (typeof curves)[number];

export interface Versions {
  readonly oldest: TlsVersion;
  readonly newest: TlsVersion;
}

/** What one kind of peer is offered. */
export interface Offer extends Versions {
  /** OpenSSL's names, best first; for TLS 1.2 and older. */
  readonly ciphers: readonly string[];
}

export interface TlsPolicy {
  /** Of the key exchange, best first, by OpenSSL's names. */
  readonly groups: readonly Group[];
  /** People's mail programs, who send a password: submission, imaps, pop3s. */
  readonly mail: Offer;
  /** Browsers: https. */
  readonly web: Offer;
  /** Other mail servers, on port 25: without TLS they would speak in clear, so old suites are better than none. */
  readonly exchange: Offer;
  /** Mail out. Postfix has two grades of ciphers for both directions: `tried` takes `exchange`'s, `demanded` `mail`'s. */
  readonly out: {
    /** Where a server without TLS would get the mail too. */
    readonly tried: Versions;
    /** Where the recipient's domain says that it has TLS (DANE): the mail waits rather than go with less. */
    readonly demanded: Versions;
  };
}

const from10to12 = { oldest: 'TLSv1', newest: 'TLSv1.2' } as const;
const from10 = { oldest: 'TLSv1', newest: 'TLSv1.3' } as const;
const from12 = { oldest: 'TLSv1.2', newest: 'TLSv1.3' } as const;
const only13 = { oldest: 'TLSv1.3', newest: 'TLSv1.3' } as const;

const guideMail = [...suites.guideForwardSecret, ...suites.guideMailOnly];

export const tlsPolicies: Readonly<Record<PolicyName, TlsPolicy>> = {
  // The security guide: "Only TLSv1, TLSv1.1 and TLSv1.2 are offered", at least 112 bits, and 128 where passwords go.
  // It names no suite but points to a scan of its own ports, which these sets are. Out: "TLSv1 and later".
  'guide-2016': {
    groups: curves,
    mail: { ...from10to12, ciphers: guideMail },
    web: { ...from10to12, ciphers: [...suites.guideForwardSecret, ...suites.tripleDes] },
    exchange: {
      ...from10to12,
      ciphers: [...guideMail, ...suites.tripleDesForwardSecret, ...suites.tripleDes],
    },
    out: { tried: from10, demanded: from10 },
  },
  intermediate: {
    groups: [hybrid, ...curves],
    mail: { ...from12, ciphers: suites.aead },
    web: { ...from12, ciphers: suites.aead },
    exchange: {
      ...from12,
      ciphers: [...suites.aead, ...suites.cbcForwardSecret, ...suites.rsaKeyExchange],
    },
    out: { tried: from12, demanded: from12 },
  },
  // The ciphers of `mail` and `web` name nothing for TLS 1.3; they serve mail that goes out to a server of TLS 1.2.
  modern: {
    groups: [hybrid, ...curves],
    mail: { ...only13, ciphers: suites.aead },
    web: { ...only13, ciphers: suites.aead },
    exchange: { ...from12, ciphers: [...suites.aead, ...suites.cbcForwardSecret] },
    out: { tried: from12, demanded: from12 },
  },
};

/** What of a config decides it. */
interface Asked {
  readonly tls: Config['tls'];
  readonly inbound: Pick<Config['inbound'], 'legacyTls'>;
}

/** The policy that a config asks for. `inbound.legacyTls` is for servers that would speak in clear otherwise, so not for DANE. */
export function policyOf({ tls, inbound }: Asked): TlsPolicy {
  const policy = tlsPolicies[tls.policy];
  if (!inbound.legacyTls) return policy;
  const { exchange, out } = policy;
  return {
    ...policy,
    exchange: { ...exchange, oldest: 'TLSv1' },
    out: { ...out, tried: { ...out.tried, oldest: 'TLSv1' } },
  };
}

/** The one Diffie-Hellman group: ffdhe2048 of RFC 7919, in the image. Its numbers are public, so it needs no making. */
export const dhFile = '/etc/ssl/box/ffdhe2048.pem';

/** Those that the release's OpenSSL has; a daemon refuses a list with another in it, or skips it with a warning. */
export function offeredGroups(
  { groups }: Pick<TlsPolicy, 'groups'>,
  { versions }: { readonly versions: Pick<Release['versions'], 'openssl'> },
): readonly Group[] {
  return groups.filter((group) => group !== hybrid || isAtLeast(versions.openssl, '3.5'));
}

/**
 * The same as a client says them. OpenSSL 3.5 sends a share of those with a `*`: else of the first alone, and each server that has no
 * ML-KEM yet would have to ask for another.
 */
export function sharedGroups(
  policy: Pick<TlsPolicy, 'groups'>,
  release: Pick<Release, 'versions'>,
): string[] {
  const groups = offeredGroups(policy, release);
  const shared = groups.includes(hybrid) ? [hybrid, curves[0]] : [];
  return groups.map((group) => (shared.includes(group) ? `*${group}` : group));
}

/** The versions that are meant on a release, oldest first. */
export function offeredVersions(
  { oldest, newest }: Versions,
  release: Pick<Release, 'tlsVersions'>,
): TlsVersion[] {
  const order: readonly TlsVersion[] = ['TLSv1', 'TLSv1.1', 'TLSv1.2', 'TLSv1.3'];
  return release.tlsVersions.filter(
    (version) =>
      order.indexOf(version) >= order.indexOf(oldest) && order.indexOf(version) <= order.indexOf(newest),
  );
}

/** The suites that a release's OpenSSL can speak in one version of an offer; with TLS 1.3, its own. */
export function offeredSuites(
  offer: Offer,
  version: TlsVersion,
  release: Pick<Release, 'tlsVersions' | 'lacksCiphers'>,
): readonly string[] {
  if (!offeredVersions(offer, release).includes(version)) return [];
  if (version === 'TLSv1.3') return suites.tls13;
  return offer.ciphers
    .filter((suite) => !release.lacksCiphers.some((lacking) => suite.includes(lacking)))
    .filter((suite) => version === 'TLSv1.2' || !suites.needsTls12(suite));
}

/** An offer's ciphers as the OpenSSL string that daemons take. */
export function cipherString(offer: Offer, release: Pick<Release, 'tlsVersions' | 'versions'>): string {
  const old = offeredVersions(offer, release).some((version) => version === 'TLSv1' || version === 'TLSv1.1');
  // Since 1.1.0 OpenSSL has security levels, and since 3.0 TLS 1.0 and 1.1 (their SHA-1 signatures) need level 0.
  const hasLevels = !release.versions.openssl.startsWith('1.0');
  return offer.ciphers.join(':') + (old && hasLevels ? ':@SECLEVEL=0' : '');
}

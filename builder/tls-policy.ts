/**
 * Which TLS every daemon speaks: the policies of `tls.policy` as data, the one source for all of them.
 *
 * Ciphers are listed one by one by OpenSSL's names, never by keywords such as HIGH, whose meaning changes with
 * the release. A suite that a release's OpenSSL does not have is skipped by it. TLS 1.3 has suites of its own,
 * all of them good, which these lists do not touch.
 */
import type { Release } from '../releases/release.ts';

export type TlsVersion = 'TLSv1' | 'TLSv1.1' | 'TLSv1.2' | 'TLSv1.3';
export type PolicyName = 'guide-2016' | 'intermediate';

/** What one kind of peer is offered. */
export interface Offer {
  readonly oldest: TlsVersion;
  readonly newest: TlsVersion;
  /** OpenSSL's names, best first; for TLS 1.2 and older. */
  readonly ciphers: readonly string[];
}

export interface TlsPolicy {
  /** People's mail programs, who send a password: submission, imaps, pop3s. */
  readonly mail: Offer;
  /** Browsers: https. */
  readonly web: Offer;
  /** Other mail servers, in and out: without TLS they would speak in clear, so old suites are better than none. */
  readonly exchange: Offer;
  /** Whether the server's order of ciphers counts, not the client's. */
  readonly preferServerOrder: boolean;
}

/** Mozilla's "Server Side TLS", intermediate, version 5.7: forward secrecy and AEAD only. */
const intermediate = [
  'ECDHE-ECDSA-AES128-GCM-SHA256',
  'ECDHE-RSA-AES128-GCM-SHA256',
  'ECDHE-ECDSA-AES256-GCM-SHA384',
  'ECDHE-RSA-AES256-GCM-SHA384',
  'ECDHE-ECDSA-CHACHA20-POLY1305',
  'ECDHE-RSA-CHACHA20-POLY1305',
  'DHE-RSA-AES128-GCM-SHA256',
  'DHE-RSA-AES256-GCM-SHA384',
] as const;

/** AES in CBC mode, still with forward secrecy. */
const cbcForwardSecret = [
  'ECDHE-ECDSA-AES128-SHA256',
  'ECDHE-RSA-AES128-SHA256',
  'ECDHE-ECDSA-AES128-SHA',
  'ECDHE-RSA-AES128-SHA',
  'ECDHE-ECDSA-AES256-SHA384',
  'ECDHE-RSA-AES256-SHA384',
  'ECDHE-ECDSA-AES256-SHA',
  'ECDHE-RSA-AES256-SHA',
  'DHE-RSA-AES128-SHA256',
  'DHE-RSA-AES128-SHA',
  'DHE-RSA-AES256-SHA256',
  'DHE-RSA-AES256-SHA',
] as const;

/** RSA key exchange: no forward secrecy, for peers that know nothing better. */
const rsaKeyExchange = [
  'AES128-GCM-SHA256',
  'AES256-GCM-SHA384',
  'AES128-SHA256',
  'AES256-SHA256',
  'AES128-SHA',
  'AES256-SHA',
] as const;

/** 112 bits: the least that the security guide allows, and what Windows XP's browser needs. */
const tripleDes = ['DES-CBC3-SHA'] as const;

const atLeast128 = [...intermediate, ...cbcForwardSecret, ...rsaKeyExchange];

export const tlsPolicies: Readonly<Record<PolicyName, TlsPolicy>> = {
  // The security guide: "Only TLSv1, TLSv1.1 and TLSv1.2 are offered", 112 bits, and 128 where passwords go.
  'guide-2016': {
    mail: { oldest: 'TLSv1', newest: 'TLSv1.2', ciphers: atLeast128 },
    web: { oldest: 'TLSv1', newest: 'TLSv1.2', ciphers: [...atLeast128, ...tripleDes] },
    exchange: { oldest: 'TLSv1', newest: 'TLSv1.2', ciphers: [...atLeast128, ...tripleDes] },
    preferServerOrder: true,
  },
  intermediate: {
    mail: { oldest: 'TLSv1.2', newest: 'TLSv1.3', ciphers: intermediate },
    web: { oldest: 'TLSv1.2', newest: 'TLSv1.3', ciphers: intermediate },
    exchange: { oldest: 'TLSv1.2', newest: 'TLSv1.3', ciphers: atLeast128 },
    // Every suite is good, so a telephone without AES in hardware may choose ChaCha20.
    preferServerOrder: false,
  },
};

/** The one Diffie-Hellman group: ffdhe2048 of RFC 7919, in the image. Its numbers are public, so it needs no making. */
export const dhFile = '/etc/ssl/box/ffdhe2048.pem';

/** The versions that an offer means on a release, oldest first. */
export function offeredVersions(offer: Offer, release: Pick<Release, 'tlsVersions'>): TlsVersion[] {
  const order: readonly TlsVersion[] = ['TLSv1', 'TLSv1.1', 'TLSv1.2', 'TLSv1.3'];
  const from = order.indexOf(offer.oldest);
  const to = order.indexOf(offer.newest);
  return release.tlsVersions.filter(
    (version) => order.indexOf(version) >= from && order.indexOf(version) <= to,
  );
}

/** An offer's ciphers as the OpenSSL string that daemons take. */
export function cipherString(offer: Offer, release: Pick<Release, 'tlsVersions' | 'versions'>): string {
  const old = offeredVersions(offer, release).some((version) => version === 'TLSv1' || version === 'TLSv1.1');
  // Since 1.1.0 OpenSSL has security levels, and since 3.0 TLS 1.0 and 1.1 (their SHA-1 signatures) need level 0.
  const hasLevels = !release.versions.openssl.startsWith('1.0');
  return offer.ciphers.join(':') + (old && hasLevels ? ':@SECLEVEL=0' : '');
}

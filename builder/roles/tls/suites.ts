/**
 * Cipher suites of TLS 1.2 and older, by OpenSSL's names and in the groups that the policies are made of.
 *
 * They are listed one by one, never by keywords such as HIGH, whose meaning changes with the release. A suite that
 * a release's OpenSSL does not have is skipped by it. The ECDSA suites are for an owner's own certificate; the
 * box's key is RSA.
 */

/** Mozilla's "Server Side TLS", intermediate, version 5.7: forward secrecy and AEAD only. */
export const aead = [
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
export const cbcForwardSecret = [
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
export const rsaKeyExchange = [
  'AES128-GCM-SHA256',
  'AES256-GCM-SHA384',
  'AES128-SHA256',
  'AES256-SHA256',
  'AES128-SHA',
  'AES256-SHA',
] as const;

/** What the guide's own web server offered: AES with forward secrecy, 256 bits first ("modern clients will make use of" them). */
export const guideForwardSecret = [
  'ECDHE-ECDSA-AES256-GCM-SHA384',
  'ECDHE-RSA-AES256-GCM-SHA384',
  'ECDHE-ECDSA-AES256-SHA384',
  'ECDHE-RSA-AES256-SHA384',
  'ECDHE-ECDSA-AES256-SHA',
  'ECDHE-RSA-AES256-SHA',
  'DHE-RSA-AES256-GCM-SHA384',
  'DHE-RSA-AES256-SHA256',
  'DHE-RSA-AES256-SHA',
  'ECDHE-ECDSA-AES128-GCM-SHA256',
  'ECDHE-RSA-AES128-GCM-SHA256',
  'ECDHE-ECDSA-AES128-SHA256',
  'ECDHE-RSA-AES128-SHA256',
  'ECDHE-ECDSA-AES128-SHA',
  'ECDHE-RSA-AES128-SHA',
  'DHE-RSA-AES128-GCM-SHA256',
  'DHE-RSA-AES128-SHA256',
  'DHE-RSA-AES128-SHA',
] as const;

/** What its mail server offered besides, with 128 bits or more. */
export const guideMailOnly = [
  'DHE-RSA-CAMELLIA256-SHA',
  'DHE-RSA-CAMELLIA128-SHA',
  'DHE-RSA-SEED-SHA',
  'AES256-GCM-SHA384',
  'AES256-SHA256',
  'AES256-SHA',
  'CAMELLIA256-SHA',
  'AES128-GCM-SHA256',
  'AES128-SHA256',
  'AES128-SHA',
  'CAMELLIA128-SHA',
  'SEED-SHA',
] as const;

/** 112 bits, the least that the guide allows: what Windows XP's browser needs. */
export const tripleDes = ['DES-CBC3-SHA'] as const;

/** The same with forward secrecy, which only mail servers of that time know. */
export const tripleDesForwardSecret = ['ECDHE-RSA-DES-CBC3-SHA', 'EDH-RSA-DES-CBC3-SHA'] as const;

/** TLS 1.3 has suites of its own, all of them good; no policy touches them. */
export const tls13 = [
  'TLS_AES_256_GCM_SHA384',
  'TLS_CHACHA20_POLY1305_SHA256',
  'TLS_AES_128_GCM_SHA256',
] as const;

/** Length of a suite's key in bits. */
export function keyBits(suite: string): number {
  if (suite.includes('DES-CBC3')) return 112;
  if (suite.includes('CHACHA20')) return 256;
  if (suite.includes('SEED')) return 128;
  return Number(/(?:AES_?|CAMELLIA)(128|256)/.exec(suite)?.[1] ?? 0);
}

/** Whether a suite is one of TLS 1.2 alone: AEAD, or a MAC with SHA-2. */
export function needsTls12(suite: string): boolean {
  return /-SHA(?:256|384)$|-POLY1305$/.test(suite);
}

/** What the zones are made of and what comes out: the shapes that every part of DNS shares. */
import type { Refused, Written } from './custom.ts';
import type { DnsRecord } from './record.ts';
import type { Secondary } from './secondaries.ts';

/** What the records follow from: settings, accounts and the box's keys, as one plain value. */
export interface DnsFacts {
  readonly hostname: string;
  /** The addresses that the world reaches the box at. */
  readonly ipv4?: string;
  readonly ipv6?: string;
  /** Domains that the box takes mail for, its own name among them. */
  readonly mailDomains: readonly string[];
  /** Those of them that people have accounts in. */
  readonly userDomains: readonly string[];
  /** The image's public TCP ports. */
  readonly ports: readonly number[];
  /** SHA-256 of the TLS key's SubjectPublicKeyInfo, in hexadecimal. */
  readonly tlsKeySha256?: string;
  /** The same of the key that comes next, or of the one that was before: while a key is changed there are two. */
  readonly otherTlsKeys?: readonly string[];
  /** Proofs of ownership that an authority looks for just now (RFC 8555, section 8.4). */
  readonly challenges?: readonly { readonly name: string; readonly value: string }[];
  /** The authority whose certificates the box asks for, as CAA records name it; absent: one that is not known. */
  readonly authority?: string;
  /** The DKIM records, each text as one string. */
  readonly dkim: readonly { readonly selector: string; readonly text: string }[];
  /** Values of SSHFP records, one a host key. */
  readonly sshHostKeys: readonly string[];
  /** Names that a certificate of a public authority stands for. */
  readonly certified: readonly string[];
  /** Identifies the MTA-STS policy; it changes when the policy does. */
  readonly mtaStsId: string;
  /** Whether the image has a groupware server. */
  readonly dav: boolean;
  /** The zones that somebody else serves, who names their name servers. */
  readonly external: 'all' | readonly string[];
  /** The owner's own records, as written. */
  readonly custom: readonly Written[];
}

export interface Zone {
  readonly name: string;
  readonly records: readonly DnsRecord[];
  /** The box serves it; else somebody else does. */
  readonly served: boolean;
}

export interface Zones {
  readonly zones: readonly Zone[];
  /** Custom records that can't be published. */
  readonly refused: readonly Refused[];
  /** Other name servers that the owner wants to have the zones. */
  readonly secondaries: readonly Secondary[];
}

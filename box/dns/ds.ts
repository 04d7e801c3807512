/** DS records: how the parent zone vouches for a zone's keys (RFC 4034, section 5). Pure. */
import { createHash } from 'node:crypto';
import { type KeySet, keysFor, type SigningKey } from '../keys/dnssec/key-sets.ts';
import { algorithms } from '../keys/dnssec/make.ts';

export interface DsRecord {
  readonly zone: string;
  readonly keyTag: number;
  readonly algorithm: number;
  readonly algorithmName: string;
  readonly digestType: number;
  readonly digestName: string;
  readonly digest: string;
  /** The public key, for registrars that want it instead. */
  readonly publicKey: string;
}

const digests = [
  { type: 2, name: 'SHA-256', hash: 'sha256' },
  { type: 4, name: 'SHA-384', hash: 'sha384' },
] as const;

/** Those keys of the sets that the parent should vouch for now: neither what comes nor what leaves. */
export function toVouchFor(sets: readonly KeySet[]): KeySet[] {
  return sets.map((set) => ({ ...set, keys: set.keys.filter(({ rollover }) => rollover === undefined) }));
}

/** For every key signing key; the preferred algorithm first. */
export function dsRecords(zone: string, sets: readonly KeySet[]): DsRecord[] {
  const keys = keysFor(zone, sets).filter(({ flags }) => (flags & 1) === 1);
  return keys
    .sort((a, b) => b.algorithm - a.algorithm)
    .flatMap((key) => {
      const data = wire(key);
      return digests.map(({ type, name, hash }) => ({
        zone,
        keyTag: keyTag(data),
        algorithm: key.algorithm,
        algorithmName: algorithms[key.algorithm] ?? String(key.algorithm),
        digestType: type,
        digestName: name,
        digest: createHash(hash).update(wireName(zone)).update(data).digest('hex'),
        publicKey: key.publicKey,
      }));
    });
}

/** The record itself, for registrars that take it whole. */
export function dsLine({ zone, keyTag, algorithm, digestType, digest }: DsRecord): string {
  return `${zone}. 3600 IN DS ${keyTag} ${algorithm} ${digestType} ${digest}`;
}

function wire({ flags, algorithm, publicKey }: SigningKey): Buffer {
  return Buffer.concat([
    Buffer.from([flags >> 8, flags & 255, 3, algorithm]),
    Buffer.from(publicKey, 'base64'),
  ]);
}

/** RFC 4034, appendix B. */
function keyTag(data: Buffer): number {
  let sum = 0;
  for (const [i, byte] of data.entries()) sum += i % 2 === 0 ? byte << 8 : byte;
  return (sum + (sum >> 16)) & 0xffff;
}

function wireName(name: string): Buffer {
  const labels = name
    .split('.')
    .map((label) => Buffer.concat([Buffer.from([label.length]), Buffer.from(label)]));
  return Buffer.concat([...labels, Buffer.from([0])]);
}

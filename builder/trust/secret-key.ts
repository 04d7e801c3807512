/** A secret key as minisign writes it, as it is or under a password: read, opened, made. */
import { randomBytes } from 'node:crypto';
import { blake2b } from '@noble/hashes/blake2.js';
import { KeyError } from '../../contract/trust/key-error.ts';
import { bytesOf, commentMark, linesOf } from '../../contract/trust/minisign-text.ts';
import type { PublicKey } from '../../contract/trust/public-key.ts';
import { publicOf } from './ed25519.ts';
import { derived, type Limits, usualLimits } from './scrypt.ts';

/** One that is open. */
export interface SecretKey extends PublicKey {
  readonly seed: Uint8Array;
}

/** One as it lies in its file. */
export interface SealedKey {
  /** Absent where no password is needed. */
  readonly locked?: { readonly salt: Uint8Array; readonly limits: Limits };
  /** Id, seed, public key and their checksum; masked where it is locked. */
  readonly body: Uint8Array;
}

const head = Buffer.from('Ed');
const withPassword = Buffer.from('Sc');
const without = Buffer.alloc(2);
const checksumKind = Buffer.from('B2');
const bodyLength = 8 + 32 + 32 + 32;

const remedy = 'name a key that `letterbox key` or `minisign -G` made, or bring it back from a copy';

/** @throws KeyError */
export function parseSecretKey(text: string): SealedKey {
  const [, line] = linesOf(text, 2, 'secret key', remedy);
  const length = 2 + 2 + 2 + 32 + 8 + 8 + bodyLength;
  if (Buffer.from(line ?? '', 'base64').length === 42)
    throw new KeyError('is a public key', 'name the secret one, which lies beside it');
  const bytes = bytesOf(line, length, 'secret key', remedy);
  const kinds = [bytes.subarray(0, 2), bytes.subarray(4, 6)];
  if (!kinds[0]?.equals(head) || !kinds[1]?.equals(checksumKind))
    throw new KeyError('is a key of another kind', remedy);
  const body = bytes.subarray(54);
  const kind = bytes.subarray(2, 4);
  if (kind.equals(without)) return { body };
  if (!kind.equals(withPassword))
    throw new KeyError('is locked in a way that minisign does not know', remedy);
  const limits = { operations: bytes.readBigUInt64LE(38), memory: bytes.readBigUInt64LE(46) };
  return { locked: { salt: bytes.subarray(6, 38), limits }, body };
}

/** @throws KeyError where the password is wrong or the key damaged */
export async function openSecretKey({ locked, body }: SealedKey, password?: string): Promise<SecretKey> {
  const plain =
    locked === undefined
      ? Buffer.from(body)
      : masked(body, await derived(password ?? '', locked, bodyLength));
  const [id, seed, bytes] = [plain.subarray(0, 8), plain.subarray(8, 40), plain.subarray(40, 72)];
  // minisign leaves the checksum of a key without a password empty; its two halves tell as much, but for the id.
  const isWhole =
    publicOf(seed).equals(bytes) &&
    (locked === undefined || checksumOf(plain.subarray(0, 72)).equals(plain.subarray(72)));
  if (isWhole) return { id, seed, bytes };
  throw locked === undefined
    ? new KeyError('is a damaged secret key', remedy)
    : new KeyError('is not opened by this password', 'give the right one; or the file is damaged');
}

export function makeSecretKey(): SecretKey {
  const seed = randomBytes(32);
  return { id: randomBytes(8), seed, bytes: publicOf(seed) };
}

/** Without a password whoever reads the file can sign. */
export async function secretKeyText(
  { id, seed, bytes }: SecretKey,
  password: string | undefined,
  limits = usualLimits,
): Promise<string> {
  const pair = Buffer.concat([id, seed, bytes]);
  const parts =
    password === undefined
      ? [head, without, checksumKind, Buffer.alloc(48), pair, Buffer.alloc(32)]
      : await lockedParts(pair, password, limits);
  const about = `minisign ${password === undefined ? '' : 'encrypted '}secret key`;
  return `${commentMark}${about}\n${Buffer.concat(parts).toString('base64')}\n`;
}

async function lockedParts(pair: Uint8Array, password: string, limits: Limits): Promise<Uint8Array[]> {
  const salt = randomBytes(32);
  const told = Buffer.alloc(16);
  told.writeBigUInt64LE(limits.operations, 0);
  told.writeBigUInt64LE(limits.memory, 8);
  const body = Buffer.concat([pair, checksumOf(pair)]);
  const mask = await derived(password, { salt, limits }, bodyLength);
  return [head, withPassword, checksumKind, salt, told, masked(body, mask)];
}

/** BLAKE2b of 256 bits, of which Node's OpenSSL has the one of 512 alone. */
function checksumOf(pair: Uint8Array): Buffer {
  return Buffer.from(blake2b(Buffer.concat([head, pair]), { dkLen: 32 }));
}

function masked(body: Uint8Array, mask: Uint8Array): Buffer {
  return Buffer.from(body.map((byte, at) => byte ^ (mask[at] ?? 0)));
}

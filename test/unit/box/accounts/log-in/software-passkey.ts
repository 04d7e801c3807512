/** A passkey in software: answers as a browser does, rightly or with a lie in one place. */
import { createHash, generateKeyPairSync, type KeyObject, randomBytes, sign } from 'node:crypto';

/** What an honest answer has in each place. */
export interface Lies {
  readonly origin?: string;
  readonly rpId?: string;
  readonly challenge?: string;
  /** Bits: 1 somebody was there, 4 it knows who. */
  readonly flags?: number;
  readonly counter?: number;
  readonly type?: string;
}

export class SoftwarePasskey {
  readonly id = randomBytes(16);
  counter = 0;
  readonly #keys = generateKeyPairSync('ec', { namedCurve: 'P-256' });

  constructor(private readonly host: string) {}

  /** For `navigator.credentials.create()`. */
  register(challenge: string, lies: Lies = {}): string {
    const client = this.#client('webauthn.create', challenge, lies);
    const key = coseOf(this.#keys.publicKey);
    const idLength = Buffer.from([0, this.id.length]);
    // What follows the flags and the count: the model of the device, the key's name, the key.
    const attested = Buffer.concat([Buffer.alloc(16), idLength, this.id, key]);
    const data = Buffer.concat([this.#data({ flags: 0x45, ...lies }), attested]);
    const object = Buffer.concat([
      Buffer.from([0xa3]),
      ...[text('fmt'), text('none'), text('attStmt'), Buffer.from([0xa0]), text('authData'), bytes(data)],
    ]);
    return this.#answer({ clientDataJSON: client, attestationObject: object });
  }

  /** For `navigator.credentials.get()`. */
  answer(challenge: string, lies: Lies = {}, signer: SoftwarePasskey = this): string {
    this.counter++;
    const client = this.#client('webauthn.get', challenge, lies);
    const data = this.#data({ flags: 0x05, ...lies });
    const signed = Buffer.concat([data, createHash('sha256').update(client).digest()]);
    const signature = sign('sha256', signed, signer.#keys.privateKey);
    return this.#answer({ clientDataJSON: client, authenticatorData: data, signature });
  }

  #client(type: string, challenge: string, lies: Lies): Buffer {
    const said = { type, challenge, origin: `https://${this.host}`, crossOrigin: false };
    const { origin = said.origin, challenge: other = challenge, type: kind = type } = lies;
    return Buffer.from(JSON.stringify({ ...said, origin, challenge: other, type: kind }));
  }

  #data({ flags = 0, rpId = this.host, counter = this.counter }: Lies): Buffer {
    const count = Buffer.alloc(4);
    count.writeUInt32BE(counter);
    return Buffer.concat([createHash('sha256').update(rpId).digest(), Buffer.from([flags]), count]);
  }

  #answer(response: Readonly<Record<string, Buffer>>): string {
    const id = this.id.toString('base64url');
    const coded = Object.fromEntries(
      Object.entries(response).map(([name, value]) => [name, value.toString('base64url')]),
    );
    return JSON.stringify({
      ...{ id, rawId: id, type: 'public-key', authenticatorAttachment: 'platform' },
      response: coded,
      clientExtensionResults: {},
    });
  }
}

/** CBOR (RFC 8949) of the few things that are needed. */
const text = (said: string) => Buffer.concat([Buffer.from([0x60 + said.length]), Buffer.from(said)]);
function bytes(content: Buffer): Buffer {
  const { length } = content;
  return Buffer.concat([
    Buffer.from(length < 256 ? [0x58, length] : [0x59, length >> 8, length & 255]),
    content,
  ]);
}

/** A key as COSE has it (RFC 9053): kind 2, algorithm -7, curve 1, x, y. */
function coseOf(key: KeyObject): Buffer {
  const { x = '', y = '' } = key.export({ format: 'jwk' });
  const part = (value: string) => bytes(Buffer.from(value, 'base64url'));
  const head = [0xa5, 0x01, 0x02, 0x03, 0x26, 0x20, 0x01, 0x21];
  return Buffer.concat([Buffer.from(head), part(x), Buffer.from([0x22]), part(y)]);
}

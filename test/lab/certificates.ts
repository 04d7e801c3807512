/** Certificates of the lab: an authority of its own, and self-signed ones; and what a TLSA record says of one. */
import { createHash, X509Certificate } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { output } from '../boot/program.ts';

export interface KeyPair {
  /** Paths of PEM files. */
  readonly key: string;
  readonly certificate: string;
}

const ecKey = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-noenc', '-days', '30'];

async function request(at: KeyPair, names: readonly string[], more: readonly string[]): Promise<KeyPair> {
  const place = ['-keyout', at.key, '-out', at.certificate];
  const subject = ['-subj', `/CN=${names[0]}`];
  await output(['openssl', 'req', '-x509', ...ecKey, ...place, ...subject, ...more]);
  return at;
}

const alternatives = (names: readonly string[]) => [
  ...['-addext', `subjectAltName=${names.map((name) => `DNS:${name}`).join(',')}`],
  ...['-addext', 'basicConstraints=critical,CA:FALSE', '-addext', 'extendedKeyUsage=serverAuth'],
];

const pairIn = (folder: string, name: string): KeyPair => ({
  key: path.join(folder, `${name}.key`),
  certificate: path.join(folder, `${name}.pem`),
});

export async function selfSigned(folder: string, names: readonly string[]): Promise<KeyPair> {
  mkdirSync(folder, { recursive: true });
  return request(pairIn(folder, 'self-signed'), names, alternatives(names));
}

/** The authority that lab boxes trust, where a test puts its certificate into them. */
export class LabCa {
  #issued = 0;

  private constructor(
    readonly folder: string,
    readonly pair: KeyPair,
  ) {}

  static async create(parent: string): Promise<LabCa> {
    const folder = path.join(parent, 'ca');
    mkdirSync(folder, { recursive: true });
    const constraints = ['-addext', 'basicConstraints=critical,CA:TRUE,pathlen:0'];
    return new LabCa(folder, await request(pairIn(folder, 'ca'), ['The lab’s authority'], constraints));
  }

  async issue(names: readonly string[]): Promise<KeyPair> {
    const { certificate, key } = this.pair;
    const at = pairIn(this.folder, `${++this.#issued}-${names[0]}`);
    return request(at, names, [...alternatives(names), '-CA', certificate, '-CAkey', key]);
  }

  /** A certificate for a request (PEM), as an authority on the Internet gives one for a key that it never sees. */
  async sign(request: string, ...names: readonly string[]): Promise<string> {
    const { certificate, key } = this.pair;
    const extensions = path.join(this.folder, `${++this.#issued}.ext`);
    const alternative = names.map((name) => `DNS:${name}`).join(',');
    writeFileSync(extensions, `subjectAltName=${alternative}\nextendedKeyUsage=serverAuth\n`);
    const authority = ['-CA', certificate, '-CAkey', key, '-CAcreateserial', '-days', '30'];
    return output(['openssl', 'x509', '-req', ...authority, '-extfile', extensions], { input: request });
  }

  /** What a box runs to trust it: the way any owner of a Debian machine adds an authority. */
  get install(): { readonly script: string; readonly input: string } {
    return {
      script: 'cat >/usr/local/share/ca-certificates/lab.crt && update-ca-certificates >/dev/null 2>&1',
      input: readFileSync(this.pair.certificate, 'utf8'),
    };
  }
}

/** A TLSA record's data for a certificate's public key: DANE-EE, SPKI, SHA-256 (RFC 7672, section 3.1.1). */
export function tlsaOf(certificate: string): string {
  const { publicKey } = new X509Certificate(readFileSync(certificate));
  const spki = publicKey.export({ type: 'spki', format: 'der' });
  return `3 1 1 ${createHash('sha256').update(spki).digest('hex')}`;
}

/** Certificates of the lab: an authority of its own, and self-signed ones; and what a TLSA record says of one. */
import { createHash, X509Certificate } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Started } from '../../rig/artefacts.ts';
import type { KeyPair } from '../../rig/key-pair.ts';
import { ended, output, start } from '../../rig/program.ts';
import type { Namespace } from './namespace.ts';

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
    return this.#sign(request, names, []);
  }

  /** The same, and it names the address where an OCSP responder tells whether it was revoked. */
  async signForOcsp(request: string, url: string, ...names: readonly string[]): Promise<string> {
    const signed = await this.#sign(request, names, [`authorityInfoAccess=OCSP;URI:${url}`]);
    const { serialNumber, validTo } = new X509Certificate(signed);
    const ends = new Date(validTo).toISOString().replace(/[-T:]/g, '').slice(2, 14);
    // As openssl-ca(1) keeps its list: valid, until when, not revoked, serial number, no file, subject.
    const line = ['V', `${ends}Z`, '', serialNumber, 'unknown', `/CN=${names[0]}`].join('\t');
    writeFileSync(path.join(this.folder, 'index.txt'), `${line}\n`);
    return signed;
  }

  /** Answers OCSP for the last of those. */
  async answerOcsp(namespace: Namespace, port: number): Promise<Started> {
    const { certificate, key } = this.pair;
    const own = ['-CA', certificate, '-rsigner', certificate, '-rkey', key, '-port', String(port)];
    const log = path.join(this.folder, 'ocsp.log');
    const argv = ['openssl', 'ocsp', '-index', path.join(this.folder, 'index.txt'), '-text', ...own];
    const child = start([...namespace.prefix, ...argv], log);
    return {
      stop: async () => {
        child.kill('SIGKILL');
        await ended(child);
      },
      explain: () => [`what the OCSP responder was asked: ${log}`],
    };
  }

  async #sign(request: string, names: readonly string[], more: readonly string[]): Promise<string> {
    const { certificate, key } = this.pair;
    const extensions = path.join(this.folder, `${++this.#issued}.ext`);
    const alternative = names.map((name) => `DNS:${name}`).join(',');
    const lines = [`subjectAltName=${alternative}`, 'extendedKeyUsage=serverAuth', ...more];
    writeFileSync(extensions, `${lines.join('\n')}\n`);
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

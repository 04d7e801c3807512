/** What a port offers by sslscan: protocol versions, suites, and the size of each Diffie-Hellman key. */
import type { TlsVersion } from '../../builder/tls-policy.ts';
import { output } from '../boot/program.ts';
import type { TlsPort } from './tls-port.ts';

/** The names of one that answers; SSLv2 and SSLv3 count, so that a test sees them too. */
export interface Offered {
  readonly versions: readonly string[];
  /** For each version, OpenSSL's names of its suites, sorted. */
  readonly suites: Readonly<Record<string, readonly string[]>>;
  /** Bits of every key, and of every Diffie-Hellman key, that was seen. */
  readonly keyBits: readonly number[];
  readonly dhBits: readonly number[];
  /** Curves and other groups of the key exchange. */
  readonly groups: readonly string[];
}

export async function sslscan(port: TlsPort): Promise<Offered> {
  const starttls = port.starttls === undefined ? [] : [`--starttls-${port.starttls}`];
  const argv = [...port.prefix, 'sslscan', '--xml=-', '--no-colour', '--sni-name=box.example.com', ...starttls];
  const xml = await output([...argv, `${port.host}:${port.port}`], { seconds: 120 });
  const elements = [...xml.matchAll(/<(protocol|cipher|group) ([^>]*?)\/?>/g)].map(([, name = '', text = '']) => ({
    name,
    // "sslversion" of a cipher, "type" and "version" of a protocol, "cipher", "bits", "dhebits", "id", ...
    is: Object.fromEntries([...text.matchAll(/(\w+)="([^"]*)"/g)].map(([, key = '', value = '']) => [key, value])),
  }));
  const of = (name: string) => elements.filter((element) => element.name === name).map(({ is }) => is);
  const versions = of('protocol')
    .filter(({ enabled }) => enabled === '1')
    .map(({ type, version }) => versionName(`${type === 'ssl' ? 'SSL' : 'TLS'}v${version}`));
  const ciphers = of('cipher');
  const suitesOf = (version: string) =>
    ciphers.filter(({ sslversion }) => versionName(sslversion ?? '') === version).map(({ cipher = '' }) => cipher);
  return {
    versions,
    suites: Object.fromEntries(versions.map((version) => [version, suitesOf(version).sort()])),
    keyBits: ciphers.map(({ bits }) => Number(bits)),
    dhBits: ciphers.filter(({ dhebits }) => dhebits !== undefined).map(({ dhebits }) => Number(dhebits)),
    groups: [...new Set(of('group').map(({ name: group = '' }) => group.replace(/ .*/, '')))].sort(),
  };
}

/** sslscan writes `TLSv1.0` where OpenSSL writes `TLSv1`. */
function versionName(name: string): TlsVersion | string {
  return name === 'TLSv1.0' ? 'TLSv1' : name;
}

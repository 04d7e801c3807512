/** What a port offers by sslscan: protocol versions, suites in the server's order, and sizes of keys. */
import { output } from '../../rig/program.ts';
import type { TlsPort } from './tls-port.ts';

export interface Offered {
  /** By OpenSSL's names, oldest first. SSLv2 and SSLv3 are looked for too. */
  readonly versions: readonly string[];
  /** For each version, OpenSSL's names of its suites, the server's favourite first. */
  readonly suites: Readonly<Record<string, readonly string[]>>;
  /** Bits of every suite's key. */
  readonly keyBits: readonly number[];
  /** Bits of every Diffie-Hellman key that is not of an elliptic curve. */
  readonly dhBits: readonly number[];
  /** Curves, and other groups, of the key exchange; sorted. */
  readonly groups: readonly string[];
}

export async function sslscan({ port, host, prefix, starttls }: TlsPort): Promise<Offered> {
  const options = ['--xml=-', '--no-colour', '--sni-name=box.example.com'];
  if (starttls !== undefined) options.push(`--starttls-${starttls}`);
  const xml = await output([...prefix, 'sslscan', ...options, `${host}:${port}`]);
  const protocols = elements(xml, 'protocol').filter(({ enabled }) => enabled === '1');
  const versions = protocols.map(({ type = '', version }) => opensslName(`${type.toUpperCase()}v${version}`));
  const ciphers = elements(xml, 'cipher');
  const suitesOf = (version: string) =>
    ciphers.filter((is) => opensslName(is.sslversion ?? '') === version).map(({ cipher = '' }) => cipher);
  return {
    versions,
    suites: Object.fromEntries(versions.map((version) => [version, suitesOf(version)])),
    keyBits: ciphers.map(({ bits }) => Number(bits)),
    dhBits: ciphers.flatMap(({ dhebits }) => (dhebits === undefined ? [] : [Number(dhebits)])),
    groups: [...new Set(elements(xml, 'group').map(({ name = '' }) => name.replace(/ .*/, '')))].sort(),
  };
}

/** The attributes of every element of that name. */
function elements(xml: string, name: string): Record<string, string>[] {
  return [...xml.matchAll(new RegExp(`<${name} ([^>]*)>`, 'g'))].map(([, text = '']) =>
    Object.fromEntries(
      [...text.matchAll(/(\w+)="([^"]*)"/g)].map(([, key = '', value = '']) => [key, value]),
    ),
  );
}

/** sslscan writes `TLSv1.0` where OpenSSL writes `TLSv1`. */
const opensslName = (version: string) => (version === 'TLSv1.0' ? 'TLSv1' : version);

/** The public ports of an image that speak TLS, and how TLS begins on each. */
import type { Image } from '../../box/settings.ts';
import type { LabBox } from './nspawn.ts';

export interface TlsPort {
  readonly port: number;
  /** What speaks there, by the plan's name. */
  readonly name: string;
  /** Which protocol's STARTTLS; absent: TLS from the first byte. */
  readonly starttls?: 'smtp' | 'sieve';
  readonly host: string;
  /** Puts a scanner into the lab's outside host. */
  readonly prefix: readonly string[];
}

/** `undefined`: no TLS at all, by design. A public port that is not here fails the tests, so that none is forgotten. */
const beginnings: Readonly<Record<number, 'first byte' | 'smtp' | 'sieve' | 'none'>> = {
  25: 'smtp',
  // DNS.
  53: 'none',
  // Only a redirect to https, and the proofs that a certificate authority fetches.
  80: 'none',
  443: 'first byte',
  465: 'first byte',
  587: 'smtp',
  993: 'first byte',
  995: 'first byte',
  4190: 'sieve',
};

export async function tlsPorts(box: LabBox): Promise<TlsPort[]> {
  const image = JSON.parse(await box.run('cat /usr/lib/box/image.json')) as Image;
  return image.ports
    .filter((port) => port.public && port.protocol === 'tcp')
    .flatMap(({ port, name }) => {
      const beginning = beginnings[port];
      if (beginning === undefined) throw new Error(`say in tls-port.ts how TLS begins on port ${port} (${name})`);
      if (beginning === 'none') return [];
      const common = { port, name, host: box.host, prefix: box.prefix };
      return [beginning === 'first byte' ? common : { ...common, starttls: beginning }];
    });
}

/** The public ports of an image that speak TLS, how TLS begins on each, and what the policy gives it. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Image } from '../../../contract/settings.ts';
import { start } from '../../rig/program.ts';
import { waitFor } from '../../rig/wait.ts';
import type { LabBox } from './nspawn.ts';

export interface TlsPort {
  readonly port: number;
  /** Which protocol's STARTTLS; absent: TLS from the first byte. */
  readonly starttls?: 'smtp';
  readonly host: string;
  /** Puts a scanner into the lab's outside host. */
  readonly prefix: readonly string[];
  readonly offer: 'mail' | 'web' | 'exchange';
}

interface Known {
  readonly begins: 'first byte' | 'smtp' | 'sieve' | 'never';
  readonly offer?: TlsPort['offer'];
}

/** A public port that is not here fails the tests, so that none is forgotten. */
const known: Readonly<Record<number, Known>> = {
  25: { begins: 'smtp', offer: 'exchange' },
  // DNS.
  53: { begins: 'never' },
  // Only a redirect to https, and the proofs that a certificate authority fetches.
  80: { begins: 'never' },
  443: { begins: 'first byte', offer: 'web' },
  465: { begins: 'first byte' },
  587: { begins: 'smtp' },
  993: { begins: 'first byte' },
  995: { begins: 'first byte' },
  4190: { begins: 'sieve' },
};

const foundOn = new WeakMap<LabBox, Promise<TlsPort[]>>();

export function tlsPorts(box: LabBox): Promise<TlsPort[]> {
  const found = foundOn.get(box) ?? findTlsPorts(box);
  foundOn.set(box, found);
  return found;
}

async function findTlsPorts(box: LabBox): Promise<TlsPort[]> {
  const image = JSON.parse(await box.run('cat /usr/lib/box/image.json')) as Image;
  const ports = image.ports.filter((port) => port.public && port.protocol === 'tcp').map(({ port }) => port);
  const found: TlsPort[] = [];
  for (const port of ports) {
    const { begins, offer = 'mail' } = known[port] ?? {};
    if (begins === undefined) throw new Error(`say in tls-port.ts how TLS begins on port ${port}`);
    const common = { port, host: box.host, prefix: box.prefix, offer };
    if (begins === 'smtp') found.push({ ...common, starttls: 'smtp' });
    else if (begins === 'sieve') found.push({ ...common, host: await startSieveTls(box, port) });
    else if (begins === 'first byte') found.push(common);
  }
  return found;
}

/** Neither scanner knows ManageSieve's STARTTLS. The address where it is said for them; each box has one of its own. */
async function startSieveTls(box: LabBox, port: number): Promise<string> {
  const address = box.host.replace(/^.*\./, '127.0.0.');
  const log = path.join(box.folder, 'sieve-starttls.log');
  const program = fileURLToPath(new URL('sieve-starttls.ts', import.meta.url));
  // It ends with the test's process.
  start([...box.prefix, process.execPath, '--import', 'tsx', program, address, box.host, String(port)], log);
  await waitFor('STARTTLS for ManageSieve', () =>
    readFileSync(log, 'utf8').includes('listening') ? true : undefined,
  );
  return address;
}

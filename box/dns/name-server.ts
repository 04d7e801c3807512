/** What NSD is told of this box: the addresses to answer on, and the zones. Pure. */
import type { Address, File } from '../machine/machine.ts';
import { paths } from '../machine/paths.ts';
import { isLinkLocal } from './addresses.ts';
import type { Transfer } from './secondaries.ts';
import { type TsigKey, tsigFile } from './tsig.ts';

const made = '# Made by the box program; every change is lost.';

/** Of loopback: there NSD starts without a network, and the resolver has the usual address. */
const spare = '127.0.0.2';

export function signedFile(zone: string): string {
  return `${paths.zones}/${zone}.signed`;
}

/** The addresses that NSD answers on: the machine's own, each by name, since port 53 of loopback is the resolver's. */
export function listenAddresses(addresses: readonly Address[]): string[] {
  const own = addresses.filter((address) => !isLinkLocal(address)).map(({ address }) => address);
  return own.length === 0 ? [spare] : [...new Set(own)].sort();
}

/** @param keys those that secondaries must show; a transfer whose key is missing is not offered */
export function nameServerFiles(
  addresses: readonly Address[],
  zones: readonly string[],
  transfers: readonly Transfer[],
  keys: readonly TsigKey[],
): File[] {
  const listen = listenAddresses(addresses).map((address) => `ip-address: ${address}`);
  const known = new Set(keys.map(({ name }) => name));
  const offered = transfers.filter(({ key }) => key === undefined || known.has(key));
  const pattern =
    offered.length === 0 ? [] : ['pattern:', `\tname: "${secondariesPattern}"`, ...offered.flatMap(offer)];
  const served = zones.flatMap((zone) => [
    'zone:',
    `\tname: "${zone}"`,
    `\tzonefile: "${signedFile(zone)}"`,
    ...(offered.length === 0 ? [] : [`\tinclude-pattern: "${secondariesPattern}"`]),
  ]);
  return [
    { path: paths.nsdListen, mode: 0o644, text: [made, ...listen, ''].join('\n') },
    tsigFile(keys),
    { path: paths.nsdZones, mode: 0o644, text: [made, ...pattern, ...served, ''].join('\n') },
  ];
}

const secondariesPattern = 'secondaries';

/** A network can fetch, but nobody in particular can be told that there is something new. */
function offer({ to, key = 'NOKEY' }: Transfer): string[] {
  const notify = to.includes('/') ? [] : [`\tnotify: ${to} ${key}`];
  return [...notify, `\tprovide-xfr: ${to} ${key}`];
}

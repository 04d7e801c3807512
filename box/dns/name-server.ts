/** What NSD is told of this box: the addresses to answer on, and the zones. Pure. */
import type { Address, File } from '../machine.ts';
import { paths } from '../paths.ts';
import { isLinkLocal } from './addresses.ts';

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

export function nameServerFiles(addresses: readonly Address[], zones: readonly string[]): File[] {
  const listen = listenAddresses(addresses).map((address) => `\tip-address: ${address}`);
  const served = zones.flatMap((zone) => ['zone:', `\tname: "${zone}"`, `\tzonefile: "${signedFile(zone)}"`]);
  return [
    { path: paths.nsdListen, mode: 0o644, text: [made, 'server:', ...listen, ''].join('\n') },
    { path: paths.nsdZones, mode: 0o644, text: [made, ...served, ''].join('\n') },
  ];
}

/** Which of the machine's addresses the world knows it by. Pure. */
import { BlockList, isIPv4, isIPv6 } from 'node:net';
import type { Address } from '../machine/machine.ts';

/** Addresses of the link alone, which nobody beyond it can reach. */
export function isLinkLocal({ family, address }: Address): boolean {
  return family === 6 ? /^fe[89ab]/i.test(address) : address.startsWith('169.254.');
}

/** Private networks (RFC 1918, RFC 6598, RFC 4193, and what came before that one: RFC 3879): the world can't reach these either. */
export function isPrivate({ family, address }: Address): boolean {
  if (family === 6) return /^f(?:[cd]|e[c-f])/i.test(address);
  const [a, b] = address.split('.').map(Number) as [number, number];
  return (
    a === 10 ||
    (a === 172 && b >= 16 && b < 32) ||
    (a === 192 && b === 168) ||
    (a === 100 && b >= 64 && b < 128)
  );
}

/** Ranges that are nobody's public address (RFC 6890), beside the private ones. Those for documentation may be tried with. */
const reserved: readonly [family: 'ipv4' | 'ipv6', net: string, prefix: number][] = [
  ['ipv4', '0.0.0.0', 8],
  ['ipv4', '127.0.0.0', 8],
  ['ipv4', '224.0.0.0', 3],
  ['ipv6', '::', 127],
  ['ipv6', '::ffff:0:0', 96],
  ['ipv6', 'ff00::', 8],
];

/** Why the world can't reach a machine at this; undefined where it can. */
export function whyNotPublic(address: string): string | undefined {
  const family = isIPv4(address) ? 4 : isIPv6(address) && !address.includes('%') ? 6 : undefined;
  if (family === undefined) return 'is no IPv4 or IPv6 address';
  const it = { family, address } as const;
  if (isLinkLocal(it)) return 'is of one link only';
  if (isPrivate(it)) return 'is private';
  const special = new BlockList();
  // One family at a time: `::ffff:0:0/96` would hold every IPv4 address.
  for (const [of, net, prefix] of reserved) if (of === `ipv${family}`) special.addSubnet(net, prefix, of);
  return special.check(address, `ipv${family}`) ? 'is no address of a single public host' : undefined;
}

/** What is published for a family: what the owner says, or else the first that the world can reach. */
export function published(
  family: 4 | 6,
  told: string | undefined,
  all: readonly Address[],
): string | undefined {
  if (told !== undefined) return told;
  const own = all.filter((address) => address.family === family && !isLinkLocal(address));
  const reachable = own.find((address) => !isPrivate(address));
  // A private IPv4 address is better than none: inside that network the box is found. A private IPv6 one is not.
  return (reachable ?? (family === 4 ? own[0] : undefined))?.address;
}

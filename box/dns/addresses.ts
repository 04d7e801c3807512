/** Which of the machine's addresses the world knows it by. Pure. */
import type { Address } from '../machine.ts';

/** Addresses of the link alone, which nobody beyond it can reach. */
export function isLinkLocal({ family, address }: Address): boolean {
  return family === 6 ? /^fe[89ab]/i.test(address) : address.startsWith('169.254.');
}

/** Private networks (RFC 1918, RFC 6598, RFC 4193): the world can't reach these either. */
export function isPrivate({ family, address }: Address): boolean {
  if (family === 6) return /^f[cd]/i.test(address);
  const [a, b] = address.split('.').map(Number) as [number, number];
  return (
    a === 10 ||
    (a === 172 && b >= 16 && b < 32) ||
    (a === 192 && b === 168) ||
    (a === 100 && b >= 64 && b < 128)
  );
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

/** Who is banned, as fail2ban tells it, and how a ban is lifted. An IPv6 ban is of a whole /64. */
import { isIPv6 } from 'node:net';
import type { Machine } from './machine.ts';

export interface Ban {
  readonly jail: string;
  /** An IPv4 address, or the address of a /64. */
  readonly address: string;
}

/** Every ban there is, jail by jail. Undefined: fail2ban does not answer. */
export async function readBans(machine: Machine): Promise<Ban[] | undefined> {
  if (!(await machine.succeeds(['fail2ban-client', 'ping']))) return undefined;
  const all = await machine.run(['fail2ban-client', 'status']);
  const jails = (/Jail list:\s*(.*)$/m.exec(all)?.[1] ?? '').split(/[,\s]+/).filter(Boolean);
  const bans = await Promise.all(
    jails.map(async (jail) => {
      const status = await machine.run(['fail2ban-client', 'status', jail]);
      const addresses = (/IP list:[ \t]*(.*)$/m.exec(status)?.[1] ?? '').split(/\s+/).filter(Boolean);
      return addresses.map((address) => ({ jail, address }));
    }),
  );
  return bans.flat();
}

export async function lift(machine: Machine, { jail, address }: Ban): Promise<void> {
  await machine.run(['fail2ban-client', 'set', jail, 'unbanip', address]);
}

/** Whether a ban keeps this address out. */
export function covers(ban: Ban, address: string): boolean {
  if (isIPv6(ban.address) !== isIPv6(address)) return false;
  return networkOf(ban.address) === networkOf(address);
}

/** An IPv6 address, or a network that is narrower, as the /64 it lies in; anything else as it is. */
export function networkOf(entry: string): string {
  const [address = '', length = '128'] = entry.split('/');
  if (!isIPv6(address) || Number(length) <= 64) return entry;
  return `${expandIpv6(address).slice(0, 4).join(':')}::/64`;
}

/** The eight groups of an IPv6 address, without leading zeros. */
export function expandIpv6(address: string): string[] {
  // The last 32 bits may be written as an IPv4 address (RFC 4291, section 2.2).
  const plain = address.replace(/(\d+)\.(\d+)\.(\d+)\.(\d+)$/, (_, a, b, c, d) =>
    [Number(a) * 256 + Number(b), Number(c) * 256 + Number(d)].map((n) => n.toString(16)).join(':'),
  );
  const [head = '', tail] = plain.toLowerCase().split('::');
  const words = (text: string) => text.split(':').filter(Boolean);
  const [before, after] = [words(head), words(tail ?? '')];
  const zeros = tail === undefined ? 0 : 8 - before.length - after.length;
  return [...before, ...Array<string>(zeros).fill('0'), ...after].map((word) =>
    Number.parseInt(word, 16).toString(16),
  );
}

/** Who is banned, as fail2ban tells it, and how a ban is lifted. An IPv6 ban is of a whole /64. */
import { isIPv6 } from 'node:net';
import type { Machine } from '../machine/machine.ts';
import { networkOf } from '../machine/network.ts';

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

/** Hosts that send mail to the boxes: one whose records speak for it, and one that pretends to be it. */
import { reversed } from '../../../box/health/checks/reputation.ts';
import type { Namespace } from './namespace.ts';
import type { LabDns } from './zone.ts';

/** From where, and with which name, a client of these tests speaks. */
export interface Client {
  readonly address: string;
  readonly helo: string;
}

export const honestDomain = 'honest.example';

/** Address, PTR and SPF all say the same. */
export const honest: Client = { address: '198.51.100.201', helo: `mail.${honestDomain}` };
/** Says HELO with the honest host's name; its PTR leads elsewhere, and SPF does not name it. */
export const pretender: Client = { address: '198.51.100.202', helo: `mail.${honestDomain}` };

export const ptr = (address: string, name: string): string =>
  `${reversed(address)}.${address.includes(':') ? 'ip6' : 'in-addr'}.arpa. PTR ${name}.`;

export async function addSenders(outside: Namespace, dns: LabDns): Promise<void> {
  for (const { address } of [honest, pretender])
    await outside.ip('address', 'add', `${address}/24`, 'dev', 'br0');
  await dns.publish([
    `${honest.helo}. A ${honest.address}`,
    `${honestDomain}. MX 10 ${honest.helo}.`,
    `${honestDomain}. TXT "v=spf1 ip4:${honest.address} -all"`,
    `_dmarc.${honestDomain}. TXT "v=DMARC1; p=reject"`,
    `${honest.helo}. TXT "v=spf1 ip4:${honest.address} -all"`,
    ptr(honest.address, honest.helo),
    // As a provider names its customers' machines: no address of that name, so it is no proof of anything.
    ptr(pretender.address, 'host-202.dynamic.example'),
  ]);
}

/** Mail servers of strangers: each an address of its own at the lab's outside host, with a name that is right. */
import type { Server } from '../boot/mail.ts';
import type { Namespace } from './namespace.ts';
import type { RootZone } from './zone.ts';

export interface StrangeHost extends Server {
  readonly address: string;
  /** The address as a block list is asked for it. */
  readonly reversed: string;
}

export class Strangers {
  readonly #hosts = new Map<number, StrangeHost>();

  private constructor(
    private readonly outside: Namespace,
    private readonly zone: RootZone,
    private readonly box: string,
  ) {}

  static async of(outside: Namespace, zone: RootZone, box: string): Promise<Strangers> {
    const all = new Strangers(outside, zone, box);
    await all.domain('known.example');
    return all;
  }

  /** The host with this last number in its address; clients started by it have that address. */
  async host(number: number): Promise<StrangeHost> {
    const known = this.#hosts.get(number);
    if (known !== undefined) return known;
    const address = `198.51.100.${number}`;
    await this.outside.ip('address', 'add', `${address}/24`, 'dev', 'br0');
    const reversed = address.split('.').reverse().join('.');
    await this.zone.publish([
      `mx${number}.known.example. A ${address}`,
      `${reversed}.in-addr.arpa. PTR mx${number}.known.example.`,
    ]);
    const host: StrangeHost = {
      host: this.box,
      port: (guest) => guest,
      prefix: this.outside.prefix,
      stranger: 'a@known.example',
      localAddress: address,
      address,
      reversed,
    };
    this.#hosts.set(number, host);
    return host;
  }

  /** A domain that can be written back to, with what it says about its mail. */
  async domain(name: string, says: { spf?: string; dmarc?: string } = {}): Promise<void> {
    await this.zone.publish([
      `${name}. MX 10 mx.known.example.`,
      ...(says.spf === undefined ? [] : [`${name}. TXT "${says.spf}"`]),
      ...(says.dmarc === undefined ? [] : [`_dmarc.${name}. TXT "${says.dmarc}"`]),
    ]);
  }
}

/** A header field of a mail, unfolded; empty where it is missing. */
export function header(mail: string, name: string): string {
  const found = new RegExp(`^${name}: (.*(?:\\r?\\n[ \\t].*)*)`, 'm').exec(mail)?.[1] ?? '';
  return found.replace(/\r?\n[ \t]+/g, ' ');
}

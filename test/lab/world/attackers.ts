/** Hosts of the lab that try passwords, each with an IPv4 address and an IPv6 network of its own. */
import type { Artefacts } from '../../rig/artefacts.ts';
import { outcome } from '../../rig/program.ts';
import type { Lab } from './lab.ts';
import { Namespace } from './namespace.ts';
import type { LabBox } from './nspawn.ts';

/** Documentation addresses (RFC 3849), all on the lab's one link. */
export const boxIpv6 = '2001:db8:b0::10';

export class Attacker {
  private constructor(
    readonly namespace: Namespace,
    readonly ipv4: string,
    /** The first half of its IPv6 addresses, with the colon. */
    readonly network: string,
  ) {}

  static async create({ outside }: Lab, kept: Artefacts, number: number): Promise<Attacker> {
    const namespace = kept.own(await Namespace.create(`attacker${number}`));
    const mac = `02:00:00:00:01:${number.toString(16).padStart(2, '0')}`;
    await namespace.cable('eth0', mac, outside, `to-attacker${number}`);
    await outside.ip('link', 'set', `to-attacker${number}`, 'up', 'master', 'br0');
    const attacker = new Attacker(namespace, `198.51.100.${number}`, `2001:db8:a0:${number.toString(16)}:`);
    await namespace.ip('address', 'add', `${attacker.ipv4}/24`, 'dev', 'eth0');
    await attacker.take(attacker.ipv6);
    return attacker;
  }

  get ipv6(): string {
    return `${this.network}:1`;
  }

  /** Takes another IPv6 address. */
  async take(address: string): Promise<void> {
    await this.namespace.ip('address', 'add', `${address}/32`, 'dev', 'eth0', 'nodad');
  }

  /** Tries to get in by ssh under this name. */
  async ssh(box: LabBox, name: string): Promise<void> {
    const options = ['BatchMode=yes', 'StrictHostKeyChecking=no', 'UserKnownHostsFile=/dev/null'];
    const ssh = ['ssh', '-F', 'none', ...options.flatMap((option) => ['-o', option]), '-b', this.ipv4];
    await outcome([...this.namespace.prefix, ...ssh, '-l', name, box.host, 'true']);
  }

  /** Tries to log in by IMAP under this name. */
  async imapLogin(box: LabBox, name: string): Promise<void> {
    const config = `url = "imaps://${box.host}:993/"\nuser = "${name.replace(/[\\":]/g, '\\$&')}"\n`;
    const curl = ['curl', '--disable', '--insecure', '--silent', '--max-time', '30', '--config', '-'];
    await outcome([...this.namespace.prefix, ...curl], { input: config });
  }

  /** Whether the port takes a connection from this address of the host's. */
  async reaches(box: LabBox, port: number, from = this.ipv4): Promise<boolean> {
    const to = from.includes(':') ? boxIpv6 : box.host;
    const nc = ['nc', '-z', '-w', '10', '-s', from, to, String(port)];
    return (await outcome([...this.namespace.prefix, ...nc])).code === 0;
  }
}

/** The lab's boxes have IPv4; this one gets an IPv6 address as well. */
export async function addIpv6(box: LabBox): Promise<void> {
  await box.run(`ip address add ${boxIpv6}/32 dev host0 nodad`);
}

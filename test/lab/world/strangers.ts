/** Senders made for one test: each an address of its own at the lab's outside host, with a name that is right. */
import type { Namespace } from './namespace.ts';
import type { LabBox } from './nspawn.ts';
import { type Client, ptr } from './senders.ts';
import type { LabDns } from './zone.ts';

/** A domain that all of them may write from. */
export const knownDomain = 'known.example';

export class Strangers {
  readonly #clients = new Map<number, Client>();

  private constructor(
    private readonly outside: Namespace,
    private readonly zone: LabDns,
  ) {}

  static async of({ outside, zone }: { outside: Namespace; zone: LabDns }): Promise<Strangers> {
    const all = new Strangers(outside, zone);
    await all.domain(knownDomain);
    return all;
  }

  /** The client with this last number in its address. */
  async client(number: number): Promise<Client> {
    const known = this.#clients.get(number);
    if (known !== undefined) return known;
    const client = { address: `198.51.100.${number}`, helo: `mx${number}.${knownDomain}` };
    await this.outside.ip('address', 'add', `${client.address}/24`, 'dev', 'br0');
    await this.zone.publish([`${client.helo}. A ${client.address}`, ptr(client.address, client.helo)]);
    this.#clients.set(number, client);
    return client;
  }

  /** A domain that can be written back to, with what it says about its mail. */
  async domain(name: string, says: { readonly spf?: string; readonly dmarc?: string } = {}): Promise<void> {
    await this.zone.publish([
      `${name}. MX 10 mx.${knownDomain}.`,
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

/**
 * No address of the lab is one of the Internet's, which is a reason for spam by itself: RCVD_ILLEGAL_IP. Without it mails are
 * so clearly good that the filter learns from them by itself, which the tests of its training would count.
 */
const withoutHelp = 'score RCVD_ILLEGAL_IP 0\nbayes_auto_learn 0\n';

/** The spam filter weighs a box's mail as it would on the Internet. */
export const withoutIllegalAddresses = (box: LabBox): Promise<void> => filterRules(box, withoutHelp);

/** And what speaks against a mail is undone, as by a friend's address, a good list, or what the filter has learned. */
export const likesEverything = (box: LabBox): Promise<void> =>
  filterRules(box, `${withoutHelp}header LAB_LIKED Subject =~ /./\nscore LAB_LIKED -100\n`);

async function filterRules(box: LabBox, rules: string): Promise<void> {
  await box.run('cat >/etc/spamassassin/zz-lab.cf && systemctl restart spampd', rules);
  await box.run('for i in $(seq 100); do ss -ltn | grep -q 127.0.0.1:10025 && exit; sleep 0.2; done; exit 1');
}

/** The lab's DNS: a signed root, signed and unsigned zones below it, all served by one NSD. */
import type { ChildProcess } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Started } from '../../rig/artefacts.ts';
import { ended, output, start } from '../../rig/program.ts';
import { waitFor } from '../../rig/wait.ts';
import type { Namespace } from './namespace.ts';
import { serverOf } from './nsd-config.ts';

/** The zones, parents first. Every name is in the zone with the longest matching name. */
const zones: readonly { readonly name: string; readonly signed: boolean }[] = [
  { name: '.', signed: true },
  { name: 'com.', signed: true },
  { name: 'org.', signed: true },
  { name: 'example.', signed: true },
  // Delegated without a DS record: nothing in it can be validated.
  { name: 'unsigned.example.', signed: false },
  // As the real one: block lists are not signed.
  { name: 'spamhaus.org.', signed: false },
];

interface Zone {
  readonly name: string;
  /** Base names of the key files: key signing key, zone signing key. None where the zone is not signed. */
  readonly keys: readonly string[];
  /** What a parent holds of it: delegation and, where it is signed, its DS record. */
  readonly delegation: readonly string[];
  records: readonly string[];
  serial: number;
}

export class LabDns implements Started {
  #server: ChildProcess | undefined;
  #published: Promise<void> = Promise.resolve();

  private constructor(
    readonly folder: string,
    readonly namespace: Namespace,
    readonly address: string,
    readonly zones: readonly Zone[],
    /** The root's DS record: what a resolver of the lab trusts. */
    readonly trustAnchor: string,
    readonly ipv6: string | undefined,
  ) {}

  /** @param ipv6 an address at which it answers as well */
  static async create(parent: string, namespace: Namespace, address: string, ipv6?: string): Promise<LabDns> {
    const folder = path.join(parent, 'dns');
    mkdirSync(folder, { recursive: true });
    const made = await Promise.all(zones.map(({ name, signed }) => makeZone(folder, name, signed)));
    const ds = made[0]?.delegation.find((record) => record.includes('\tDS\t')) ?? '';
    const dns = new LabDns(folder, namespace, address, made, ds, ipv6);
    await dns.publish([
      `ns.lab. A ${address}`,
      ...(ipv6 === undefined ? [] : [`ns.lab. AAAA ${ipv6}`]),
      ...made.filter(({ name }) => name !== '.').flatMap(({ delegation }) => delegation),
    ]);
    return dns;
  }

  /** Adds records in presentation format with absolute names, signs, and serves the zones. */
  async publish(records: readonly string[]): Promise<void> {
    await this.#change(records, (before, now) => [...before, ...now]);
  }

  /** Takes records away again, each exactly as it was published. */
  async withdraw(records: readonly string[]): Promise<void> {
    await this.#change(records, (before, now) => before.filter((record) => !now.includes(record)));
  }

  async #change(
    records: readonly string[],
    change: (before: readonly string[], now: readonly string[]) => readonly string[],
  ): Promise<void> {
    // One at a time: each writes the same files.
    const work = this.#published.then(async () => {
      const touched = this.zones.filter((zone) => {
        const own = records.filter((record) => this.#zoneOf(record) === zone);
        if (own.length > 0) zone.records = change(zone.records, own);
        return own.length > 0;
      });
      const first = this.#server === undefined;
      await Promise.all((first ? this.zones : touched).map((zone) => this.#write(zone)));
      await this.#serve(first ? this.zones : touched);
    });
    this.#published = work.catch(() => undefined);
    await work;
  }

  /** The zone of a record's name; a delegation belongs to the parent. */
  #zoneOf(record: string): Zone | undefined {
    const [name = '', ...rest] = record.toLowerCase().split(/\s+/);
    const atParent = rest.some((word) => word === 'ds') || (rest.includes('ns') && rest.includes('ns.lab.'));
    const holds = (zone: Zone) =>
      (name === zone.name && !atParent) || name.endsWith(zone.name === '.' ? '.' : `.${zone.name}`);
    return this.zones.filter(holds).sort((a, b) => b.name.length - a.name.length)[0];
  }

  async #write(zone: Zone): Promise<void> {
    const file = this.#file(zone);
    const soa = `${zone.name} 3600 IN SOA ns.lab. hostmaster.lab. ${++zone.serial} 3600 600 86400 0`;
    // A second, and nothing for what is not there, lest a resolver keep what a test changes.
    writeFileSync(file, ['$TTL 1', soa, `${zone.name} NS ns.lab.`, ...zone.records, ''].join('\n'));
    const keys = zone.keys.map((name) => path.join(this.folder, name));
    if (keys.length > 0)
      await output([
        // From yesterday on, as signers do: a clock that is set back makes no signature one of the future.
        ...['ldns-signzone', '-n', '-i', day(-1), '-e', day(60), '-o', zone.name, '-f', `${file}.signed`],
        ...[file, ...keys],
      ]);
  }

  stop = async (): Promise<void> => {
    // Not SIGKILL: its parent process would leave the one that serves behind.
    this.#server?.kill('SIGTERM');
    if (this.#server !== undefined) await ended(this.#server);
  };

  explain = (): string[] => [`the lab's zones and name server log: ${this.folder}`];

  /** Starts the name server, or tells it to read its zones again (nsd(8), SIGHUP), and waits for the new serials. */
  async #serve(changed: readonly Zone[]): Promise<void> {
    const log = path.join(this.folder, 'nsd.log');
    if (this.#server === undefined) {
      const config = path.join(this.folder, 'nsd.conf');
      writeFileSync(config, this.#config());
      this.#server = start([...this.namespace.prefix, 'nsd', '-d', '-c', config], log);
    } else this.#server.kill('SIGHUP');
    const options = ['+short', '+norecurse', '+tries=1', '+time=1'];
    for (const { name, serial } of changed) {
      const dig = [...this.namespace.prefix, 'dig', ...options, `@${this.address}`, name, 'SOA'];
      await waitFor(`the lab's name server with ${name} ${serial} (log: ${log})`, async () =>
        (await output(dig).catch(() => '')).includes(` ${serial} 3600 `) ? true : undefined,
      );
    }
  }

  #file(zone: Zone): string {
    return path.join(this.folder, `${zone.name === '.' ? 'root' : zone.name.slice(0, -1)}.zone`);
  }

  #config(): string {
    const zone = (it: Zone) =>
      `zone:\n  name: "${it.name}"\n  zonefile: "${this.#file(it)}${it.keys.length > 0 ? '.signed' : ''}"\n`;
    const more = this.ipv6 === undefined ? [] : [`ip-address: ${this.ipv6}`];
    return `${serverOf(this.folder, this.address, ['hide-version: yes', ...more])}${this.zones.map(zone).join('')}`;
  }
}

async function makeZone(folder: string, name: string, signed: boolean): Promise<Zone> {
  const keygen = async (...flags: string[]) =>
    (
      await output([
        'sh',
        '-c',
        'cd "$1" && shift && exec ldns-keygen -a ECDSAP256SHA256 "$@"',
        'sh',
        folder,
        ...flags,
        name,
      ])
    ).trim();
  const keys = signed ? [await keygen('-k'), await keygen()] : [];
  const ds = signed ? [readFileSync(path.join(folder, `${keys[0]}.ds`), 'utf8').trim()] : [];
  return { name, keys, delegation: [`${name} NS ns.lab.`, ...ds], records: [], serial: 0 };
}

/** A date as ldns-signzone(1) takes it; 60 days are longer than any test moves a clock. */
function day(from: number): string {
  return new Date(Date.now() + from * 86_400_000).toISOString().slice(0, 10).replaceAll('-', '');
}

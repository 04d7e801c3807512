/** The lab's DNS: one signed root zone that holds every name of its small internet, served by NSD. */
import type { ChildProcess } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Started } from '../boot/artefacts.ts';
import { ended, output, start } from '../boot/program.ts';
import { waitFor } from '../boot/wait.ts';
import type { Namespace } from './namespace.ts';

export class RootZone implements Started {
  #server: ChildProcess | undefined;
  #records: string[] = [];
  #serial = 1;
  #published: Promise<void> = Promise.resolve();

  private constructor(
    readonly folder: string,
    readonly namespace: Namespace,
    readonly address: string,
    /** Base names of the key files: key signing key, zone signing key. */
    readonly keys: readonly string[],
    /** The root's DS record: what a resolver of the lab trusts. */
    readonly trustAnchor: string,
  ) {}

  static async create(parent: string, namespace: Namespace, address: string): Promise<RootZone> {
    const folder = path.join(parent, 'dns');
    mkdirSync(folder, { recursive: true });
    const keygen = async (...flags: string[]) =>
      (
        await output(['sh', '-c', 'cd "$1" && shift && exec ldns-keygen "$@"', 'sh', folder, ...flags, '.'])
      ).trim();
    const keys = [await keygen('-a', 'ECDSAP256SHA256', '-k'), await keygen('-a', 'ECDSAP256SHA256')];
    const trustAnchor = readFileSync(path.join(folder, `${keys[0]}.ds`), 'utf8').trim();
    return new RootZone(folder, namespace, address, keys, trustAnchor);
  }

  /** Adds records in presentation format with absolute names, signs, and serves the zone. */
  async publish(records: readonly string[]): Promise<void> {
    this.#records.push(...records);
    // One at a time: each writes the same files.
    this.#published = this.#published.then(() => this.#sign());
    await this.#published;
  }

  async #sign(): Promise<void> {
    const file = path.join(this.folder, 'root.zone');
    const soa = `. 3600 IN SOA ns.lab. hostmaster.lab. ${this.#serial++} 3600 600 86400 60`;
    const lines = ['$TTL 60', soa, '. NS ns.lab.', `ns.lab. A ${this.address}`, ...this.#records, ''];
    writeFileSync(file, lines.join('\n'));
    const keys = this.keys.map((name) => path.join(this.folder, name));
    await output(['ldns-signzone', '-n', '-o', '.', '-f', `${file}.signed`, file, ...keys]);
    await this.#serve(this.#serial - 1);
  }

  stop = async (): Promise<void> => {
    // Not SIGKILL: its parent process would leave the one that serves behind.
    this.#server?.kill('SIGTERM');
    if (this.#server !== undefined) await ended(this.#server);
  };

  explain = (): string[] => [`the lab's zone and name server log: ${this.folder}`];

  /** Starts the name server, or tells it to read its zone again (nsd(8), SIGHUP), and waits for this serial. */
  async #serve(serial: number): Promise<void> {
    const log = path.join(this.folder, 'nsd.log');
    if (this.#server === undefined) {
      const config = path.join(this.folder, 'nsd.conf');
      writeFileSync(config, this.#config());
      this.#server = start([...this.namespace.prefix, 'nsd', '-d', '-c', config], log);
    } else this.#server.kill('SIGHUP');
    const options = ['+short', '+tries=1', '+time=1'];
    const dig = [...this.namespace.prefix, 'dig', ...options, `@${this.address}`, '.', 'SOA'];
    await waitFor(`the lab's name server (log: ${log})`, 10, async () =>
      (await output(dig).catch(() => '')).includes(` ${serial} 3600 `) ? true : undefined,
    );
  }

  #config(): string {
    const at = (name: string) => `"${path.join(this.folder, name)}"`;
    return `server:
  ip-address: ${this.address}
  server-count: 1
  username: ""
  zonesdir: ${at('')}
  database: ""
  pidfile: ${at('nsd.pid')}
  xfrdfile: ${at('xfrd.state')}
  zonelistfile: ${at('zone.list')}
  xfrdir: ${at('')}
  hide-version: yes
remote-control:
  control-enable: no
zone:
  name: "."
  zonefile: ${at('root.zone.signed')}
`;
  }
}

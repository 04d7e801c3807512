/** A certificate authority that speaks ACME: Debian's pebble, on an address of the lab, which asks a resolver of the lab. */
import type { ChildProcess } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Started } from '../../rig/artefacts.ts';
import type { KeyPair } from '../../rig/key-pair.ts';
import { ended, output, start } from '../../rig/program.ts';
import { waitFor } from '../../rig/wait.ts';
import type { Namespace } from './namespace.ts';

export interface PebbleOptions {
  readonly outside: Namespace;
  readonly address: string;
  /** The resolver by which it looks at names. */
  readonly resolver: string;
  /** Behind https of its own API. */
  readonly pair: KeyPair;
}

export class Pebble implements Started {
  readonly #folder: string;
  #child: ChildProcess | undefined;
  #started = 0;

  constructor(
    parent: string,
    readonly options: PebbleOptions,
  ) {
    this.#folder = path.join(parent, 'pebble');
    mkdirSync(this.#folder, { recursive: true });
  }

  /**
   * Starts it anew: with a new root, and no memory of accounts and orders.
   * @param validity seconds that its certificates are valid
   */
  async start(validity: number): Promise<this> {
    await this.stop();
    const { outside, address, resolver, pair } = this.options;
    const config = path.join(this.#folder, 'pebble.json');
    const pebble = {
      listenAddress: `${address}:14000`,
      managementListenAddress: `${address}:15000`,
      certificate: pair.certificate,
      privateKey: pair.key,
      httpPort: 80,
      tlsPort: 443,
      ocspResponderURL: '',
      externalAccountBindingRequired: false,
      certificateValidityPeriod: validity,
    };
    writeFileSync(config, JSON.stringify({ pebble }));
    this.#started++;
    // What was proven once is to be proven again.
    const environment = ['PEBBLE_VA_NOSLEEP=1', 'PEBBLE_AUTHZREUSE=0'];
    const argv = ['env', ...environment, 'pebble', '-config', config, '-dnsserver', `${resolver}:53`];
    this.#child = start([...outside.prefix, ...argv], this.log);
    await waitFor(`pebble (log: ${this.log})`, async () =>
      (await this.root().catch(() => '')) === '' ? undefined : true,
    );
    return this;
  }

  /** The certificate of the root that stands behind what it issues. */
  async root(): Promise<string> {
    const { outside, address } = this.options;
    const curl = ['curl', '--disable', '-fsS', '--max-time', '10', '--insecure'];
    return output([...outside.prefix, ...curl, `https://${address}:15000/roots/0`]);
  }

  get log(): string {
    return path.join(this.#folder, `pebble-${this.#started}.log`);
  }

  stop = async (): Promise<void> => {
    this.#child?.kill('SIGKILL');
    if (this.#child !== undefined) await ended(this.#child);
    this.#child = undefined;
  };

  explain = (): string[] => [`what the authority did: ${this.log}`];
}

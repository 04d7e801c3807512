/** Somebody else's name server, which gets zones from a box: an NSD on an address of its own. */
import type { ChildProcess } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Started } from '../../rig/artefacts.ts';
import { ended, start } from '../../rig/program.ts';
import type { Namespace } from './namespace.ts';
import { serverOf } from './nsd-config.ts';

export interface SecondaryOptions {
  readonly address: string;
  /** The box's address, of the same family. */
  readonly primary: string;
  readonly zones: readonly string[];
  readonly key?: { readonly name: string; readonly secret: string };
}

export class SecondaryServer implements Started {
  #server: ChildProcess | undefined;
  readonly #folder: string;

  constructor(
    parent: string,
    readonly namespace: Namespace,
    readonly options: SecondaryOptions,
  ) {
    this.#folder = path.join(parent, `secondary-${options.address.replace(/[^0-9a-f]+/g, '-')}`);
    mkdirSync(this.#folder, { recursive: true });
  }

  start(): this {
    const config = path.join(this.#folder, 'nsd.conf');
    writeFileSync(config, this.#config(), { mode: 0o600 });
    const log = path.join(this.#folder, 'nsd.log');
    this.#server = start([...this.namespace.prefix, 'nsd', '-d', '-c', config], log);
    return this;
  }

  stop = async (): Promise<void> => {
    this.#server?.kill('SIGTERM');
    if (this.#server !== undefined) await ended(this.#server);
  };

  explain = (): string[] => [`a secondary name server: ${this.#folder}`];

  /** It fetches by itself only when the zone's own times say so: hours. What comes sooner was told by NOTIFY. */
  #config(): string {
    const { address, primary, zones, key } = this.options;
    const at = (name: string) => `"${path.join(this.#folder, name)}"`;
    const by = key?.name ?? 'NOKEY';
    const keyClause =
      key === undefined
        ? ''
        : `key:\n  name: "${key.name}"\n  algorithm: hmac-sha256\n  secret: "${key.secret}"\n`;
    const zone = (name: string) => `zone:
  name: "${name}"
  zonefile: ${at(`${name}.zone`)}
  request-xfr: ${primary} ${by}
  allow-notify: ${primary} ${by}
  outgoing-interface: ${address}
`;
    return `${serverOf(this.#folder, address)}${keyClause}${zones.map(zone).join('')}`;
  }
}

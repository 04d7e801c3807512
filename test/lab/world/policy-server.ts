/** The lab's web server for MTA-STS policies (RFC 8461, section 3.3): one host name for each mail domain. */
import type { ChildProcess } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Started } from '../../rig/artefacts.ts';
import type { KeyPair } from '../../rig/key-pair.ts';
import { ended, start } from '../../rig/program.ts';
import { waitFor } from '../../rig/wait.ts';
import type { Namespace } from './namespace.ts';
import type { LabDns } from './zone.ts';

export interface Policy {
  readonly mode: 'enforce' | 'testing' | 'none';
  readonly mx: readonly string[];
  readonly maxAge?: number;
}

/** How it answers for one host: `serve-policies.ts` reads this file at each request. */
export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export class PolicyServer implements Started {
  readonly folder: string;
  #server: ChildProcess | undefined;
  #id = 0;
  #started: Promise<void> | undefined;
  readonly #txt = new Map<string, string>();

  constructor(
    parent: string,
    readonly outside: Namespace,
    readonly address: string,
  ) {
    this.folder = path.join(parent, 'policies');
    mkdirSync(this.folder, { recursive: true });
  }

  /** Publishes a domain's policy: its file, its host, and a TXT record with a new id. */
  async publish(zone: LabDns, domain: string, pair: KeyPair, policy: Policy): Promise<void> {
    const host = `mta-sts.${domain}`;
    copyFileSync(pair.key, path.join(this.folder, `${host}.key`));
    copyFileSync(pair.certificate, path.join(this.folder, `${host}.pem`));
    this.answer(domain, { status: 200, headers: { 'content-type': 'text/plain' }, body: textOf(policy) });
    await zone.publish([`${host}. A ${this.address}`]);
    await this.announce(zone, domain);
    this.#started ??= this.#start();
    await this.#started;
  }

  /** From now on it answers so for this domain. */
  answer(domain: string, answer: Answer): void {
    writeFileSync(path.join(this.folder, `mta-sts.${domain}.json`), JSON.stringify(answer));
  }

  /** Says by a new id that the policy has changed. */
  async announce(zone: LabDns, domain: string): Promise<void> {
    const before = this.#txt.get(domain);
    const record = `_mta-sts.${domain}. TXT "v=STSv1; id=lab${++this.#id};"`;
    this.#txt.set(domain, record);
    if (before !== undefined) await zone.withdraw([before]);
    await zone.publish([record]);
  }

  /** How often a domain's policy was asked for. */
  requests(domain: string): number {
    if (!existsSync(this.log)) return 0;
    const lines = readFileSync(this.log, 'utf8').split('\n');
    return lines.filter((line) => line === `mta-sts.${domain} /.well-known/mta-sts.txt`).length;
  }

  get log(): string {
    return path.join(this.folder, 'requests.log');
  }

  async #start(): Promise<void> {
    const program = fileURLToPath(new URL('serve-policies.ts', import.meta.url));
    const argv = [process.execPath, '--import', 'tsx', program, this.folder, this.address];
    this.#server = start([...this.outside.prefix, ...argv], this.log);
    await waitFor(`the policy server (log: ${this.log})`, () =>
      existsSync(this.log) && readFileSync(this.log, 'utf8').includes('started\n') ? true : undefined,
    );
  }

  stop = async (): Promise<void> => {
    this.#server?.kill('SIGKILL');
    if (this.#server !== undefined) await ended(this.#server);
  };

  explain = (): string[] => [`what was asked of the policy server: ${this.log}`];
}

export function textOf({ mode, mx, maxAge = 86_400 }: Policy): string {
  const lines = ['version: STSv1', `mode: ${mode}`, ...mx.map((name) => `mx: ${name}`), `max_age: ${maxAge}`];
  return `${lines.join('\r\n')}\r\n`;
}

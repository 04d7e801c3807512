/**
 * Somebody else's resolver, which validates and remembers: the image's own unbound, on a clock that a test moves
 * (libfaketime). It is asked all the time, and what it can't validate is kept as a fault.
 */
import type { ChildProcess } from 'node:child_process';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { labText } from '../../../box/init/steps/lab-resolver.ts';
import type { Started } from '../../rig/artefacts.ts';
import { ended, outcome, start } from '../../rig/program.ts';
import { waitFor } from '../../rig/wait.ts';
import type { RawImage } from './image.ts';
import type { Namespace } from './namespace.ts';

/** Where Debian's package libfaketime keeps it, on any architecture. */
export function faketimeLibrary(): string {
  const all = readdirSync('/usr/lib').map((folder) => `/usr/lib/${folder}/faketime/libfaketimeMT.so.1`);
  const found = all.find((file) => existsSync(file));
  if (found === undefined) throw new Error('libfaketime is missing: make deps');
  return found;
}

export class Validator implements Started {
  readonly folder: string;
  /** What it could not validate although the zone could be reached. */
  readonly faults: string[] = [];
  /** Answers that it validated. */
  validated = 0;
  #child: ChildProcess | undefined;
  #asking: Promise<void> = Promise.resolve();
  #ended = false;
  #outage = false;

  constructor(
    parent: string,
    readonly image: RawImage,
    readonly outside: Namespace,
    readonly address: string,
    readonly lab: { readonly rootHints: string[]; readonly trustAnchor: string },
  ) {
    this.folder = path.join(parent, 'validator');
  }

  async start(): Promise<this> {
    const shared = path.join(this.folder, 'shared');
    mkdirSync(shared, { recursive: true });
    copyFileSync(faketimeLibrary(), path.join(shared, 'libfaketime.so'));
    this.clock(0);
    const config = [
      'server:',
      `  interface: ${this.address}`,
      '  access-control: 198.51.100.0/24 allow',
      '  do-ip6: no',
      '  username: ""',
      '  chroot: ""',
      '  directory: "/mnt"',
      '  pidfile: "/run/unbound.pid"',
      '  use-syslog: no',
      '  val-log-level: 2',
      '  module-config: "validator iterator"',
      // Every name that is not there is asked of the box anew, and a fault is not remembered for long.
      '  aggressive-nsec: no',
      '  val-bogus-ttl: 1',
      '  infra-host-ttl: 1',
    ].join('\n');
    writeFileSync(path.join(shared, 'unbound.conf'), `${config}\n${labText(this.lab)}`);
    const { path: raw, offset, bytes } = this.image;
    const script = fileURLToPath(new URL('run-validator.sh', import.meta.url));
    const place = [raw, String(offset), String(bytes), this.folder, this.outside.name];
    this.#child = start(['unshare', '--mount', 'sh', script, ...place], this.log);
    await waitFor(`the validator (log: ${this.log})`, async () => {
      if (this.#child?.exitCode !== null) throw new Error(`it ended: ${readFileSync(this.log, 'utf8')}`);
      return (await this.ask('.', 'NS')).secure ? true : undefined;
    });
    return this;
  }

  get log(): string {
    return path.join(this.folder, 'unbound.log');
  }

  /** Seconds that its clock is ahead. */
  clock(ahead: number): void {
    writeFileSync(path.join(this.folder, 'shared/clock'), `+${ahead}\n`);
  }

  async ask(name: string, type: string): Promise<{ secure: boolean; text: string }> {
    const question = [`@${this.address}`, '+dnssec', '+tries=1', '+time=60', name, type];
    const { stdout } = await outcome([...this.outside.prefix, 'dig', ...question]);
    const secure = /status: (NOERROR|NXDOMAIN)/.test(stdout) && /^;; flags:[^;]* ad[ ;]/m.test(stdout);
    return { secure, text: stdout };
  }

  /** From now on it is asked these, which it may remember, and a name that it can't know. */
  poll(zone: string, questions: readonly (readonly [name: string, type: string])[]): void {
    const round = async (number: number): Promise<void> => {
      for (const [name, type] of [...questions, [`${number}-${Date.now()}.${zone}`, 'A'] as const]) {
        const outage = this.#outage;
        const { secure, text } = await this.ask(name, type);
        if (secure) this.validated++;
        else if (!outage && !this.#outage && !this.#ended) this.faults.push(`${name} ${type}:\n${text}`);
      }
    };
    this.#asking = (async () => {
      for (let number = 0; !this.#ended; number++) {
        await round(number);
        await sleep(100);
      }
    })();
  }

  /** Nothing counts while the zone's server is off; afterwards it must answer as before. */
  async during(zone: string, outage: () => Promise<void>): Promise<void> {
    this.#outage = true;
    await outage();
    await waitFor(`${zone} to be validated again`, async () =>
      (await this.ask(`${Date.now()}.${zone}`, 'A')).secure ? true : undefined,
    );
    this.#outage = false;
  }

  stop = async (): Promise<void> => {
    this.#ended = true;
    await this.#asking;
    if (this.#child === undefined) return;
    this.#child.kill('SIGKILL');
    await ended(this.#child);
    rmSync(path.join(this.folder, 'work'), { recursive: true, force: true });
  };

  explain = (): string[] => [`the validator’s log: ${this.log}`];
}

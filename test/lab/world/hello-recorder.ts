/** A mail server that only wants to know which cipher suites its clients offer. */
import type { ChildProcess } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Started } from '../../rig/artefacts.ts';
import { ended, start } from '../../rig/program.ts';
import { waitFor } from '../../rig/wait.ts';
import type { Namespace } from './namespace.ts';

export class HelloRecorder implements Started {
  #server: ChildProcess | undefined;
  readonly #log: string;

  constructor(
    parent: string,
    readonly outside: Namespace,
    readonly address: string,
  ) {
    this.#log = path.join(parent, 'hellos.log');
  }

  async start(): Promise<this> {
    const program = fileURLToPath(new URL('record-hellos.ts', import.meta.url));
    const argv = [process.execPath, '--import', 'tsx', program, this.address];
    await this.outside.ip('address', 'add', `${this.address}/24`, 'dev', 'br0');
    this.#server = start([...this.outside.prefix, ...argv], this.#log);
    await waitFor(`the recorder (log: ${this.#log})`, () =>
      this.#lines().includes('started') ? true : undefined,
    );
    return this;
  }

  /** The suites of each hello until now, by their numbers in IANA's registry of TLS cipher suites. */
  hellos(): number[][] {
    return this.#lines()
      .filter((line) => line.startsWith('['))
      .map((line) => JSON.parse(line));
  }

  #lines(): string[] {
    return existsSync(this.#log) ? readFileSync(this.#log, 'utf8').split('\n') : [];
  }

  stop = async (): Promise<void> => {
    this.#server?.kill('SIGKILL');
    if (this.#server !== undefined) await ended(this.#server);
  };

  explain = (): string[] => [`what clients offered: ${this.#log}`];
}

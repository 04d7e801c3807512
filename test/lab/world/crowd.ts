/** One source that opens as many connections as it gets, and holds them. */
import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { Attacker } from './attackers.ts';

const program = fileURLToPath(new URL('hold-connections.py', import.meta.url));

export interface Wish {
  readonly host: string;
  readonly port: number;
  readonly count: number;
  /** Said on each connection, and no more. */
  readonly words?: string;
  /** Addresses of the attacker's, taken in turn; its IPv4 address where absent. */
  readonly from?: readonly string[];
}

export class Crowd {
  readonly #lines: AsyncIterator<string>;

  private constructor(
    readonly child: ChildProcess,
    /** How many of its connections were let in. */
    readonly letIn: number,
    lines: AsyncIterator<string>,
  ) {
    this.#lines = lines;
  }

  static async gather(
    attacker: Attacker,
    { host, port, count, words = '', from = [attacker.ipv4] }: Wish,
  ): Promise<Crowd> {
    const files = ['prlimit', '--nofile=16384', 'setpriv', '--pdeathsig', 'KILL'];
    const argv = ['python3', program, host, String(port), String(count), words, ...from];
    const [first = '', ...rest] = [...attacker.namespace.prefix, ...files, ...argv];
    const child = spawn(first, rest, { stdio: ['pipe', 'pipe', 'inherit'] });
    const lines = createInterface({ input: child.stdout as NodeJS.ReadableStream })[Symbol.asyncIterator]();
    return new Crowd(child, Number((await lines.next()).value), lines);
  }

  /** How many of them the other side has not ended. */
  async left(): Promise<number> {
    this.child.stdin?.write('\n');
    return Number((await this.#lines.next()).value);
  }

  /** Ends all of them. */
  leave(): void {
    this.child.stdin?.end();
    this.child.kill('SIGKILL');
  }
}

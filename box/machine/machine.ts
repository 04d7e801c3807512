/**
 * The machine under the box program: the only file that runs commands and, with `files.ts` and `trees.ts` beneath it, the
 * only one that writes. (`box outbound-tls`, `box serve` and `box keeper` have sockets of their own: `outbound-tls/`,
 * `api/http/` and `api/keeper/`.)
 *
 * Commands are argument vectors, never shell strings, and a secret goes to standard input.
 */
import { spawn } from 'node:child_process';
import { X509Certificate } from 'node:crypto';
import { chown } from 'node:fs/promises';
import { connect, isIPv4, type Server } from 'node:net';
import { networkInterfaces } from 'node:os';
import { Failure } from './failure.ts';
import type { Directory } from './files.ts';
import { hears, type Question } from './hears.ts';
import { KeptProgram } from './kept-program.ts';
import { paths } from './paths.ts';
import { Trees } from './trees.ts';

export type { Access, Directory, File } from './files.ts';
export type { Question } from './hears.ts';

export interface Address {
  readonly family: 4 | 6;
  readonly address: string;
}
export interface Outcome {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}
/** With `until` the program has all the time it wants, and is ended at that signal. */
export type Execute = (
  argv: readonly string[],
  input: string,
  directory?: string,
  until?: AbortSignal,
) => Promise<Outcome>;

/**
 * Milliseconds for an answer of this machine's own. A limit finds what hangs: where the processor has no time for us either, an
 * answer that has come is seen after the limit is over, and whoever then asks again keeps the machine as slow as it is.
 */
const patience = 30_000;

/** Asks a program that answers a line with a line, and is kept for the next one. */
export type Converse = (argv: readonly string[], question: string) => Promise<string>;

/** What starts a Python program: by its whole path, isolated and without site packages: nothing around it decides what runs. */
export const python = ['/usr/bin/python3', '-I', '-S'] as const;

export class Machine extends Trees {
  constructor(
    root = '',
    private readonly execute: Execute = runProgram,
    private readonly interfaces: typeof networkInterfaces = networkInterfaces,
    private readonly converse: Converse = keptPrograms(),
    storage?: string,
  ) {
    super(root, storage);
  }

  /** The same machine with another folder as its storage root: one that is being made, or another box's. */
  withStorage(folder: string): Machine {
    return new Machine(this.root, this.execute, this.interfaces, this.converse, folder);
  }

  /**
   * Runs a program to its end and gives its standard output. `directory`: for one that writes where it stands.
   * @throws Failure when it doesn't exit 0.
   */
  async run(argv: readonly string[], input = '', directory?: string): Promise<string> {
    const { code, out, err } = await this.execute(argv, input, directory && this.at(directory));
    if (code === 0) return out;
    const words = err.trim().split('\n').slice(-3).join('; ') || `exit code ${code}`;
    throw new Failure(`${argv.join(' ')}: ${words}`, `try it by hand: ${argv.join(' ')}`);
  }

  /** One line's answer of a program that is kept. @throws Failure where it ends without one. */
  async ask(argv: readonly string[], question: string): Promise<string> {
    try {
      return await this.converse(argv, question);
    } catch (error) {
      throw new Failure(
        `${argv.join(' ')}: ${(error as Error).message}`,
        `try it by hand: ${argv.join(' ')}`,
      );
    }
  }

  async succeeds(argv: readonly string[]): Promise<boolean> {
    return (await this.execute(argv, '')).code === 0;
  }

  /** The addresses of this machine's interfaces, but for loopback's, in the system's order. */
  addresses(): Address[] {
    const all = Object.values(this.interfaces()).flatMap((list) => list ?? []);
    return all
      .filter(({ internal }) => !internal)
      .map(({ address }) => ({ family: isIPv4(address) ? 4 : 6, address }));
  }

  /** Runs a program that tells by its exit code. */
  async outcome(argv: readonly string[]): Promise<Outcome> {
    return this.execute(argv, '');
  }

  /** Runs a program that may take hours, and that `until` ends. */
  async patiently(
    argv: readonly string[],
    until = new AbortController().signal,
    input = '',
  ): Promise<Outcome> {
    return this.execute(argv, input, undefined, until);
  }

  /** Whether something takes TCP connections on this port, of the loopback address where no other is named. */
  async answers(port: number, host = '127.0.0.1'): Promise<boolean> {
    return new Promise((resolve) => {
      const socket = connect({ host, port, timeout: host === '127.0.0.1' ? patience : 5000 });
      const settle = (answer: boolean) => {
        socket.destroy();
        resolve(answer);
      };
      socket.once('connect', () => settle(true));
      socket.once('timeout', () => settle(false));
      socket.once('error', () => settle(false));
    });
  }

  /** Whether a service says what a living one says. Not that it takes a connection: the kernel does that for one that hangs. */
  async hears(question: Question, milliseconds: number): Promise<boolean> {
    const { at } = question;
    return hears({ ...question, at: 'path' in at ? { path: this.at(at.path) } : at }, milliseconds);
  }

  /** The certificate that this port of the loopback address speaks TLS with; undefined: it does not. */
  async certificateAt(port: number): Promise<X509Certificate | undefined> {
    const tls = await import('node:tls');
    return new Promise((resolve) => {
      // Whoever it is, we only look: nothing is sent.
      const socket = tls.connect({ host: '127.0.0.1', port, rejectUnauthorized: false, timeout: patience });
      const settle = (certificate?: X509Certificate) => {
        socket.destroy();
        resolve(certificate);
      };
      socket.once('secureConnect', () => {
        const { raw } = socket.getPeerCertificate();
        settle(raw === undefined ? undefined : new X509Certificate(raw));
      });
      socket.once('timeout', () => settle());
      socket.once('error', () => settle());
    });
  }

  /** What the box's own web server answers to each of these names, over one connection; undefined: nothing of use. */
  async pages(names: readonly string[], path: string): Promise<(string | undefined)[]> {
    const https = await import('node:https');
    const agent = new https.Agent({ keepAlive: true, maxSockets: 1 });
    const ask = (name: string) =>
      new Promise<string | undefined>((resolve) => {
        const options = { host: '127.0.0.1', path, agent, timeout: patience, rejectUnauthorized: false };
        // Whoever it is, we only look.
        const request = https.get(
          { ...options, servername: 'localhost', headers: { host: name } },
          (answer) => {
            let text = '';
            answer.setEncoding('utf8').on('data', (part) => {
              if (text.length < 65_536) text += part;
            });
            answer.once('error', () => resolve(undefined));
            answer.once('end', () => resolve(answer.statusCode === 200 ? text : undefined));
          },
        );
        request.once('timeout', () => request.destroy());
        request.once('error', () => resolve(undefined));
      });
    try {
      return await Promise.all(names.map(ask));
    } finally {
      agent.destroy();
    }
  }

  /** Takes connections at a Unix socket, which has its mode from the start. `owner`: who may open it besides root. */
  async listen(server: Server, { path, mode, owner }: Directory): Promise<void> {
    await this.remove(path);
    const umask = process.umask(0o777 & ~mode);
    try {
      await new Promise<void>((resolve, reject) => {
        server.once('error', reject);
        server.listen(this.at(path), resolve);
      });
    } finally {
      process.umask(umask);
    }
    if (owner !== undefined) await chown(this.at(path), ...(await this.ids({ mode, owner })));
  }

  /**
   * Lets one box command at a time change things. The kernel holds the lock on behalf of a child whose input
   * we keep open: when this process ends, however it ends, the child ends too and the lock is free.
   */
  async lock(seconds = 300, path: string = paths.lock): Promise<() => Promise<void>> {
    await this.putDirectory({ path: paths.run, mode: 0o755 });
    const child = spawn('flock', ['-w', String(seconds), this.at(path), 'cat'], {
      stdio: ['pipe', 'pipe', 'ignore'],
    });
    const closed = new Promise<void>((resolve) => {
      child.once('close', () => resolve());
      child.once('error', () => resolve());
    });
    child.stdin.on('error', () => undefined);
    const held = new Promise<boolean>((resolve) => {
      child.stdout.once('data', () => resolve(true));
      closed.then(() => resolve(false));
    });
    child.stdin.write('\n');
    if (!(await held))
      throw new Failure('another box command is still at work', 'wait for it to end, then try again');
    return async () => {
      child.stdin.end();
      await closed;
    };
  }
}

export function keptProgram([program = '', ...args]: readonly string[], idle?: number): KeptProgram {
  return new KeptProgram(() => spawn(program, args, { stdio: 'pipe' }), idle);
}

/** One of each. */
function keptPrograms(): Converse {
  const kept = new Map<string, KeptProgram>();
  return (argv, question) => {
    const name = argv.join(' ');
    const program = kept.get(name) ?? keptProgram(argv);
    kept.set(name, program);
    return program.ask(question);
  };
}

async function runProgram(
  [program, ...args]: readonly string[],
  input: string,
  directory?: string,
  until?: AbortSignal,
): Promise<Outcome> {
  return new Promise((resolve) => {
    const limit = until === undefined ? { timeout: 180_000 } : { signal: until };
    const child = spawn(program as string, args, { stdio: 'pipe', cwd: directory, ...limit });
    let out = '';
    let err = '';
    child.stdout.setEncoding('utf8').on('data', (text) => {
      out += text;
    });
    child.stderr.setEncoding('utf8').on('data', (text) => {
      err += text;
    });
    // A program that ends without reading its input is no fault of ours.
    child.stdin.on('error', () => undefined);
    child.stdin.end(input);
    child.once('error', (error) => resolve({ code: 127, out, err: error.message }));
    child.once('close', (code, signal) => resolve({ code: code ?? 128, out, err: err || (signal ?? '') }));
  });
}

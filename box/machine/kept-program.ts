/**
 * A program that answers a line with a line, kept for the next one: to start Python takes most of a second of an emulated
 * processor, and a boot asks the accounts' database a dozen times. `machine.ts` starts it.
 */
import type { Socket } from 'node:net';
import { createInterface } from 'node:readline';

/** A program with three pipes: what spawn(3) of Node.js gives, which `machine.ts` alone calls. */
type Child = import('node:child_process').ChildProcessWithoutNullStreams;

/** Milliseconds that it is kept without a question: of a box at rest it takes no memory. */
const whileIdle = 5_000;
/** Milliseconds for one answer, as for every program. */
const patience = 180_000;

export class KeptProgram {
  #run: Run | undefined;

  constructor(
    private readonly begin: () => Child,
    private readonly idle = whileIdle,
  ) {}

  /** Answers come in the order of the questions. @throws Error in the program's words, when it ends without an answer. */
  async ask(question: string): Promise<string> {
    if (question.includes('\n')) throw new Error('a question is one line');
    if (this.#run?.over !== false) this.#run = new Run(this.begin(), this.idle);
    return this.#run.ask(question);
  }
}

/** From one start of the program to its end; its questions are nobody else's. */
class Run {
  /** Takes no more questions: it ended, or it was told to. */
  over = false;
  #waiting: ((line: string | Error) => void)[] = [];
  #timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly child: Child,
    private readonly idle: number,
  ) {
    let err = '';
    child.stderr.setEncoding('utf8').on('data', (text) => {
      err += text;
    });
    // What it does not read it does not answer either.
    child.stdin.on('error', () => undefined);
    createInterface({ input: child.stdout }).on('line', (line) => {
      this.#waiting.shift()?.(line);
      this.#watch();
    });
    child.once('error', (error) => this.#ended(error.message));
    child.once('close', (code, signal) => this.#ended(err.trim() || `ended with ${signal ?? code}`));
  }

  ask(question: string): Promise<string> {
    return new Promise((resolve, reject) => {
      this.#waiting.push((line) => (typeof line === 'string' ? resolve(line) : reject(line)));
      this.#watch();
      this.child.stdin.write(`${question}\n`);
    });
  }

  /** While somebody waits, this process does not end; else the program is no reason not to, and after a while it goes. */
  #watch(): void {
    const isAsked = this.#waiting.length > 0;
    const pipes = [this.child.stdin, this.child.stdout, this.child.stderr] as unknown as Socket[];
    for (const handle of [this.child, ...pipes]) isAsked ? handle.ref() : handle.unref();
    clearTimeout(this.#timer);
    if (this.over) return;
    this.#timer = isAsked
      ? setTimeout(() => this.child.kill(), patience)
      : setTimeout(() => this.#leave(), this.idle).unref();
  }

  /** Its input ends, and so does it. */
  #leave(): void {
    this.over = true;
    this.child.stdin.end();
  }

  #ended(why: string): void {
    this.over = true;
    clearTimeout(this.#timer);
    for (const answer of this.#waiting.splice(0)) answer(new Error(why));
  }
}

/** Asks questions at a terminal, a line each; what is secret is not shown. */
import { createInterface, type Interface } from 'node:readline/promises';
import { type Readable, Writable } from 'node:stream';

/** What was typed before it was asked for (a paste of several lines) answers the questions to come. */
export class Terminal {
  readonly #lines: string[] = [];
  readonly #readline: Interface;
  #waiting: (() => void) | undefined;
  #ended = false;
  #hidden = false;

  constructor(
    input: Readable = process.stdin,
    private readonly output: Writable & { readonly columns?: number } = process.stderr,
  ) {
    const echo = new Writable({
      write: (chunk, _, done) => {
        if (!this.#hidden) output.write(chunk);
        done();
      },
    });
    Object.defineProperty(echo, 'columns', { get: () => output.columns });
    // Without a history: the arrow keys would show a password again.
    this.#readline = createInterface({ input, output: echo, terminal: true, historySize: 0 });
    this.#readline.on('line', (line) => {
      this.#lines.push(line);
      this.#waiting?.();
    });
    this.#readline.on('close', () => {
      this.#ended = true;
      this.#waiting?.();
    });
  }

  /** @throws where Ctrl-C, Ctrl-D or the end of the input comes in place of an answer */
  async ask(prompt: string, { hidden = false } = {}): Promise<string> {
    this.#readline.setPrompt(prompt);
    this.#readline.prompt();
    this.#hidden = hidden;
    if (this.#lines.length === 0 && !this.#ended)
      await new Promise<void>((resolve) => {
        this.#waiting = resolve;
      });
    this.#waiting = undefined;
    this.#hidden = false;
    const line = this.#lines.shift();
    if (line === undefined || hidden) this.output.write('\n');
    if (line === undefined) throw new Error('interrupted: nothing was written');
    return line;
  }

  say(text: string): void {
    this.output.write(`${text}\n`);
  }

  close(): void {
    this.#readline.close();
  }
}

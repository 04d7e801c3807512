/** Follows what a box writes on its serial console. */
import { readFileSync, statSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { stripVTControlCharacters } from 'node:util';
import { parseReport } from '../../builder/vm/console.ts';
import type { BoxReport } from '../../contract/report.ts';

/** Seconds without a word on the console, on an emulated processor that others use too: a limit finds what hangs. */
const patience = 2400;

export class SerialConsole {
  #from = 0;

  constructor(
    readonly path: string,
    /** Gives a reason when nothing more can come, for example because the machine is gone. */
    readonly ended: () => string | undefined,
  ) {}

  /** Forgets what was written until now: the next boot begins. */
  mark(): void {
    this.#from = statSync(this.path, { throwIfNoEntry: false })?.size ?? 0;
  }

  /** What has come since the mark, without terminal control sequences. */
  text(): string {
    const bytes = statSync(this.path, { throwIfNoEntry: false })
      ? readFileSync(this.path).subarray(this.#from)
      : '';
    return stripVTControlCharacters(bytes.toString()).replaceAll('\r', '');
  }

  /** Waits until a line has come that matches, and gives the match. */
  async match(pattern: RegExp, seconds = patience): Promise<RegExpExecArray> {
    return this.#until(`${pattern} on the console`, seconds, () => pattern.exec(this.text()) ?? undefined);
  }

  /** Waits for the box's own line that says how its start ended. */
  async outcome(seconds = patience): Promise<BoxReport> {
    return this.#until('the line `letterbox: {...}` on the console', seconds, () =>
      this.text()
        .split('\n')
        .map(parseReport)
        .filter((report) => report !== undefined)
        .at(-1),
    );
  }

  /** The limit begins anew with each word that comes. */
  async #until<T>(what: string, seconds: number, ask: () => T | undefined): Promise<T> {
    let said = -1;
    let end = 0;
    for (;;) {
      const answer = ask();
      if (answer !== undefined) return answer;
      const reason = this.ended();
      if (reason !== undefined) throw new Error(`${reason} before ${what} (log: ${this.path})`);
      const { length } = this.text();
      if (length !== said) [said, end] = [length, Date.now() + seconds * 1000];
      if (Date.now() > end)
        throw new Error(`${seconds} s without a word, waiting for ${what} (log: ${this.path})`);
      await sleep(200);
    }
  }
}

/** The command lines of all processes in boxes, which anyone there can see: looked at again and again. */
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';

const hostProcesses = readlinkSync('/proc/self/ns/pid');

export class CommandLines {
  readonly seen = new Set<string>();

  /** Does something and looks meanwhile. */
  async watch<T>(work: () => Promise<T>): Promise<T> {
    const watch = setInterval(() => this.#look(), 3);
    try {
      return await work();
    } finally {
      clearInterval(watch);
    }
  }

  /** Those that hold one of these words. */
  holding(words: readonly string[]): string[] {
    return [...this.seen].filter((line) => words.some((word) => line.includes(word)));
  }

  #look(): void {
    for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
      try {
        if (readlinkSync(`/proc/${pid}/ns/pid`) === hostProcesses) continue;
        this.seen.add(readFileSync(`/proc/${pid}/cmdline`, 'latin1').replaceAll('\0', ' ').trim());
      } catch {
        // It has ended in between.
      }
    }
  }
}

/** Reads how far the making of a base tree is from what apt and dpkg print. */

/** Where each part begins, as a share of the whole, measured on 2 cores. */
const share = { essential: 0.03, remaining: 0.2, archive: 0.93 } as const;

/** Follows the lines of `mmdebstrap --verbose`. apt counts in two runs: the essential packages, then all others. */
export class InstallProgress {
  #run: 'update' | 'essential' | 'remaining' = 'update';
  #packages = 0;
  #unpacked = 0;
  #configured = 0;

  /** What to say about this line, and the fraction done; undefined when it tells nothing. */
  line(line: string): { readonly text: string; readonly fraction: number } | undefined {
    const announced = /, (\d+) newly installed,/.exec(line)?.[1];
    if (announced !== undefined) {
      this.#run = this.#run === 'update' ? 'essential' : 'remaining';
      [this.#packages, this.#unpacked, this.#configured] = [Number(announced), 0, 0];
      return this.#say('fetching', 0);
    }
    if (line.startsWith('Unpacking ')) return this.#say('unpacked', ++this.#unpacked);
    if (line.startsWith('Setting up ')) return this.#say('set up', ++this.#configured);
    if (line.startsWith('I: creating tarball'))
      return { text: 'writing the root file system', fraction: share.archive };
    return undefined;
  }

  #say(what: string, count: number): { text: string; fraction: number } {
    const [from, to] =
      this.#run === 'remaining' ? [share.remaining, share.archive] : [share.essential, share.remaining];
    // Setting up takes twice as long as unpacking: it compiles Python and makes the initial RAM disk.
    const done = this.#packages === 0 ? 0 : (this.#unpacked + 2 * this.#configured) / (3 * this.#packages);
    const text =
      count === 0 ? `${what} ${this.#packages} packages` : `${what} ${count} of ${this.#packages} packages`;
    return { text, fraction: from + (to - from) * Math.min(done, 1) };
  }
}

/** The memory of a box of the lab: the control group that run-box.sh made for it, of version 1 or 2 (the kernel's admin-guide). */
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';

const mib = 1024 * 1024;

export class MemoryGroup {
  readonly #folder: string;
  readonly #isFirst: boolean;

  constructor(name: string) {
    const first = path.join('/sys/fs/cgroup/memory', name);
    this.#isFirst = existsSync(first);
    this.#folder = this.#isFirst ? first : path.join('/sys/fs/cgroup', name);
  }

  /** What the kernel could not take back by forgetting pages of files. */
  usedMiB(): number {
    const [all, statistics] = this.#isFirst ? ['memory.usage_in_bytes', 'total_'] : ['memory.current', ''];
    const ofFiles = ['inactive_file', 'active_file'].map((name) =>
      this.#field('memory.stat', statistics + name),
    );
    return Math.round((Number(this.#read(all)) - ofFiles.reduce((sum, one) => sum + one, 0)) / mib);
  }

  limitMiB(): number {
    return Number(this.#read(this.#isFirst ? 'memory.limit_in_bytes' : 'memory.max')) / mib;
  }

  /** How many processes were ended for want of memory. */
  killed(): number {
    return this.#field(this.#isFirst ? 'memory.oom_control' : 'memory.events', 'oom_kill');
  }

  #read = (file: string) => readFileSync(path.join(this.#folder, file), 'utf8').trim();

  #field(file: string, name: string): number {
    const found = new RegExp(`^${name} (\\d+)$`, 'm').exec(this.#read(file))?.[1];
    if (found === undefined) throw new Error(`${this.#folder}/${file} has no ${name}`);
    return Number(found);
  }
}

/** Mail poured into a machine by a program of its own: counted as the server takes it, and looked for in the box afterwards. */
import type { ChildProcess } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { TestedBox } from './behaviour.ts';
import { ended, start } from './program.ts';
import { init } from './release.ts';
import { waitFor } from './wait.ts';

interface Pace {
  readonly connections: number;
  /** Milliseconds between two mails of a connection. */
  readonly pause: number;
}

export class PouredMail {
  readonly #log: string;
  readonly #sender: ChildProcess;

  /** Begins to send `count` numbered mails to one address. */
  constructor(
    private readonly vm: TestedBox & { readonly folder: string },
    to: string,
    private readonly count: number,
    { connections, pause }: Pace = { connections: 20, pause: 0 },
  ) {
    this.#log = path.join(vm.folder, 'poured.log');
    const program = fileURLToPath(new URL('pour.ts', import.meta.url));
    const numbers = [count, connections, pause].map(String);
    const argv = [vm.host, String(vm.port(25)), ...numbers, vm.stranger, to];
    this.#sender = start(
      [...(vm.prefix ?? []), process.execPath, '--import', 'tsx', program, ...argv],
      this.#log,
    );
  }

  /** The numbers that the server said 250 to. */
  accepted = (): number[] => this.#events('accepted');

  /** How many were sent whole and never answered. */
  unsure = (): number => new Set(this.#events('unsure')).size;

  /** Waits until that many are accepted. */
  accepts(number: number): Promise<boolean> {
    return waitFor(
      `${number} of ${this.count} mails to be accepted (log: ${this.#log})`,
      () => {
        if (this.#sender.exitCode !== null) throw new Error(`the sender ended: ${this.#log}`);
        return this.accepted().length >= number ? true : undefined;
      },
      { seconds: 300 + this.count },
    );
  }

  /** Waits for the last to be accepted. */
  ended = (): Promise<unknown> => ended(this.#sender);

  /** Ends it where it is. */
  stop = async (): Promise<void> => {
    this.#sender.kill();
    await ended(this.#sender);
  };

  explain = (): string[] => [`what was sent: ${this.#log}`];

  /** `box`: another one that has its state. The numbers that lie in the queue and in the mailboxes, one that lies there twice named twice. */
  async look(box: TestedBox = this.vm): Promise<{ inQueue: number[]; inMailboxes: number[] }> {
    // Postfix at rest: it moves mails from one directory of the queue to another, and a look at thousands takes a while.
    await box.run(init.stop('postfix'));
    const queue = 'cd /home/user-data/mail/queue && find incoming active deferred -type f';
    // Mails, not Dovecot's caches, which hold subjects too.
    const mailboxes =
      "find /home/user-data/mail/mailboxes -type f '(' -path '*/new/*' -o -path '*/cur/*' ')'";
    return { inQueue: await this.#numbers(box, queue), inMailboxes: await this.#numbers(box, mailboxes) };
  }

  async #numbers(box: TestedBox, files: string): Promise<number[]> {
    const found = await box.run(`${files} -print0 | xargs -0r grep -haoE 'Subject: pour [0-9]+ end' || true`);
    return [...found.matchAll(/pour (\d+) end/g)].map(([, number]) => Number(number));
  }

  #events(kind: string): number[] {
    const text = existsSync(this.#log) ? readFileSync(this.#log, 'utf8') : '';
    return [...text.matchAll(new RegExp(`^${kind} (\\d+)$`, 'gm'))].map(([, number]) => Number(number));
  }
}

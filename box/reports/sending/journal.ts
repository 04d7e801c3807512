/** Which reports were sent: by day and domain, and to how many receivers. It is written before a report is, so that none goes out twice. */
import * as z from 'zod';
import type { Machine } from '../../machine/machine.ts';
import { paths } from '../../machine/paths.ts';
import { dayOf } from '../report.ts';

export const kinds = ['dmarc', 'tls'] as const;
export type Kind = (typeof kinds)[number];

const days = 30;

/** Receivers by domain; none where nobody asked to be told. */
const dayShape = z.record(z.string(), z.number().int().min(0));
const shape = z.record(z.string(), z.strictObject({ dmarc: dayShape, tls: dayShape }));
export type Sent = z.infer<typeof shape>;

export async function readJournal(machine: Machine): Promise<Sent> {
  const text = await machine.read(paths.sentReports);
  try {
    const read = shape.safeParse(JSON.parse(text ?? '{}'));
    return read.success ? read.data : {};
  } catch {
    return {};
  }
}

export class Journal {
  private constructor(
    private readonly machine: Machine,
    private readonly sent: Sent,
    private readonly now: number,
  ) {}

  static async open(machine: Machine, now: number): Promise<Journal> {
    return new Journal(machine, await readJournal(machine), now);
  }

  has(day: string, kind: Kind, domain: string): boolean {
    return Object.hasOwn(this.sent[day]?.[kind] ?? {}, domain);
  }

  /** Reports of that day that went to anybody. */
  count(day: string): number {
    return kinds.reduce(
      (sum, kind) => sum + Object.values(this.sent[day]?.[kind] ?? {}).filter((to) => to > 0).length,
      0,
    );
  }

  async note(day: string, kind: Kind, domain: string, receivers: number): Promise<void> {
    const of = this.sent[day] ?? { dmarc: {}, tls: {} };
    of[kind][domain] = receivers;
    this.sent[day] = of;
    await this.#keep();
  }

  /** It was not sent after all. */
  async strike(day: string, kind: Kind, domain: string): Promise<void> {
    delete this.sent[day]?.[kind][domain];
    await this.#keep();
  }

  async #keep(): Promise<void> {
    const eldest = dayOf(this.now - days * 86_400);
    for (const day of Object.keys(this.sent)) if (day < eldest) delete this.sent[day];
    await this.machine.put({
      path: paths.sentReports,
      mode: 0o600,
      text: `${JSON.stringify(this.sent)}\n`,
    });
  }
}

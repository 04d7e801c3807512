/** Adds mails and connections to their days, for as long as there is room. */
import { dayOf } from '../report.ts';
import type { Judged } from './history.ts';
import type { Session } from './smtp-log.ts';
import { bounds, type Day, type Mails, type Sessions, type Tally } from './tally.ts';

const noDay = (): Day => ({ mails: {}, sessions: {}, left: 0 });

export class Days {
  readonly #days: Map<string, Day>;
  /** By day, domain and what a row says. */
  readonly #rows = new Map<string, Mails['rows'][number]>();
  readonly #rowsOfDay = new Map<string, number>();

  /** @param now seconds since 1970: what is of no day near it is of a wrong clock, and left */
  constructor(
    days: Tally['days'],
    private readonly now: number,
  ) {
    this.#days = new Map(Object.entries(JSON.parse(JSON.stringify(days)) as Tally['days']));
    for (const [day, { mails }] of this.#days)
      for (const [domain, { rows }] of Object.entries(mails))
        for (const row of rows) this.#know(day, domain, row);
  }

  get all(): Tally['days'] {
    const eldest = dayOf(this.now - bounds.days * 86_400);
    return Object.fromEntries([...this.#days].filter(([day]) => day >= eldest).sort());
  }

  addMail({ time, domain, policy, row }: Judged): void {
    const [day, name] = this.#at(time);
    if (day === undefined) return;
    const known = this.#rows.get(keyOf(name, domain, row));
    if (known !== undefined) {
      known.count += 1;
      return;
    }
    const isFull =
      (!Object.hasOwn(day.mails, domain) && Object.keys(day.mails).length >= bounds.domains) ||
      (this.#rowsOfDay.get(name) ?? 0) >= bounds.rows;
    if (isFull) {
      day.left += 1;
      return;
    }
    const mails = Object.hasOwn(day.mails, domain) ? day.mails[domain] : undefined;
    const fresh = { ...row, count: 1 };
    day.mails[domain] = { policy, rows: [...(mails?.rows ?? []), fresh] };
    this.#know(name, domain, fresh);
  }

  addSession(time: number, session: Session): void {
    const [day] = this.#at(time);
    if (day === undefined) return;
    const { domain } = session;
    if (!Object.hasOwn(day.sessions, domain)) {
      if (Object.keys(day.sessions).length >= bounds.domains) {
        day.left += 1;
        return;
      }
      day.sessions[domain] = { verified: 0, trusted: 0, untrusted: 0, clear: 0, failures: [] };
    }
    const sessions = day.sessions[domain] as Sessions;
    if ('level' in session) {
      sessions[session.level] += 1;
      return;
    }
    const { type, mx, address } = session.failure;
    const known = sessions.failures.find(
      (one) => one.type === type && one.mx === mx && one.address === address,
    );
    // Those of one kind are one where there are too many servers.
    const other = known ?? sessions.failures.find((one) => one.type === type);
    if (known !== undefined) known.count += 1;
    else if (sessions.failures.length < bounds.failures)
      sessions.failures.push({ type, mx, address, count: 1 });
    else if (other !== undefined) other.count += 1;
    else day.left += 1;
  }

  #at(time: number): [day: Day | undefined, name: string] {
    const name = dayOf(time);
    if (!(time > this.now - bounds.days * 86_400 && time < this.now + 86_400)) return [undefined, name];
    const day = this.#days.get(name) ?? noDay();
    this.#days.set(name, day);
    return [day, name];
  }

  #know(day: string, domain: string, row: Mails['rows'][number]): void {
    this.#rows.set(keyOf(day, domain, row), row);
    this.#rowsOfDay.set(day, (this.#rowsOfDay.get(day) ?? 0) + 1);
  }
}

function keyOf(day: string, domain: string, row: object): string {
  return JSON.stringify([day, domain, { ...row, count: 0 }]);
}

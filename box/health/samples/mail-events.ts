/** What became of each mail, read from Postfix's log: who it was from, who for, and what the last server said. Pure. */
import type { MailEvent } from '../../../contract/api.ts';
import { partsOf } from '../../machine/follow.ts';
import { countOf } from './mail-log.ts';

/** @param lines oldest first */
export function eventsOf(lines: Iterable<string>, now: Date): MailEvent[] {
  /** By the number that a mail has in the queue. */
  const senders = new Map<string, string>();
  const events: MailEvent[] = [];
  for (const line of lines) {
    const { time, said } = partsOf(line) ?? { time: '', said: '' };
    const [, number = '', rest = ''] = /^postfix\/[\w/]+\[\d+\]: (\w+): (.*)$/.exec(said) ?? [];
    const sender = /^from=<(.*?)>, size=/.exec(rest)?.[1];
    if (sender !== undefined) senders.set(number, sender);
    if (rest === 'removed') senders.delete(number);
    const result = countOf(line);
    if (result === undefined || result === 'accepted') continue;
    const what = rest.startsWith('to=<') ? deliveryOf(rest, senders.get(number)) : refusalOf(rest);
    if (what !== undefined) events.push({ time: isoOf(time, now), result, ...what });
  }
  return events;
}

type What = Omit<MailEvent, 'time' | 'result'>;

function deliveryOf(rest: string, from: string | undefined): What | undefined {
  const [, to, , server, text] =
    /^to=<(.*?)>, (?:orig_to=<(.*?)>, )?relay=([^,]*), .*?status=\w+ \((.*)\)$/.exec(rest) ?? [];
  if (to === undefined || text === undefined) return undefined;
  return { from: from ?? null, to, server: server === 'none' || server === undefined ? null : server, text };
}

function refusalOf(rest: string): What | undefined {
  const [, server, text, more] =
    /^(?:milter-)?reject: [A-Z-]+ from (\S+): (.*?); (from=<.*)$/.exec(rest) ??
    /^(?:milter-)?reject: [A-Z-]+ from (\S+): (.*)$/.exec(rest) ??
    [];
  if (server === undefined || text === undefined) return undefined;
  const from = /^from=<(.*?)>/.exec(more ?? '')?.[1] ?? null;
  const to = /^from=<.*?> to=<(.*?)>/.exec(more ?? '')?.[1] ?? null;
  return { from, to, server, text };
}

/** The older form of syslog has no year, and the box's own time. */
function isoOf(time: string, now: Date): string {
  if (/^\d/.test(time)) return new Date(time).toISOString();
  const [year, day] = [now.getFullYear(), 86_400_000];
  const thisYear = new Date(`${time} ${year}`);
  return (
    thisYear.getTime() > now.getTime() + day ? new Date(`${time} ${year - 1}`) : thisYear
  ).toISOString();
}

/**
 * Counts what came since the last look: the history that OpenDMARC wrote, and Postfix's log. A history is renamed at one look, so that
 * OpenDMARC begins another, and read at the next, when nobody can have it open any more. It is removed after its numbers are kept, and
 * known by its name: a power cut in between neither loses nor doubles it.
 */
import { follow, linesOf, partsOf } from '../../machine/follow.ts';
import type { Machine } from '../../machine/machine.ts';
import { paths } from '../../machine/paths.ts';
import { Days } from './days.ts';
import { History } from './history.ts';
import { keepTally, readTally } from './read-tally.ts';
import { SmtpLog } from './smtp-log.ts';

/** Bytes of one history, and of the log, that are read at a look: more than a flood writes between two of them. */
const mostBytes = 64 * 1_048_576;

/** @param sender of the box's own reports */
export async function count(machine: Machine, sender: string, now: number): Promise<void> {
  await machine.sweep([paths.counts]);
  const tally = await readTally(machine);
  const days = new Days(tally.days, now);
  const waiting = await historiesOf(machine);
  for (const { number, path } of waiting) {
    if (number <= tally.taken) continue;
    const history = new History((mail) => days.addMail(mail));
    await linesOf(machine, path, 0, mostBytes, (line) => history.line(line));
  }
  let time = now;
  const log = new SmtpLog(tally, sender, (session) => days.addSession(time, session));
  const place = await follow(machine, paths.mailLog, tally.place, mostBytes, (line) => {
    const parts = partsOf(line);
    if (parts === undefined || !parts.said.startsWith('postfix/')) return;
    const written = Date.parse(parts.time) / 1000;
    time = Number.isFinite(written) ? written : now;
    log.line(parts.said);
  });
  const taken = Math.max(tally.taken, ...waiting.map(({ number }) => number));
  // What was written until the last look is counted now, unless the clock was turned back.
  const until = Math.min(tally.looked, now);
  await keepTally(machine, { format: 1, until, looked: now, taken, place, ...log.rest, days: days.all });
  for (const { path } of waiting) await machine.remove(path);
  if (await machine.exists(`${paths.histories}/history`))
    await machine.moveOver(
      `${paths.histories}/history`,
      `${paths.histories}/taken.${Math.max(now, taken + 1)}`,
    );
}

/** By their numbers. OpenDMARC's user may make anything there: what is no file is left. */
async function historiesOf(machine: Machine): Promise<{ number: number; path: string }[]> {
  const found: { number: number; path: string }[] = [];
  for (const name of await machine.list(paths.histories)) {
    const number = /^taken\.(\d{1,13})$/.exec(name)?.[1];
    const path = `${paths.histories}/${name}`;
    if (number !== undefined && (await machine.isPlainFile(path)))
      found.push({ number: Number(number), path });
  }
  return found.sort((a, b) => a.number - b.number);
}

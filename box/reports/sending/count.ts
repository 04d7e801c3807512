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
  const names = (await machine.list(paths.histories)).filter((name) => /^taken\.\d{1,13}$/.test(name));
  const numbers = names.map((name) => Number(name.slice('taken.'.length))).sort((a, b) => a - b);
  for (const number of numbers) {
    if (number <= tally.taken) continue;
    const history = new History((mail) => days.addMail(mail));
    await linesOf(machine, `${paths.histories}/taken.${number}`, 0, mostBytes, (line) => history.line(line));
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
  const taken = Math.max(tally.taken, ...numbers);
  // What was written until the last look is counted now, unless the clock was turned back.
  const until = Math.min(tally.looked, now);
  await keepTally(machine, { format: 1, until, looked: now, taken, place, ...log.rest, days: days.all });
  for (const number of numbers) await machine.remove(`${paths.histories}/taken.${number}`);
  if (await machine.exists(`${paths.histories}/history`))
    await machine.moveOver(
      `${paths.histories}/history`,
      `${paths.histories}/taken.${Math.max(now, taken + 1)}`,
    );
}

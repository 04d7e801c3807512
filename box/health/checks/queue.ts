/** Mail that waits to go out: some always does for a while; much of it, or old mail, means that something is shut. */
import { type Check, ok, warning } from './check.ts';

const hour = 3_600_000;
/** By then its sender has been told (delay_warning_time is 3 h). */
const oldHours = 4;

export const queueMoves: Check = async ({ machine, now }) => {
  const title = 'mail queue';
  const arrivals = arrivalsIn(await machine.run(['postqueue', '-p']), now());
  if (arrivals.length === 0) return [ok(title, 'empty')];
  const oldest = Math.floor((now().getTime() - Math.min(...arrivals.map(Number))) / hour);
  const waits = `${arrivals.length} ${arrivals.length === 1 ? 'mail waits' : 'mails wait'}`;
  if (oldest < oldHours) return [ok(title, waits)];
  return [
    warning(
      title,
      `${waits}, the oldest for ${oldest} hours`,
      'see why: postqueue -p; to try again now: postqueue -f',
      'log',
    ),
  ];
};

/** When each mail of `postqueue -p` came, in the machine's own time; the listing has no year. */
export function arrivalsIn(listing: string, now: Date): Date[] {
  const line = /^[0-9A-Za-z]+[*!]? +\d+ \w{3} (\w{3}) +(\d+) (\d\d:\d\d:\d\d) /gm;
  return [...listing.matchAll(line)].map(([, month, day, time]) => {
    const year = now.getFullYear();
    const came = new Date(`${month} ${day} ${year} ${time}`);
    // In January a mail of December is of last year.
    return came.getTime() > now.getTime() + 24 * hour
      ? new Date(`${month} ${day} ${year - 1} ${time}`)
      : came;
  });
}

/** Services that hung, and were started anew (`box watch`). */
import { readWatch } from '../watch/watch.ts';
import { type Check, error, ok, warning } from './check.ts';

const title = 'hanging services';
/** Looks in a row that count: one may be an accident. */
const silentFor = 2;

export const nothingHangs: Check = async ({ machine }) => {
  const results = Object.entries(await readWatch(machine)).flatMap(([service, { silent, restarts, at }]) => {
    const log = `look at /var/log/syslog and /var/log/mail.log before ${at ?? 'now'}`;
    if (silent >= silentFor)
      return [
        error(
          title,
          restarts > 0
            ? `${service} hangs again, after ${restarts} new starts`
            : `${service} runs and does not answer`,
          `it is started anew by itself, with pauses that grow; ${log}`,
        ),
      ];
    return restarts > 0
      ? [warning(title, `${service} hung and was started anew, last at ${at}; it answers`, log)]
      : [];
  });
  return results.length > 0 ? results : [ok(title, 'none')];
};

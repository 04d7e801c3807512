/** The time zone: what the logs and cron go by. */
import { Failure } from '../../machine/failure.ts';
import { paths } from '../../machine/paths.ts';
import type { Step } from './step.ts';

const name = (timezone: string) => ({ path: paths.timeZone, mode: 0o644, text: `${timezone}\n` });
const zone = (timezone: string) => `${paths.timeZones}/${timezone}`;

export const timeZoneStep: Step = {
  title: 'time zone',
  // They read the zone once, when they start.
  refresh: [
    { service: 'rsyslog', by: 'restart' },
    { service: 'cron', by: 'restart' },
  ],
  async done({ machine, settings: { timezone } }) {
    return (
      (await machine.holds(name(timezone))) && (await machine.linkTarget(paths.localTime)) === zone(timezone)
    );
  },
  async run({ machine, settings: { timezone } }) {
    if (!(await machine.exists(zone(timezone)))) {
      throw new Failure(
        `there is no time zone ${timezone}`,
        'set box.timezone to a tz database name such as Europe/Berlin, and launch with the new user-data',
      );
    }
    await machine.link(paths.localTime, zone(timezone));
    await machine.put(name(timezone));
  },
};

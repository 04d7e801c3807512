/** Everything that `box status` looks at, in order. */
import { Failure } from '../../machine/failure.ts';
import { certificateIsRenewed } from './acme.ts';
import { addressesAnswer } from './addresses.ts';
import { backupsAreMade } from './backups.ts';
import { strangersAreBanned } from './bans.ts';
import { calendarsAreWhole } from './calendars.ts';
import { certificateServes } from './certificate.ts';
import { type Check, type CheckResult, error, type Subject } from './check.ts';
import { programsFindIt } from './clients.ts';
import { clockIsRight } from './clock.ts';
import { databasesAreWhole } from './databases.ts';
import { diskHasRoom } from './disk.ts';
import { disksAreWell } from './disk-health.ts';
import { checkDns, zonesAreSigned } from './dns.ts';
import { nothingHangs } from './hanging.ts';
import { imageIsKnown, newestImageRuns } from './image.ts';
import { accountsAreWell, mailIsSigned } from './mail.ts';
import { memoryIsLeft } from './memory.ts';
import { noImageWasRefused } from './other-image.ts';
import { mailCanLeave } from './outbound.ts';
import { policiesAreSeen } from './published.ts';
import { queueMoves } from './queue.ts';
import { addressesHaveItsName, nobodyBlocksIt } from './reputation.ts';
import { rolloversGoOn } from './rollover.ts';
import { bootWentWell, portsAnswer, servicesRun } from './services.ts';
import { sshTakesKeysOnly } from './ssh.ts';
import { updatesAreIn } from './updates.ts';
import { sitesAreServed } from './web.ts';

export type Checks = readonly (readonly [title: string, check: Check])[];

/** What the box can see of itself. */
export const ownChecks: Checks = [
  ['boot', bootWentWell],
  ['services', servicesRun],
  ['ports', portsAnswer],
  ['hanging services', nothingHangs],
  ['addresses', addressesAnswer],
  ['TLS certificate', certificateServes],
  ['certificate by ACME', certificateIsRenewed],
  ['DKIM', mailIsSigned],
  ['databases', databasesAreWhole],
  ['accounts', accountsAreWell],
  ['DNS', zonesAreSigned],
  ['key rollover', rolloversGoOn],
  ['web sites', sitesAreServed],
  ['mail programs', programsFindIt],
  ['ssh', sshTakesKeysOnly],
  ['brute force', strangersAreBanned],
  ['mail queue', queueMoves],
  ['clock', clockIsRight],
  ['security updates', updatesAreIn],
  ['memory', memoryIsLeft],
  ['disk', diskHasRoom],
  ['disk health', disksAreWell],
  ['backups', backupsAreMade],
  ['calendars', calendarsAreWhole],
  ['image', imageIsKnown],
  ['replaced image', noImageWasRefused],
];

/** That, and what the world sees of it. `box dns check` looks at zones and rollovers, the box's own side too. */
export const allChecks: Checks = [
  ...ownChecks.filter(([title]) => title !== 'DNS' && title !== 'key rollover'),
  ['DNS', checkDns],
  ['policies', policiesAreSeen],
  ['reverse names', addressesHaveItsName],
  ['block lists', nobodyBlocksIt],
  ['mail out', mailCanLeave],
  ['published image', newestImageRuns],
];

/** One check that can't be made doesn't hide the others. */
export async function runChecks(subject: Subject, checks = ownChecks): Promise<CheckResult[]> {
  const results: CheckResult[] = [];
  for (const [title, check] of checks) {
    try {
      results.push(...(await check(subject)));
    } catch (cause) {
      const words = cause instanceof Error ? cause.message : String(cause);
      const hint =
        cause instanceof Failure ? cause.hint : 'this is a fault of the box program: please report it';
      results.push(error(title, words, hint));
    }
  }
  return results;
}

/** Everything that `box status` looks at, in order. */
import { Failure } from '../failure.ts';
import { strangersAreBanned } from './bans.ts';
import { certificateServes } from './certificate.ts';
import { type Check, type CheckResult, error, type Subject } from './check.ts';
import { clockIsRight } from './clock.ts';
import { diskHasRoom } from './disk.ts';
import { zonesAreSigned } from './dns.ts';
import { accountsAreWell, mailIsSigned } from './mail.ts';
import { memoryIsLeft } from './memory.ts';
import { queueMoves } from './queue.ts';
import { rolloversGoOn } from './rollover.ts';
import { bootWentWell, portsAnswer, servicesRun } from './services.ts';
import { sshTakesKeysOnly } from './ssh.ts';
import { updatesAreIn } from './updates.ts';
import { sitesAreServed } from './web.ts';

const checks: readonly (readonly [title: string, check: Check])[] = [
  ['boot', bootWentWell],
  ['services', servicesRun],
  ['ports', portsAnswer],
  ['TLS certificate', certificateServes],
  ['DKIM', mailIsSigned],
  ['accounts', accountsAreWell],
  ['DNS', zonesAreSigned],
  ['key rollover', rolloversGoOn],
  ['web sites', sitesAreServed],
  ['ssh', sshTakesKeysOnly],
  ['brute force', strangersAreBanned],
  ['mail queue', queueMoves],
  ['clock', clockIsRight],
  ['security updates', updatesAreIn],
  ['memory', memoryIsLeft],
  ['disk', diskHasRoom],
];

/** One check that can't be made doesn't hide the others. */
export async function runChecks(subject: Subject): Promise<CheckResult[]> {
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

/** Tells the administrator by mail what changed since the last time, and remembers what was told. */
import { paths } from '../machine/paths.ts';
import { changesSince, mailOf } from './changes.ts';
import type { CheckResult, Subject } from './checks/check.ts';
import type { Seen } from './look.ts';

/** Whether a mail was sent. What was told is kept with the state, so that a new image goes on from there. */
export async function tellChanges(
  { machine, settings: { hostname } }: Subject,
  seen: Seen,
): Promise<boolean> {
  const before = await machine.read(paths.toldStatus);
  const told = before === undefined ? undefined : (JSON.parse(before) as CheckResult[]);
  const mail = mailOf(hostname, changesSince(told, seen.results), seen.checkedAt);
  if (mail !== undefined)
    await machine.run(['/usr/sbin/sendmail', '-f', `administrator@${hostname}`, '-t', '-i'], mail);
  // After the mail: one that could not be sent is sent the next time.
  const problems = seen.results.filter(({ state }) => state !== 'ok');
  await machine.putChanged({ path: paths.toldStatus, mode: 0o600, text: `${JSON.stringify(problems)}\n` });
  return mail !== undefined;
}

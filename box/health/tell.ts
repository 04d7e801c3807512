/** Tells the administrator by mail what changed since the last time, and remembers what was told. */
import { paths } from '../machine/paths.ts';
import { type Changes, changesSince, mailOf } from './changes.ts';
import type { CheckResult, Seen, Subject } from './checks/check.ts';

/** Whether a mail was sent. What was told is kept with the state, so that a new image goes on from there. */
export async function tellChanges(subject: Subject, seen: Seen): Promise<boolean> {
  const changes = changesSince(await toldBefore(subject), seen.results);
  return tell(subject, changes, seen.checkedAt, seen.results);
}

/** Of a few things that can't wait for the night. What was told of others stays as it was. */
export async function tellAtOnce(subject: Subject, results: readonly CheckResult[]): Promise<boolean> {
  const told = (await toldBefore(subject)) ?? [];
  const { fresh } = changesSince(told, [...told, ...results]);
  if (fresh.length === 0) return false;
  return tell(subject, { fresh, gone: [] }, subject.now().toISOString(), [...told, ...fresh]);
}

async function toldBefore({ machine }: Subject): Promise<CheckResult[] | undefined> {
  const text = await machine.read(paths.toldStatus);
  return text === undefined ? undefined : (JSON.parse(text) as CheckResult[]);
}

async function tell(
  { machine, settings: { hostname } }: Subject,
  changes: Changes,
  checkedAt: string,
  results: readonly CheckResult[],
): Promise<boolean> {
  const mail = mailOf(hostname, changes, checkedAt);
  if (mail !== undefined)
    await machine.run(['/usr/sbin/sendmail', '-f', `administrator@${hostname}`, '-t', '-i'], mail);
  // After the mail: one that could not be sent is sent the next time.
  const problems = results.filter(({ state }) => state !== 'ok');
  await machine.putChanged({ path: paths.toldStatus, mode: 0o600, text: `${JSON.stringify(problems)}\n` });
  return mail !== undefined;
}

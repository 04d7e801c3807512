/** Looks at everything, the world's view too, and keeps what was seen for whoever asks next. */
import { paths } from '../machine/paths.ts';
import { allChecks, runChecks } from './checks/all.ts';
import type { Seen, Subject } from './checks/check.ts';
import { rememberDone } from './first-steps/read.ts';

export async function lookAtAll(subject: Subject): Promise<Seen> {
  const seen = { checkedAt: subject.now().toISOString(), results: await runChecks(subject, allChecks) };
  await subject.machine.putDirectory({ path: paths.run, mode: 0o755 });
  await subject.machine.put({ path: paths.status, mode: 0o600, text: `${JSON.stringify(seen)}\n` });
  // A disk that is full or read-only is what the look tells of; the next one remembers.
  await rememberDone(subject.machine, seen).catch(() => undefined);
  return seen;
}

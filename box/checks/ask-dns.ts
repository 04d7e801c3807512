/** One DNS question, as the box's resolver answers it, or a name server that is named. */
import { Failure } from '../machine/failure.ts';
import type { Machine } from '../machine/machine.ts';

/** The values, one a record; none where there is no such record or no answer. */
export async function ask(machine: Machine, question: readonly string[]): Promise<string[]> {
  const argv = ['dig', '+short', '+tries=2', '+time=5', ...question];
  // dig(1) exits 9 when nobody answers, and says so on standard output.
  const answer = await machine.run(argv).catch((error) => {
    if (error instanceof Failure) return '';
    throw error;
  });
  return answer.split('\n').filter((line) => line !== '' && !line.startsWith(';'));
}

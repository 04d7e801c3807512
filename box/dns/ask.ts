/** One DNS question, as the box's resolver answers it, or a name server that is named. */
import { Failure } from '../machine/failure.ts';
import type { Machine } from '../machine/machine.ts';

/** The values, one a record; none where there is no such record or no answer. */
export async function ask(machine: Machine, question: readonly string[]): Promise<string[]> {
  const answer = await output(machine, '+short', question);
  return answer.split('\n').filter((line) => line !== '' && !line.startsWith(';'));
}

export interface Answer {
  /** `NOERROR`, `NXDOMAIN`, `SERVFAIL`...; undefined: nobody answered. */
  readonly status?: string;
  /** The resolver has validated it. */
  readonly authenticated: boolean;
  readonly records: readonly { readonly type: string; readonly ttl: number; readonly data: string }[];
}

/** All that the answer says: status, whether it is validated, and times to live. */
export async function dig(machine: Machine, question: readonly string[]): Promise<Answer> {
  return readAnswer(await output(machine, '+dnssec', question));
}

function output(machine: Machine, form: '+short' | '+dnssec', question: readonly string[]): Promise<string> {
  return machine.run(['dig', form, '+tries=2', '+time=5', ...question]).catch((error) => {
    // dig(1) exits 9 when nobody answers, and says so on standard output.
    if (error instanceof Failure) return '';
    throw error;
  });
}

/** Reads dig(1)'s output. */
export function readAnswer(text: string): Answer {
  const status = /^;; ->>HEADER<<-.* status: ([A-Z]+)/m.exec(text)?.[1];
  const answer = /^;; ANSWER SECTION:\n((?:.+\n)*)/m.exec(text)?.[1] ?? '';
  const records = [...answer.matchAll(/^\S+\s+(\d+)\s+IN\s+(\S+)\s+(.+)$/gm)].map(
    ([, ttl, type = '', data = '']) => ({ type, ttl: Number(ttl), data }),
  );
  return {
    ...(status === undefined ? {} : { status }),
    authenticated: /^;; flags:[^;]* ad[ ;]/m.test(text),
    records,
  };
}

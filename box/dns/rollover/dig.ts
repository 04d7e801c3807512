/** One DNS question with all that the answer says: status, whether it is validated, and times to live. */
import { Failure } from '../../machine/failure.ts';
import type { Machine } from '../../machine/machine.ts';

export interface Answer {
  /** `NOERROR`, `NXDOMAIN`, `SERVFAIL`...; undefined: nobody answered. */
  readonly status?: string;
  /** The resolver has validated it. */
  readonly authenticated: boolean;
  readonly records: readonly { readonly type: string; readonly ttl: number; readonly data: string }[];
}

export async function dig(machine: Machine, question: readonly string[]): Promise<Answer> {
  const argv = ['dig', '+dnssec', '+tries=2', '+time=5', ...question];
  const text = await machine.run(argv).catch((error) => {
    if (error instanceof Failure) return '';
    throw error;
  });
  return readAnswer(text);
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

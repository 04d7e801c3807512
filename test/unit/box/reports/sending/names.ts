/** A DNS for tests: what is not in it does not exist, and what is `broken` gives no answer. */
import { type Answer, type Ask, LookupFailed } from '../../../../../box/outbound-tls/question.ts';

export interface Names {
  readonly [name: string]: string | readonly string[] | 'broken';
}

export const dnsOf =
  (names: Names): Ask =>
  async (name, type) => {
    const found = type === 'TXT' ? names[name] : undefined;
    if (found === 'broken') throw new LookupFailed(name, type, 'SERVFAIL');
    const answer: Answer = {
      secure: false,
      noName: found === undefined,
      mx: [],
      tlsa: [],
      txt: found === undefined ? [] : [found].flat(),
      canonical: name,
      hasAddress: false,
    };
    return answer;
  };

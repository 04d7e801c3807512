/** A small DNS for tests: what is not in it is a signed denial. */
import { type Answer, type Ask, LookupFailed } from '../../../../box/outbound-tls/question.ts';

export type World = Readonly<Record<string, Partial<Answer> | 'fails'>>;

/** A small DNS: `TYPE name` to an answer; what is not there is a signed denial. */
export function dnsOf(world: World): Ask {
  return async (name, type) => {
    const found = world[`${type} ${name}`];
    if (found === 'fails') throw new LookupFailed(name, type, 'SERVFAIL');
    const nothing = {
      secure: true,
      noName: false,
      mx: [],
      tlsa: [],
      txt: [],
      canonical: name,
      hasAddress: false,
    };
    return { ...nothing, ...found };
  };
}

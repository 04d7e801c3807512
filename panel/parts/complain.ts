/** Says at the top of the page what went wrong. */
import { spokenOf } from '../ask.ts';
import { say } from '../notice.ts';

export function complain(error: unknown): void {
  const { text, told } = spokenOf(error);
  say(text, { bad: true, ...(told === undefined ? {} : { told }) });
}

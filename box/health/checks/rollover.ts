/** Keys that are being replaced: does one wait for the owner, or hang? */
import { standings } from '../../renew/rollover/report.ts';
import { names } from '../../renew/rollover/start.ts';
import { type Check, error, ok, warning } from './check.ts';

/** Asks nobody but the box itself: part of `box status`. */
export const rolloversGoOn: Check = (subject) => look(subject, false);

/** And the parent zones: part of `box dns check`. */
export const rolloversAtParents: Check = (subject) => look(subject, true);

async function look(subject: Parameters<Check>[0], ask: boolean): ReturnType<Check> {
  return (await standings(subject, ask)).map(({ kind, phase, waitsFor, until, owner, hangs }) => {
    const title = `rollover of the ${names[kind]}`;
    const text = `${phase}: waits for ${waitsFor}${until === undefined ? '' : `, until ${until}`}`;
    if (owner)
      return warning(title, text, 'give your registrar the DS records that this prints: box dns rollover');
    return hangs
      ? error(title, `hangs. ${text}`, 'box dns update; what it then says is the reason')
      : ok(title, text);
  });
}

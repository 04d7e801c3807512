/** Which image the box is of, as its builder calls it, and how old the packages were that it was made of; and whether a newer one is published. */
import { calledWithAge, lookForNewer, packagesDateOf, said } from '../../storage/upgrade/compare.ts';
import { NotTold, NotTrusted } from '../../storage/upgrade/published.ts';
import { thisImage } from '../../storage/upgrade/record.ts';
import { lastSeen } from '../last-seen.ts';
import { type Check, ok, warning } from './check.ts';

/** Never more than a word: what is found in old packages is closed by the daily upgrades, which have a check of their own. */
export const imageIsKnown: Check = async ({ machine, image, now }) => {
  const running = { ...(await thisImage(machine)), packagesDate: await packagesDateOf(machine) };
  return [ok('image', `${image.name}, ${calledWithAge(running, now())}`)];
};

/** Where the image names no place, nobody is asked and nothing is said. */
export const newestImageRuns: Check = async (subject) => {
  const title = 'published image';
  try {
    const compared = await lookForNewer(subject);
    if (compared === undefined) return [];
    const text = said(compared, subject.now());
    return [compared.next === undefined ? ok(title, text) : warning(title, text, compared.next)];
  } catch (error) {
    if (error instanceof NotTrusted) return [warning(title, error.message, error.hint)];
    if (!(error instanceof NotTold)) throw error;
    // Mail goes on without it, and the next look asks again: nobody is to be called for a web server that is down. What was found there
    // before stands until then: it would be told as gone, and as new the day after.
    const before = (await lastSeen(subject.machine))?.results.find((one) => one.title === title);
    if (before !== undefined && before.state !== 'ok') return [before];
    return [ok(title, `could not be asked for: ${error.message}`)];
  }
};

/** Another image was tried on this state and did not work: the box that goes on without it says why. */
import { called, isSame, readRecord, thisImage } from '../../storage/upgrade/record.ts';
import { type Check, warning } from './check.ts';

/** Milliseconds for which that is worth a word: a later image that works ends it, too. */
const whileItMatters = 30 * 86_400_000;

export const noImageWasRefused: Check = async ({ machine, now }) => {
  const refused = (await readRecord(machine))?.refused;
  if (refused === undefined || now().getTime() - Date.parse(refused.at) > whileItMatters) return [];
  if (isSame(refused.image, await thisImage(machine))) return [];
  return [
    warning(
      'replaced image',
      `${called(refused.image)} did not work on this state at ${refused.at}, which is as it was before: ${refused.step}: ${refused.error}`,
      refused.hint,
    ),
  ];
};

/** Which image the box is of, as its builder calls it, and how old the packages were that it was made of. */
import { paths } from '../../machine/paths.ts';
import { called, thisImage } from '../../storage/upgrade/record.ts';
import { type Check, ok } from './check.ts';

const day = 86_400_000;

/** Never more than a word: what is found in old packages is closed by the daily upgrades, which have a check of their own. */
export const imageIsKnown: Check = async ({ machine, image, now }) => {
  const text = `${image.name}, ${called(await thisImage(machine))}`;
  const newest = (await machine.read(paths.packagesDate))?.trim() ?? '';
  const age = Math.floor((now().getTime() - Date.parse(newest)) / day);
  if (!/^\d{4}-\d\d-\d\d$/.test(newest) || Number.isNaN(age)) return [ok('image', text)];
  // A clock that is not set yet may be before it.
  const old = age < 0 ? '' : `, ${age} ${age === 1 ? 'day' : 'days'} ago`;
  return [ok('image', `${text}, its newest package of ${newest}${old}`)];
};

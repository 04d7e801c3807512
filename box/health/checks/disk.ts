/** There is room for mail: the same limits as Mail-in-a-Box. */
import { freePercent } from '../../machine/meters.ts';
import { paths } from '../../machine/paths.ts';
import { type Check, error, ok, warning } from './check.ts';

export const diskHasRoom: Check = async ({ machine }) => {
  const title = 'disk';
  const free = freePercent(await machine.run(['df', '-P', '-k', machine.at(paths.storage)]));
  const text = `${free}% of the disk under ${paths.storage} is free`;
  const remedy = 'a full disk takes no mail: delete some, or grow the disk';
  if (free < 15) return [error(title, text, remedy)];
  return free <= 30 ? [warning(title, text, remedy)] : [ok(title, text)];
};

/** There is room for mail: the same limits as Mail-in-a-Box. */
import { paths } from '../paths.ts';
import { type Check, error, ok, warning } from './check.ts';

export const diskHasRoom: Check = async ({ machine }) => {
  const title = 'disk';
  const free = freePercent(await machine.run(['df', '-P', '-k', machine.at(paths.storage)]));
  const text = `${free}% of the disk under ${paths.storage} is free`;
  const remedy = 'a full disk takes no mail: delete some, or grow the disk';
  if (free < 15) return [error(title, text, remedy)];
  return free <= 30 ? [warning(title, text, remedy)] : [ok(title, text)];
};

/** What is free for root and users alike, from the output of `df -P -k`. */
export function freePercent(output: string): number {
  const [, , used, available] = output.trim().split('\n').at(-1)?.split(/\s+/) ?? [];
  const total = Number(used) + Number(available);
  return total > 0 ? Math.floor((100 * Number(available)) / total) : 0;
}

/** Memory that is left: without any, the kernel ends a daemon, and mail waits or is not filtered. */
import { availablePercent } from '../../machine/meters.ts';
import { paths } from '../../machine/paths.ts';
import { type Check, error, ok, warning } from './check.ts';

export const memoryIsLeft: Check = async ({ machine }) => {
  const title = 'memory';
  const percent = availablePercent((await machine.read(paths.memory)) ?? '');
  if (percent === undefined) return [warning(title, `${paths.memory} can’t be read`, 'look at: free')];
  const text = `${percent}% is left`;
  const remedy =
    'without any, a daemon is ended and mail waits; see what takes it: ps -e --sort -rss -o rss,comm; or give the machine more';
  if (percent < 10) return [error(title, text, remedy)];
  return percent < 20 ? [warning(title, text, remedy)] : [ok(title, text)];
};

/** Memory that is left: without any, the kernel ends a daemon, and mail waits or is not filtered. */
import { paths } from '../paths.ts';
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

/** Of /proc/meminfo: what programs could have without swapping. Before Linux 3.14 the kernel did not say. */
export function availablePercent(meminfo: string): number | undefined {
  const kilobytes = (name: string) => {
    const found = new RegExp(`^${name}: +(\\d+) kB$`, 'm').exec(meminfo)?.[1];
    return found === undefined ? undefined : Number(found);
  };
  const total = kilobytes('MemTotal');
  if (total === undefined || total === 0) return undefined;
  const guessed = ['MemFree', 'Buffers', 'Cached'].reduce((sum, name) => sum + (kilobytes(name) ?? 0), 0);
  return Math.floor(((kilobytes('MemAvailable') ?? guessed) / total) * 100);
}

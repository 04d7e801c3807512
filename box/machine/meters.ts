/** How full the disk and the memory are, from what the system's own programs say. */

/** What is free for root and users alike, from the output of `df -P -k`. */
export function freePercent(output: string): number {
  const [, , used, available] = output.trim().split('\n').at(-1)?.split(/\s+/) ?? [];
  const total = Number(used) + Number(available);
  return total > 0 ? Math.floor((100 * Number(available)) / total) : 0;
}

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

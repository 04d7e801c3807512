/** Many samples as few points of a chart: mail is added up, the rest is the mean, and of the queue the most. Pure. */
import type { Sample } from '../../../contract/api.ts';
import { mailCounts } from './mail-log.ts';

/** @param step seconds of a point; points without a sample are left out */
export function inSteps(samples: readonly Sample[], step: number): Sample[] {
  const groups = new Map<number, Sample[]>();
  for (const sample of samples) {
    const time = Math.floor(sample.time / step) * step;
    groups.set(time, [...(groups.get(time) ?? []), sample]);
  }
  return [...groups].sort(([a], [b]) => a - b).map(([time, group]) => pointOf(time, group));
}

function pointOf(time: number, group: readonly Sample[]): Sample {
  const sum = (name: keyof Sample) => group.reduce((all, sample) => all + sample[name], 0);
  const mean = (name: keyof Sample) => Math.round((100 * sum(name)) / group.length) / 100;
  const mail = Object.fromEntries(mailCounts.map((name) => [name, sum(name)])) as Pick<
    Sample,
    (typeof mailCounts)[number]
  >;
  return {
    time,
    load: mean('load'),
    memory: mean('memory'),
    disk: mean('disk'),
    queue: Math.max(...group.map(({ queue }) => queue)),
    ...mail,
  };
}

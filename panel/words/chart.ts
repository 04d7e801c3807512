/** From samples to what a chart draws, and to the few rows that say the same in words. Pure. */
import type { Sample } from '../../contract/api.ts';

export interface Point {
  /** Seconds since 1970. */
  readonly time: number;
  readonly value: number;
}
/** The part of time that a chart shows, and the most that it has room for. */
export interface Frame {
  readonly from: number;
  readonly to: number;
  readonly most: number;
}
export const size = { width: 600, height: 140 };

/** A round number that is no less: 1, 2 or 5 times a power of ten. */
export function roundUp(value: number): number {
  if (!(value > 0)) return 1;
  const power = 10 ** Math.floor(Math.log10(value));
  return ([1, 2, 5].find((one) => one * power >= value) ?? 10) * power;
}

/** The line through the points, as an SVG path; where a sample is missing it is broken. */
export function pathOf(points: readonly Point[], { from, to, most }: Frame, step: number): string {
  const tenth = (value: number) => Math.round(value * 10) / 10;
  const x = (time: number) => tenth(((time - from) / (to - from)) * size.width);
  const y = (value: number) => tenth(size.height - (Math.min(value, most) / most) * size.height);
  const apart = (one: Point | undefined, other: Point | undefined) =>
    one === undefined || other === undefined || other.time - one.time > 1.5 * step;
  return points
    .map((point, i) => {
      const begins = apart(points[i - 1], point);
      // A point alone is a short stroke, or nobody would see it.
      const alone = begins && apart(point, points[i + 1]) ? 'h2' : '';
      return `${begins ? 'M' : 'L'}${x(point.time)} ${y(point.value)}${alone}`;
    })
    .join('');
}

export const counts = ['accepted', 'delivered', 'refused', 'postponed', 'deferred', 'bounced'] as const;
export const states = ['load', 'memory', 'disk', 'queue'] as const;

/** Mail is added up, the most that waited is kept, and the rest is the mean, as the box does it. */
export function summed(samples: readonly Sample[]): Omit<Sample, 'time'> {
  const all = (name: keyof Sample) => samples.map((sample) => sample[name]);
  const sum = (name: keyof Sample) => all(name).reduce((one, other) => one + other, 0);
  const mean = (name: keyof Sample) => Math.round((100 * sum(name)) / Math.max(samples.length, 1)) / 100;
  const mail = Object.fromEntries(counts.map((name) => [name, sum(name)])) as Record<
    (typeof counts)[number],
    number
  >;
  const queue = Math.max(0, ...all('queue'));
  return { ...mail, load: mean('load'), memory: mean('memory'), disk: mean('disk'), queue };
}

/** A dozen rows or so, the newest first; times without a sample have none. */
export function rowsOf(samples: readonly Sample[], { from, to }: Pick<Frame, 'from' | 'to'>): Sample[] {
  const every = (to - from) / 12;
  const rows: Sample[] = [];
  for (let i = 11; i >= 0; i--) {
    const [begin, end] = [from + i * every, from + (i + 1) * every];
    const within = samples.filter(({ time }) => time >= begin && time < end);
    if (within.length > 0) rows.push({ time: begin, ...summed(within) });
  }
  return rows;
}

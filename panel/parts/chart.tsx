/** A small chart of lines over time, drawn as SVG. What it shows is said in its legend, and in the table of its page. */

import { type Point, pathOf, roundUp, size } from '../words/chart.ts';
import { numberOf } from '../words/spoken.ts';

export interface Line {
  readonly name: string;
  /** What the legend says of all of it. */
  readonly total: string;
  readonly points: readonly Point[];
}
interface Props {
  readonly title: string;
  readonly lines: readonly Line[];
  readonly from: number;
  readonly to: number;
  readonly step: number;
  readonly unit?: string;
  /** The top of the chart; none: by what is in it. */
  readonly most?: number;
  readonly when: (time: number) => string;
}

export function Chart({ title, lines, from, to, step, unit = '', most, when }: Props) {
  const highest = Math.max(0, ...lines.flatMap(({ points }) => points.map(({ value }) => value)));
  const top = most ?? roundUp(highest);
  const { width, height } = size;
  return (
    <section class="chart">
      <h2>{title}</h2>
      <ul class="legend">
        {lines.map(({ name, total }, i) => (
          <li key={name}>
            <svg class={`line-${i}`} width="28" height="10" aria-hidden="true">
              <path d="M0 5h28" />
            </svg>
            {name}: {total}
          </li>
        ))}
      </ul>
      <div class="plot" aria-hidden="true">
        <span class="top">
          {numberOf(top)}
          {unit}
        </span>
        <span class="bottom">0</span>
        <svg viewBox={`0 0 ${width} ${height}`} preserveAspectRatio="none" aria-hidden="true">
          {[0, 1, 2, 3].map((i) => (
            <path key={i} class="grid" d={`M${(i * width) / 4} 0v${height}`} />
          ))}
          <path class="grid" d={`M0 ${height}h${width}M0 0h${width}`} />
          {lines.map(({ name, points }, i) => (
            <path key={name} class={`line-${i}`} d={pathOf(points, { from, to, most: top }, step)} />
          ))}
        </svg>
        <div class="times">
          {[0, 1, 2, 3].map((i) => (
            <span key={i}>{when(from + (i * (to - from)) / 4)}</span>
          ))}
        </div>
      </div>
    </section>
  );
}

/** What the ways to search answered and took, as tables. */
import { median, quantile } from '../median.ts';
import { markdown } from '../table.ts';
import type { Way } from './ways.ts';

/** Of ask.py: what one way answered to all questions of a kind. */
interface Answers {
  readonly asked: number;
  readonly right: number;
  readonly hits: number;
  readonly missed: number;
  readonly wrong: number;
  readonly ms: readonly number[];
}
/** By way, and by kind. */
export type Asked = Readonly<Record<string, Readonly<Record<string, Answers>>>>;

/** Of fill.py. */
export interface Filled {
  readonly code: number | null;
  readonly seconds: number;
  readonly processor: number;
  readonly mib: number;
  readonly serviceMib: number;
  readonly said: string;
}

export function answers(asked: Asked, ways: readonly Way[]): string {
  const kinds = Object.keys(asked[ways[0]?.title ?? ''] ?? {});
  const of = (way: Way, kind: string) => asked[way.title]?.[kind];
  const rows = kinds.map((kind) => {
    const first = of(ways[0] as Way, kind);
    return [`${kind} (${first?.asked}, ${first?.hits} hits)`, ...ways.map((way) => cell(of(way, kind)))];
  });
  return markdown(['questions', ...ways.map(({ title }) => title)], rows);
}

const cell = (one: Answers | undefined): string =>
  one === undefined
    ? ''
    : `${one.right} right${one.missed > 0 ? `, ${one.missed} missed` : ''}${one.wrong > 0 ? `, ${one.wrong} wrong` : ''}; ${median(one.ms).toFixed(1)} ms`;

export function sums(asked: Asked, ways: readonly Way[]): string {
  const all = (way: Way) => Object.values(asked[way.title] ?? {});
  const sum = (way: Way, of: (one: Answers) => number) => all(way).reduce((total, one) => total + of(one), 0);
  const times = (way: Way) => all(way).flatMap(({ ms }) => ms);
  const first = ways[0] as Way;
  const rows = ways.map((way) => {
    const share = (part: number, whole: number) => `${((100 * part) / whole).toFixed(1)} %`;
    const faster = times(first).map((ms, i) => ms / (times(way)[i] ?? Number.NaN));
    return [
      way.title,
      share(
        sum(way, ({ right }) => right),
        sum(way, ({ asked: count }) => count),
      ),
      share(
        sum(way, ({ hits }) => hits) - sum(way, ({ missed }) => missed),
        sum(way, ({ hits }) => hits),
      ),
      String(sum(way, ({ wrong }) => wrong)),
      `${median(times(way)).toFixed(1)} / ${quantile(times(way), 0.99).toFixed(1)} ms`,
      `${median(faster).toFixed(1)} x`,
    ];
  });
  const head = [
    'way',
    'questions right',
    'of the hits found',
    'wrong hits',
    'p50 / p99',
    'faster than reading',
  ];
  return markdown(head, rows);
}

/** What one filling took. */
export const filling = ({ code, seconds, processor, mib, serviceMib, said }: Filled): string =>
  [
    code === null ? said : `${seconds.toFixed(1)} s`,
    `${processor.toFixed(1)} s of processor`,
    `${mib.toFixed(0)}${serviceMib > 0 ? ` + ${serviceMib.toFixed(0)}` : ''} MiB`,
    ...(code === 0 || code === null ? [] : [`exit ${code}: ${said.split('\n')[0]?.slice(0, 160)}`]),
  ].join(', ');

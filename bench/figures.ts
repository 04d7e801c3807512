/** What a bench finds: a median, and beside it its ratio to the bare part that was measured in the same run. */
import { median } from './median.ts';

export interface Figure {
  /** The next run finds it again by this: no number that may differ is in it. */
  readonly what: string;
  readonly value: number;
  readonly unit: string;
  readonly ratio?: number;
  /** What it is the ratio to. */
  readonly to?: string;
  /** How many it is the median of; absent where it was measured once. */
  readonly of?: number;
}

export type Bench = () => Promise<readonly Figure[]>;

/** Both measured as often, in turn: what else the machine does weighs on both, and the ratio is of each pair. */
export function figure(
  what: string,
  unit: string,
  values: readonly number[],
  bare?: { readonly to: string; readonly values: readonly number[] },
): Figure {
  const beside =
    bare === undefined
      ? {}
      : { ratio: median(values.map((value, i) => value / (bare.values[i] ?? Number.NaN))), to: bare.to };
  return { what, value: median(values), unit, of: values.length, ...beside };
}

/** A step from one format of the state to the next. */
import type { Machine } from '../../../machine/machine.ts';

export interface Migration {
  /** The format that it leads to, from the one before. */
  readonly to: number;
  readonly title: string;
  /**
   * Makes this format of the one before. No daemon runs. It may run twice: the power may fail before the number is written.
   * What it changes need not be undone: the state as it was lies apart.
   */
  readonly run: (machine: Machine) => Promise<void>;
}

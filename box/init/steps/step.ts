/** A step of the boot: it may run twice, and an unchanged boot finds it done. */
import type { Box, Refresh } from '../../machine/box.ts';

/** Says how far a long step is: on the console, in the message of the day, and for programs. */
export type Tell = (line: string) => Promise<void>;

export interface Step {
  readonly title: string;
  /** Whether everything is in place. Quick, and changes nothing. */
  readonly done: (box: Box) => Promise<boolean>;
  /** Puts it in place; finishes what a power cut left half done; never overwrites a key that exists. */
  readonly run: (box: Box, tell: Tell) => Promise<void>;
  /** Services to tell, if they run already. At boot none does. */
  readonly refresh?: readonly Refresh[];
  /** Mail does without it: where it fails, the box says so, opens all the same, and tries it again at the next boot. */
  readonly optional?: true;
}

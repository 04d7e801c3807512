/** A step of the first boot: it may run twice, and an unchanged boot finds it done. */

import type { Settings } from '../../contract/settings.ts';
import type { Machine } from '../machine.ts';

/** What a step works with. */
export interface Box {
  readonly machine: Machine;
  readonly settings: Settings;
  /** The clock; tests set it. */
  readonly now: () => Date;
}

/** A running service that must learn of what a step changed, by its name in the init system. */
export interface Refresh {
  readonly service: string;
  readonly by: 'reload' | 'restart';
}

export interface Step {
  readonly title: string;
  /** Whether everything is in place. Quick, and changes nothing. */
  readonly done: (box: Box) => Promise<boolean>;
  /** Puts it in place; finishes what a power cut left half done; never overwrites a key that exists. */
  readonly run: (box: Box) => Promise<void>;
  /** Services to tell, if they run already. At boot none does. */
  readonly refresh?: readonly Refresh[];
  /** Mail does without it: where it fails, the box says so, opens all the same, and tries it again at the next boot. */
  readonly optional?: true;
}

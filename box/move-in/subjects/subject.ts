/** One kind of thing that moves in: what is there of it, and how it is laid into the state that is being made. */
import type { Box } from '../../machine/box.ts';
import type { Machine } from '../../machine/machine.ts';
import type { Copied } from '../copy.ts';
import type { Found, OldBox } from '../old-box.ts';

export interface Subject {
  readonly title: string;
  /** Reads the old box, and changes nothing. @throws Failure for what keeps it from being laid */
  readonly look: (old: OldBox, box: Box) => Promise<Found>;
  /** Folders that are copied as they are. */
  readonly folders?: readonly Copied[];
  /** What is more to be done in the state that is being made, after its folders are copied. It may run twice. */
  readonly lay?: (old: OldBox, box: Box, fresh: Machine) => Promise<void>;
}

/** A number that is like one at random, and the same for the same words: whoever has them has a run again. */
import { createHash } from 'node:crypto';

/** From 0 up to, and without, 2^32. */
export const drawn = (words: string): number => createHash('sha256').update(words).digest().readUInt32BE();

/** Where what was brought of an old box lies: beside this box's own backups, and in none of them. */
import { paths } from '../../machine/paths.ts';

/** Its storage root. */
export const brought = `${paths.backup}/old-box`;
/** The same while it is made of a backup. */
export const unfinished = `${brought}.new`;
/** In either of them: where it is from. */
export const noteName = '.brought-from.json';
/** Files of its backup, until that is read. */
export const backupFiles = `${paths.backup}/old-backup`;
/** The key of that, while it is read: for root, and gone with the power. */
export const keyFile = `${paths.run}/move-in-key`;

/** The webmail's contacts are the groupware's: a small plug-in of Roundcube's, in images that have both. */
import type { Role } from './role.ts';

export const contacts: Role = {
  name: 'contacts',
  summary: 'one address book for the webmail and for CardDAV',
  plan: () => ({ ports: [], values: {} }),
};

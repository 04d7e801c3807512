/** The webmail's calendar is the groupware's: a small plug-in of Roundcube's, in images that have both. */
import type { Role } from './role.ts';

export const calendar: Role = {
  name: 'calendar',
  summary: 'the calendar at /SOGo within the webmail',
  plan: () => ({ ports: [], values: {} }),
};

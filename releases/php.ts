/** PHP's own look at the box's plug-ins of Roundcube: what it can't read fails the bake. */
import type { Argv } from './release.ts';

const plugIns = '/var/lib/roundcube/plugins';
/** The files of each, which all releases have. */
const files = {
  box_contacts: ['book', 'box_contacts', 'card', 'dav', 'groupware', 'line', 'list', 'search', 'server'],
  box_calendar: ['box_calendar', 'session'],
} as const;

/** `php`: the release's name of the program. */
export const parses = (php: string, file: string): Argv => [php, '--syntax-check', file];

export const parsesPlugIn = (php: string, plugIn: keyof typeof files): Argv[] =>
  files[plugIn].map((name) => parses(php, `${plugIns}/${plugIn}/${name}.php`));

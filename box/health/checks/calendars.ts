/** Calendars that another PostgreSQL kept when the box was cut off: what was written down last is there, and the owner knows from when. */
import { paths } from '../../machine/paths.ts';
import { type Check, warning } from './check.ts';

export const calendarsAreWhole: Check = async ({ machine }) =>
  (await machine.list(paths.groupware))
    .filter((name) => /^postgresql\.\d+$/.test(name))
    .map((name) =>
      warning(
        'calendars',
        `the box was cut off under ${name.replace('.', ' ')}: what people changed in their calendars and contacts in the last minutes before may be in ${paths.groupware}/${name} only`,
        `if nothing is missing: rm -r ${paths.groupware}/${name}; else launch the image of then on a backup or copy of it`,
      ),
    );

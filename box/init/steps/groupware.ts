/**
 * Calendars and contacts of an image that kept them otherwise. What they are taken over by is not here: PostgreSQL's own
 * unit does that, as its own user. Here the box stays closed where they can't be, before anybody finds an empty calendar.
 */
import { Failure } from '../../machine/failure.ts';
import type { Machine } from '../../machine/machine.ts';
import { paths } from '../../machine/paths.ts';
import { readImage } from '../../machine/settings-file.ts';
import type { Step } from './step.ts';

export const groupwareStep: Step = {
  title: 'calendars and contacts',
  async done({ machine }) {
    const { groupware } = await readImage(machine);
    if (groupware === undefined) return true;
    if (groupware.postgresql === undefined) await refuseFrom(machine, fromPostgresql);
    else {
      await refuseFrom(machine, fromSqlite);
      await refuseUntold(machine, groupware.postgresql);
    }
    return true;
  },
  run: async () => undefined,
};

const fromPostgresql = [paths.groupwareDatabase, paths.groupwareAtRest, paths.groupwareDump];
const fromSqlite = [paths.davDatabase];

/** Another program's. No image turns the one's into the other's. */
async function refuseFrom(machine: Machine, files: readonly string[]): Promise<void> {
  for (const file of files)
    if (await machine.exists(file))
      throw new Failure(
        `${file} is of another program for calendars and contacts than this image has`,
        `launch an image that has it; or begin with none: mv ${paths.groupware} ${paths.groupware}.before, then reboot`,
      );
}

/** Another PostgreSQL's, of a box that was cut off before anything of it was written down. */
async function refuseUntold(machine: Machine, ours: string): Promise<void> {
  for (const dump of [paths.groupwareAtRest, paths.groupwareDump]) if (await machine.exists(dump)) return;
  const theirs = (await machine.read(`${paths.groupwareDatabase}/PG_VERSION`))?.trim();
  if (theirs === undefined || theirs === ours) return;
  const last = /^\d+(\.\d+)?$/.test(theirs) ? `PostgreSQL ${theirs}` : 'another PostgreSQL';
  throw new Failure(
    `calendars and contacts are ${last}’s, this image has ${ours}, and the box was cut off before it wrote any of them down`,
    'launch the image that ran before, wait until it is ready, run poweroff there, then launch this one',
  );
}

/** Calendars and contacts of an ownCloud or a Nextcloud: laid ready by person, since the groupware takes them only while it runs. */
import { accountPattern } from '../../../contract/settings.ts';
import type { Machine } from '../../machine/machine.ts';
import { paths } from '../../machine/paths.ts';
import { readImage } from '../../machine/settings-file.ts';
import { readMailData } from '../../mail/users.ts';
import { cloudDatabase, type Person, readCloud } from '../nextcloud.ts';
import { counted, type OldBox } from '../old-box.ts';
import type { Subject } from './subject.ts';

export const calendarsSubject: Subject = {
  title: 'calendars and contacts',
  async look(old, { machine }) {
    const people = await readPeople(old, machine);
    if (people.length === 0) return {};
    const { groupware } = await readImage(machine);
    if (groupware === undefined) return { stays: ['this image has no groupware'] };
    const known = await accountsOf(old);
    const [ours, others] = [
      people.filter(({ account }) => known.has(account)),
      people.filter(({ account }) => !known.has(account)),
    ];
    const sum = (kind: string) =>
      ours
        .flatMap(({ folders }) => folders.filter((it) => it.kind === kind))
        .reduce((all, { objects }) => all + objects.length, 0);
    return {
      comes: `${counted(sum('calendar'), 'event or task', 'events and tasks')} and ${counted(sum('contacts'), 'contact')} of ${counted(ours.length, 'person', 'people')}, laid ready: after the reboot, box move-in calendars`,
      stays: others.map(({ account }) => `of ${account.slice(0, 100)}, who has no account`),
    };
  },
  async lay(old, { machine }, fresh) {
    const known = await accountsOf(old);
    const { groupware } = await readImage(machine);
    if (groupware === undefined) return;
    const people = (await readPeople(old, machine)).filter(({ account }) => known.has(account));
    if (people.length === 0) return;
    await fresh.putDirectory({ path: paths.movedIn, mode: 0o700 });
    for (const person of people)
      await fresh.put({
        path: `${paths.movedIn}/${person.account}.json`,
        mode: 0o600,
        text: JSON.stringify(person),
      });
  },
};

async function accountsOf({ accounts }: OldBox): Promise<ReadonlySet<string>> {
  const { users } = await readMailData(accounts);
  return new Set(users.map(({ email }) => email).filter((email) => accountPattern.test(email)));
}

/** From a copy on the disk: SQLite writes where it reads. */
async function readPeople(old: OldBox, machine: Machine): Promise<readonly Person[]> {
  if (!(await old.machine.isPlainFile(cloudDatabase))) return [];
  const copy = machine.withStorage(paths.moveInCloud);
  await machine.removeTree(paths.moveInCloud);
  await machine.putDirectory({ path: paths.moveInCloud, mode: 0o700 });
  try {
    await copy.putDirectory({ path: `${paths.storage}/owncloud`, mode: 0o700 });
    for (const part of ['', '-journal', '-wal']) {
      const file = `${cloudDatabase}${part}`;
      if (await old.machine.isPlainFile(file))
        await machine.run(['cp', '--', old.machine.at(file), copy.at(file)]);
    }
    return await readCloud(copy);
  } finally {
    await machine.removeTree(paths.moveInCloud);
  }
}

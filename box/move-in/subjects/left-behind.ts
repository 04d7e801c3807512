/** What a Mail-in-a-Box has that a box does not take, each with its reason. Lays nothing. */
import { Failure } from '../../machine/failure.ts';
import type { Machine } from '../../machine/machine.ts';
import { paths } from '../../machine/paths.ts';
import { targetOf } from '../../storage/backup/target.ts';
import type { Subject } from './subject.ts';

/** By what lies in the old storage root. */
const places: readonly (readonly [place: string, why: string])[] = [
  ['owncloud', 'files of Nextcloud: a box keeps none'],
  ['settings.yaml', 'privacy settings: a box asks nobody for its version'],
  ['ssl/lets_encrypt', 'the account with the certificate authority: the box makes its own'],
  ['mail/postgrey', 'who was asked to come again: they are asked once more'],
  [
    'backup/secret_key.txt',
    'the key of the old box’s backups: the box has its own. Keep it as long as you keep those',
  ],
  ['backup/encrypted', 'the old box’s backups: keep them elsewhere'],
  ['backup/before-backup', 'a program that runs before each backup: a box has no such hook'],
  ['backup/after-backup', 'a program that runs after each backup: a box has no such hook'],
  ['ldap', 'accounts in LDAP, of a fork of Mail-in-a-Box: they are not read'],
];
const elsewhere = [
  'certificates for other names: the box has one for all its names, and gets it by: box tls provision',
  'what is not in the storage root: mail that waits to go out (let the old box send it first), ssh keys, Munin’s graphs, logs',
];

/** What other subjects take, or need not say anything of. */
const known = /^(mail|ssl|ssl\.expired|dns|www|backup|mailinabox\.version|lost\+found|owncloud-backup|\..*)$/;

export const leftBehindSubject: Subject = {
  title: 'left behind',
  async look({ machine }) {
    const stays: string[] = [];
    for (const [place, why] of places) if (await machine.exists(`${paths.storage}/${place}`)) stays.push(why);
    stays.push(...(await backupTarget(machine)), ...elsewhere);
    const said = new Set(places.map(([place]) => place.split('/')[0]));
    const strange = (await machine.list(paths.storage)).filter(
      (name) => !known.test(name) && !said.has(name),
    );
    if (strange.length > 0)
      stays.push(`${strange.slice(0, 10).join(', ')}: no part of a Mail-in-a-Box that is known`);
    return { stays };
  },
};

async function backupTarget(machine: Machine): Promise<string[]> {
  // Not by the room's own reader: what else is in the file may be a password.
  const target = /^target:\s*['"]?([^'"\s]+)/m.exec((await machine.read(paths.backupConfig)) ?? '')?.[1];
  if (target === undefined || target === 'local' || target === 'off') return [];
  const scheme = target.split(':')[0];
  try {
    const isStored = target.startsWith('s3:');
    targetOf({ target, ...(isStored && { login: { user: 'any', password: 'any' } }) });
    return [
      isStored
        ? `where backups go (${scheme}): name it in the control panel, with the key’s id and the key`
        : `where backups go (${scheme}): name it in the control panel; the box has another ssh key, which that host must let in`,
    ];
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    return [
      `where backups go (${scheme}): a box does not know that; targets are local, off, rsync:, s3: and webdavs:`,
    ];
  }
}

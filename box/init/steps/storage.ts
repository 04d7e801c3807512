/** The storage root: the right disk, a layout that we know, and its directories (Mail-in-a-Box v75's). */
import type { Box } from '../../machine/box.ts';
import { Failure } from '../../machine/failure.ts';
import type { Directory, Machine } from '../../machine/machine.ts';
import { paths } from '../../machine/paths.ts';
import { readImage } from '../../machine/settings-file.ts';
import { isKnownState, knowState, refuseForeign, refuseOtherState } from './state-mark.ts';
import type { Step } from './step.ts';

/** What Mail-in-a-Box v75 writes: the number of its last migration. */
const knownVersion = 15;

const versionFile = {
  path: paths.storageVersion,
  mode: 0o644,
  owner: 'user-data',
  group: 'user-data',
} as const;

interface StorageDirectory extends Directory {
  /**
   * The daemon's own files follow the directory's owner: packages number their users as they come, so that on
   * another image the same name may have another number.
   */
  readonly withContents?: boolean;
  /** Only where the image has this role. */
  readonly role?: string;
}

/**
 * Owners as in Mail-in-a-Box, but four are tighter: its `mail` may be written by the web server, its mailboxes be
 * entered by everyone, and the root and `www` are user-data's. A later role adds the directories of its own.
 */
const directories: readonly StorageDirectory[] = [
  // Root's, and so is `www`: sshd shuts people who upload pages in there.
  { path: paths.storage, mode: 0o755 },
  { path: paths.mail, mode: 0o755 },
  { path: paths.mailboxes, mode: 0o750, owner: 'mail', group: 'mail' },
  { path: paths.sieve, mode: 0o750, owner: 'mail', group: 'mail' },
  { path: paths.sieveBefore, mode: 0o755, owner: 'mail', group: 'mail' },
  { path: paths.sieveAfter, mode: 0o755, owner: 'mail', group: 'mail' },
  { path: paths.postgrey, mode: 0o755 },
  { path: paths.postgreyDatabase, mode: 0o700, owner: 'postgrey', group: 'postgrey', withContents: true },
  { path: paths.spamFilter, mode: 0o771, owner: 'spampd', group: 'spampd', withContents: true },
  // Dovecot, as mail, puts copies there; the filter takes them.
  { path: paths.training, mode: 0o755, owner: 'spampd', group: 'spampd' },
  { path: `${paths.training}/spam`, mode: 0o2770, owner: 'mail', group: 'spampd' },
  { path: `${paths.training}/ham`, mode: 0o2770, owner: 'mail', group: 'spampd' },
  {
    path: paths.search,
    mode: 0o700,
    owner: 'box-search',
    group: 'box-search',
    withContents: true,
    role: 'search',
  },
  { path: paths.dkim, mode: 0o700, owner: 'opendkim', group: 'opendkim', withContents: true },
  { path: paths.tls, mode: 0o755 },
  { path: paths.dns, mode: 0o755 },
  { path: paths.dnssec, mode: 0o700 },
  { path: paths.zones, mode: 0o755 },
  { path: paths.www, mode: 0o755 },
  { path: paths.wwwDefault, mode: 0o755, owner: 'user-data', group: 'user-data' },
];

/** Calendars and contacts belong to the program that keeps them. */
const groupwareOf = (owner: string): StorageDirectory => ({
  path: paths.groupware,
  mode: 0o700,
  owner,
  group: owner,
  withContents: true,
});

/** Those of the roles that the image has. */
async function wanted(machine: Machine): Promise<StorageDirectory[]> {
  const { ports, groupware } = await readImage(machine);
  return [
    ...directories.filter(({ role: of }) => of === undefined || ports.some(({ role }) => role === of)),
    ...(groupware === undefined ? [] : [groupwareOf(groupware.owner)]),
  ];
}

export const storageStep: Step = {
  title: 'storage',
  async done(box) {
    await refuseWrongDisk(box);
    await refuseOtherState(box.machine);
    if (!(await hasKnownVersion(box.machine))) return false;
    for (const directory of await wanted(box.machine))
      if (!(await box.machine.isOwned(directory)) || !(await box.machine.isFolder(directory.path)))
        return false;
    return isKnownState(box.machine);
  },
  async run({ machine }) {
    const [root, ...below] = (await wanted(machine)) as [StorageDirectory, ...StorageDirectory[]];
    await machine.putDirectory(root);
    // First of all: state without a version would not be known for ours at the next boot.
    if (!(await hasKnownVersion(machine))) await machine.put({ ...versionFile, text: `${knownVersion}\n` });
    await knowState(machine);
    for (const directory of below) {
      if (directory.withContents === true) await takeContents(machine, directory);
      await machine.putDirectory(directory);
    }
  },
};

/** The directory itself comes last, so that a power cut in between is made good at the next boot. chown(1) follows no link. */
async function takeContents(machine: Machine, directory: StorageDirectory): Promise<void> {
  if (!(await machine.isFolder(directory.path))) return;
  await machine.run(['chown', '-hR', `${directory.owner}:${directory.group}`, machine.at(directory.path)]);
}

/** On the wrong disk, or on none, the box would make itself a new identity. */
async function refuseWrongDisk({ machine, settings }: Box): Promise<void> {
  const { device } = settings.storage;
  if (device !== undefined && !(await isMountPoint(machine, paths.storage))) {
    throw new Failure(
      `${device} is not mounted at ${paths.storage}`,
      'attach the volume (its name in `storage.device` must be right): it is mounted within a minute; or reboot',
    );
  }
  if (await machine.isReadOnly(paths.storage)) {
    throw new Failure(`${paths.storage} is read-only`, 'check the disk (dmesg, fsck), then reboot');
  }
}

async function isMountPoint(machine: Machine, path: string): Promise<boolean> {
  const mounts = ((await machine.exists(paths.mounts)) ? await machine.readPieces(paths.mounts) : '').split(
    '\n',
  );
  return mounts.some((line) => {
    // In the walls of a unit the storage root is a mount always; its root then is a folder of another file system.
    const [, , , root, place] = line.split(' ');
    return root === '/' && place === path;
  });
}

/** True: a storage root that we know. False: a new one. @throws Failure for any other. */
async function hasKnownVersion(machine: Machine): Promise<boolean> {
  const text = ((await machine.read(versionFile.path)) ?? '').trim();
  if (text === '') {
    const state = [paths.accounts, paths.tlsKey, paths.dkimKey];
    for (const path of state) {
      if (await machine.exists(path)) {
        throw new Failure(
          `${paths.storage} holds ${path} but its mailinabox.version is missing or empty`,
          `if it is from Mail-in-a-Box v75: echo ${knownVersion} > ${versionFile.path}, then reboot`,
        );
      }
    }
    await refuseForeign(machine);
    return false;
  }
  if (text === String(knownVersion)) return true;
  if (/^\d+$/.test(text) && Number(text) > knownVersion) {
    throw new Failure(
      `${paths.storage} has layout version ${text}; this image knows ${knownVersion}`,
      'launch a newer image on this storage',
    );
  }
  throw new Failure(
    `${paths.storage} has layout version ${text}; this image reads ${knownVersion} only`,
    'upgrade it with Mail-in-a-Box v75 first, and attach it then',
  );
}

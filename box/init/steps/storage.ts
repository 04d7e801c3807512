/** The storage root's directories (Mail-in-a-Box v75's), and the numbers that say which layout it is. */
import type { Directory, Machine } from '../../machine/machine.ts';
import { paths } from '../../machine/paths.ts';
import { readImage } from '../../machine/settings-file.ts';
import { mailFolders } from '../../storage/upgrade/mail-queue.ts';
import { formatNow } from '../../storage/upgrade/migrations/index.ts';
import { readRecord, writeRecord } from '../../storage/upgrade/record.ts';
import { isKnownState, knowState } from './state-mark.ts';
import type { Step } from './step.ts';
import { hasKnownVersion, knownVersion } from './volume.ts';

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
 * Mail that waits is state: a new image goes on delivering it. Postfix makes these folders itself, but Dovecot's socket lies in
 * one of them, and what is in them must belong to this image's `postfix`. Mail from the box's own programs (maildrop) is whose it is.
 */
const mailQueue: readonly StorageDirectory[] = [
  { path: paths.mailQueue, mode: 0o755 },
  { path: `${paths.mailQueue}/private`, mode: 0o700, owner: 'postfix' },
  ...mailFolders
    .filter((name) => name !== 'maildrop')
    .map((name) => ({
      path: `${paths.mailQueue}/${name}`,
      mode: 0o700,
      owner: 'postfix',
      withContents: true,
    })),
  { path: `${paths.mailQueue}/maildrop`, mode: 0o1730, owner: 'postfix', group: 'postdrop' },
  { path: `${paths.mailQueue}/public`, mode: 0o2710, owner: 'postfix', group: 'postdrop' },
];

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
  ...mailQueue,
  { path: paths.reports, mode: 0o700, owner: 'box-reports', group: 'box-reports', withContents: true },
  { path: paths.newReports, mode: 0o700, owner: 'box-reports', group: 'box-reports' },
  { path: paths.hostKeys, mode: 0o700 },
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
    if (!(await hasKnownVersion(box.machine)) || (await readRecord(box.machine)) === undefined) return false;
    for (const directory of await wanted(box.machine))
      if (!(await box.machine.isOwned(directory)) || !(await box.machine.isFolder(directory.path)))
        return false;
    return isKnownState(box.machine);
  },
  async run({ machine }) {
    const [root, ...below] = (await wanted(machine)) as [StorageDirectory, ...StorageDirectory[]];
    await machine.putDirectory(root);
    // First of all: state without a version would not be known for ours at the next boot.
    if (!(await hasKnownVersion(machine))) {
      await writeRecord(machine, { format: formatNow });
      await machine.put({ ...versionFile, text: `${knownVersion}\n` });
    }
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
  await machine.run([
    'chown',
    '-hR',
    `${directory.owner ?? 'root'}:${directory.group ?? 'root'}`,
    machine.at(directory.path),
  ]);
}

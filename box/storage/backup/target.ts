/** Where backups go, and how each program is told: the text of Mail-in-a-Box's `target`. Pure. */
import { bucketTargetPattern, davTargetPattern, rsyncTargetPattern } from '../../../contract/settings.ts';
import { Failure } from '../../machine/failure.ts';
import { paths } from '../../machine/paths.ts';
import type { BackupConfig } from './config.ts';
import type { Bucket, DavFolder, Login } from './stores/store.ts';

export type Target =
  | { readonly kind: 'off' }
  | { readonly kind: 'local' }
  | {
      readonly kind: 'rsync';
      readonly user: string;
      readonly host: string;
      readonly port: number;
      /** Absolute, or below the home of the user. */
      readonly path: string;
      /** Its key was given beforehand: another one, of another kind too, is not believed. */
      readonly pinned?: true;
    }
  | Bucket
  | DavFolder;
export type Remote = Extract<Target, { kind: 'rsync' }>;
/** Another box's backup, in a folder of this machine, with the file of its key. No text names it: backups never go there. */
export interface ForeignFolder {
  readonly kind: 'foreign';
  readonly path: string;
  readonly key: string;
}
export type Place = Exclude<Target, { kind: 'off' }> | ForeignFolder;

const ownFolder = `file://${paths.backupFiles}`;

/** @throws Failure for what is no target of this box's, and for a login that is missing or of no use */
export function targetOf({ target: text, login }: Pick<BackupConfig, 'target' | 'login'>): Target {
  const plain = text.trim();
  const [scheme = ''] = plain.split(':');
  if (scheme === 'b2')
    throw new Failure(
      'a box speaks to Backblaze B2 by its S3',
      'name it so: s3://REGION@s3.REGION.backblazeb2.com/BUCKET/PATH, with the id of an application key and the key',
    );
  if (needsLogin(plain)) return storeOf(plain, login);
  if (login !== undefined)
    throw new Failure(
      'target_user and target_pass are not used',
      'they are for s3:// and webdavs://; rsync opens the other host by key',
    );
  if (plain === 'off') return { kind: 'off' };
  if (plain === 'local' || plain === ownFolder) return { kind: 'local' };
  const found = rsyncTargetPattern.exec(plain)?.groups;
  const port = portOf(found?.port, 22);
  if (found === undefined || port === undefined || isOdd(found.path)) throw unknown;
  const { user = '', host = '', path = '' } = found;
  return { kind: 'rsync', user, host, port, path };
}

const unknown = new Failure(
  'the target is none that a box knows',
  'targets are: local, off, rsync://USER@HOST/PATH, s3://REGION@HOST/BUCKET/PATH, webdavs://HOST/PATH (letters, digits, and . _ - in each part)',
);
const isOdd = (path = '') => path.split('/').includes('..');
const portOf = (text: string | undefined, usual: number) => {
  const port = Number(text ?? usual);
  return port >= 1 && port <= 65_535 ? port : undefined;
};

/** Of a target that is a store, or only looks like one. */
export const needsLogin = (target: string) => /^(s3|webdavs):/.test(target);

function storeOf(text: string, login: Login | undefined): Bucket | DavFolder {
  const found = (bucketTargetPattern.exec(text) ?? davTargetPattern.exec(text))?.groups;
  const port = portOf(found?.port, 443);
  const path = (found?.path ?? '')
    .split('/')
    .filter((part) => part !== '')
    .join('/');
  if (found === undefined || port === undefined || isOdd(path)) throw unknown;
  if (!login?.user || !login.password)
    throw new Failure(
      'the target needs target_user and target_pass',
      'of s3://: the id of a key, and the key; of webdavs://: a user and a password',
    );
  const { host = '', bucket, region } = found;
  if (bucket === undefined) return { kind: 'webdav', host, port, path, login };
  const named = /^s3[.-]([a-z0-9-]+)\.amazonaws\.com$/.exec(host)?.[1];
  return { kind: 's3', region: region ?? named ?? 'us-east-1', host, port, bucket, path, login };
}

export const isStore = (target: Target | ForeignFolder): target is Bucket | DavFolder =>
  target.kind === 's3' || target.kind === 'webdav';

/** As duplicity wants it. */
export function urlOf(target: Exclude<Place, Bucket | DavFolder>): string {
  if (target.kind === 'local') return ownFolder;
  if (target.kind === 'foreign') return `file://${target.path.split('/').map(encodeURIComponent).join('/')}`;
  const { user, host, port, path } = target;
  return `rsync://${user}@${host}:${port}/${path}`;
}

/** The first key that a host shows is kept, and no other is believed after that; where one was given, not the first either. */
const sshWords = ({ port, pinned }: Remote) => [
  'ssh',
  '-F none',
  `-i ${paths.backupSshKey}`,
  '-o BatchMode=yes',
  '-o IdentitiesOnly=yes',
  `-o StrictHostKeyChecking=${pinned ? 'yes' : 'accept-new'}`,
  `-o UserKnownHostsFile=${paths.backupKnownHosts}`,
  '-o ConnectTimeout=15',
  '-o ServerAliveInterval=30',
  `-p ${port}`,
];

/** What duplicity needs to know beside the address. It splits that as a shell would; of a newer one a quotation mark at the end is lost. */
export const optionsOf = (target: Place): string[] =>
  target.kind !== 'rsync' ? [] : [`--rsync-options=-e ${sshWords(target).join(' ').replaceAll(' ', '\\ ')}`];

const remoteFolder = ({ user, host, path }: Remote) => `${user}@${host}:${path.replace(/\/*$/, '/')}`;
const rsync = (target: Remote) => ['rsync', '--timeout=60', '-e', sshWords(target).join(' ')];

/** Lists the files of another host's folder, with their sizes. */
export const listingArgv = (target: Remote): string[] => [
  ...rsync(target),
  '--list-only',
  remoteFolder(target),
];

/** Makes that folder, out of one that is empty: duplicity wants it to be there. The folder above it must exist. */
export const makeFolderArgv = (target: Remote, empty: string): string[] => [
  ...rsync(target),
  '--dirs',
  `${empty}/`,
  remoteFolder(target),
];

/**
 * Copies a folder of another host into one of this machine, with numbers of owners; what is here already is not sent again. `only`: the
 * names of standard input, and nothing else: files that nobody changes, so that one that was cut is filled where it lies.
 */
export const fetchArgv = (
  target: Remote,
  into: string,
  { without = [], only = false, dry = false }: Fetching,
): string[] => [
  ...rsync(target),
  // No devices and the like: only what a storage root has.
  ...['--recursive', '--links', '--perms', '--times', '--owner', '--group', '--hard-links', '--numeric-ids'],
  ...(only ? ['--inplace', '--files-from=-'] : ['--partial', '--delete']),
  ...without.map((pattern) => `--exclude=${pattern}`),
  ...(dry ? ['--dry-run', '--stats', '--no-human-readable'] : []),
  remoteFolder(target),
  `${into}/`,
];
export interface Fetching {
  /** Patterns of rsync(1), of what stays there. */
  readonly without?: readonly string[];
  readonly only?: boolean;
  /** Nothing but how much it would be. */
  readonly dry?: boolean;
}

/** Where backups go, and how each program is told: the text of Mail-in-a-Box's `target`. Pure. */
import { rsyncTargetPattern } from '../../../contract/settings.ts';
import { Failure } from '../../machine/failure.ts';
import { paths } from '../../machine/paths.ts';

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
    };
export type Remote = Extract<Target, { kind: 'rsync' }>;
export type Place = Exclude<Target, { kind: 'off' }>;

const ownFolder = `file://${paths.backupFiles}`;

/** @throws Failure for what is no target of this box's */
export function targetOf(text: string): Target {
  const plain = text.trim();
  if (plain === 'off') return { kind: 'off' };
  if (plain === 'local' || plain === ownFolder) return { kind: 'local' };
  const [scheme = ''] = plain.split(':');
  if (['s3', 'b2'].includes(scheme))
    throw new Failure(
      `a box makes no backups to ${scheme}: targets yet`,
      'targets are: local, off, rsync://USER@HOST/PATH',
    );
  const found = rsyncTargetPattern.exec(plain)?.groups;
  const port = Number(found?.port ?? 22);
  if (found === undefined || port < 1 || port > 65_535 || found.path?.split('/').includes('..'))
    throw new Failure(
      'the target is none that a box knows',
      'targets are: local, off, rsync://USER@HOST/PATH (letters, digits, and . _ - in each part)',
    );
  const { user = '', host = '', path = '' } = found;
  return { kind: 'rsync', user, host, port, path };
}

/** As duplicity wants it. */
export function urlOf(target: Place): string {
  if (target.kind === 'local') return ownFolder;
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
  target.kind === 'local' ? [] : [`--rsync-options=-e ${sshWords(target).join(' ').replaceAll(' ', '\\ ')}`];

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

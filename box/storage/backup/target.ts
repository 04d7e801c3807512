/** Where backups go, and how each program is told: the text of Mail-in-a-Box's `target`. Pure. */
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
    };
export type Place = Exclude<Target, { kind: 'off' }>;

const ownFolder = `file://${paths.backupFiles}`;

/** duplicity hands parts of an address to a shell, so that nothing may be in one that a shell reads. */
const rsyncPattern =
  /^rsync:\/\/(?<user>[a-z_][a-z0-9_.-]{0,63})@(?<host>[a-z0-9][a-z0-9.-]{0,252})(?::(?<port>\d{1,5}))?\/(?<path>[A-Za-z0-9_./-]{1,500})$/i;

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
  const found = rsyncPattern.exec(plain)?.groups;
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

/** The first key that a host shows is kept, and no other is believed after that. */
const sshWords = (port: number) => [
  'ssh',
  '-F none',
  `-i ${paths.backupSshKey}`,
  '-o BatchMode=yes',
  '-o IdentitiesOnly=yes',
  '-o StrictHostKeyChecking=accept-new',
  `-o UserKnownHostsFile=${paths.backupKnownHosts}`,
  '-o ConnectTimeout=15',
  '-o ServerAliveInterval=30',
  `-p ${port}`,
];

/** What duplicity needs to know beside the address. It splits that as a shell would; of a newer one a quotation mark at the end is lost. */
export const optionsOf = (target: Place): string[] =>
  target.kind === 'local'
    ? []
    : [`--rsync-options=-e ${sshWords(target.port).join(' ').replaceAll(' ', '\\ ')}`];

type Remote = Extract<Target, { kind: 'rsync' }>;
const remoteFolder = ({ user, host, path }: Remote) => `${user}@${host}:${path.replace(/\/*$/, '/')}`;
const rsync = ({ port }: Remote) => ['rsync', '--timeout=60', '-e', sshWords(port).join(' ')];

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

/** Rules about the backup that a box begins with. */
import { bucketTargetPattern, davTargetPattern, rsyncTargetPattern } from '../../../contract/settings.ts';
import { parseSshKey } from '../ssh-key.ts';
import { type Rule, when } from './rule.ts';

const places = [rsyncTargetPattern, bucketTargetPattern, davTargetPattern];
const partsOf = (from = ''): Partial<Record<string, string>> =>
  places.map((place) => place.exec(from)?.groups).find((parts) => parts !== undefined) ?? {};

export const restoreRules: readonly Rule[] = [
  {
    name: 'the folder of a restore has a place',
    holds: '`box.restore.from` has a port from 1 to 65535, if any, and no `..` in its path.',
    reads: ['box.restore.from'],
    check: ({ box: { restore } }) => {
      const { port = '22', path = '' } = partsOf(restore?.from);
      const isWrong = Number(port) < 1 || Number(port) > 65_535 || path.split('/').includes('..');
      return when(
        restore !== undefined && isWrong,
        ['box', 'restore', 'from'],
        'must have a port from 1 to 65535 and no .. in its path',
        restore?.from.startsWith('rsync:')
          ? 'write it like rsync://backups@203.0.113.9:2222//srv/box'
          : 'write it like s3://REGION@HOST:PORT/BUCKET/PATH or webdavs://HOST:PORT/PATH',
      );
    },
  },
  {
    name: 'a box does not begin with a backup of its own',
    holds: 'The host of `box.restore.from` is not `box.hostname`.',
    reads: ['box.restore.from', 'box.hostname'],
    check: ({ box: { restore, hostname } }) =>
      when(
        partsOf(restore?.from).host?.toLowerCase() === hostname,
        ['box', 'restore', 'from'],
        'is on a host with the box’s own name, which is about to be this box',
        'write the other host’s name or address',
      ),
  },
  {
    name: 'another host is known by its key',
    holds:
      '`box.restore.hostKey` is set where `box.restore.from` is on another host that ssh leads to, and only there.',
    reads: ['box.restore.from', 'box.restore.hostKey'],
    check: ({ box: { restore } }) => {
      if (restore === undefined) return [];
      const { from, hostKey } = restore;
      return [
        ...when(
          from.startsWith('rsync:') && hostKey === undefined,
          ['box', 'restore'],
          'names another host without its key, so that any host could give the box its state',
          'add hostKey: with the line of /etc/ssh/ssh_host_ed25519_key.pub there',
        ),
        ...when(
          !from.startsWith('rsync:') && hostKey !== undefined,
          ['box', 'restore', 'hostKey'],
          `has no effect with from: ${from === 'local' ? from : `${from.split('//')[0]}, whose certificate is looked at`}`,
          'remove it',
        ),
      ];
    },
  },
  {
    name: 'the host key of a restore is whole',
    holds: '`box.restore.hostKey` is a whole key of its type, and of a host.',
    reads: ['box.restore.hostKey'],
    check: ({ box: { restore } }) => {
      const key = restore?.hostKey;
      return when(
        key !== undefined && (key.startsWith('sk-') || parseSshKey(key) === undefined),
        ['box', 'restore', 'hostKey'],
        'is no whole key of a host',
        'copy the line of /etc/ssh/ssh_host_ed25519_key.pub on the host that has the backups',
      );
    },
  },
];

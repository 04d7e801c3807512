/** `box.restore`: the backup that a new box begins with. */
import * as z from 'zod';
import {
  backupTimePattern,
  bucketTargetPattern,
  davTargetPattern,
  rsyncTargetPattern,
} from '../../contract/settings.ts';
import { sshKey, text } from './values.ts';

/** One pattern may name no group twice. */
const places = [rsyncTargetPattern, bucketTargetPattern, davTargetPattern].map(({ source }) =>
  source.replaceAll(/\(\?<\w+>/g, '('),
);

export const restore = z.strictObject({
  from: text(
    'target',
    new RegExp(['^local$', ...places].join('|')),
    'must be local, rsync://USER@HOST/PATH, s3://REGION@HOST/BUCKET/PATH or webdavs://HOST/PATH, of letters, digits and . _ - in each part',
    'rsync://backups@203.0.113.9/box',
  ).describe(
    'The folder with the backups on another host, which lets the box in by ssh: `PATH` is below the user’s home, `/PATH` absolute (two slashes), `HOST:PORT` another port. Or a bucket, `s3://REGION@HOST/BUCKET/PATH`, or a WebDAV folder, `webdavs://HOST/PATH`, whose login you bring as you bring the key. `local`: you bring the files to the box, too.',
  ),
  hostKey: sshKey
    .optional()
    .describe(
      'The ssh key that another host must show, from its `/etc/ssh/ssh_host_ed25519_key.pub`. No other is believed.',
    ),
  time: text('time', backupTimePattern, 'must be a day, or the time of a backup', '20261126T133000Z')
    .optional()
    .describe('The state as it was then: one of `box backup list`, or a day. Without it: the last backup.'),
});

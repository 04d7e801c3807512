/** `/system/backup`: what backups there are, and where they go, as Mail-in-a-Box's API has it. */
import * as z from 'zod';
import type { BackupStatus } from '../../../contract/api.ts';
import { Failure } from '../../machine/failure.ts';
import { paths } from '../../machine/paths.ts';
import { command } from '../../machine/services.ts';
import { readImage } from '../../machine/settings-file.ts';
import { loginOf, readBackupConfig, writeBackupConfig } from '../../storage/backup/config.ts';
import { findBackups } from '../../storage/backup/listing.ts';
import { daysLeft, sizeOf, stamp } from '../../storage/backup/sets.ts';
import { targetOf, urlOf } from '../../storage/backup/target.ts';
import { field, none } from '../params.ts';
import { json, type Route, route, text } from '../route.ts';

export const backupRoutes: readonly Route[] = [
  route({
    method: 'GET',
    path: '/system/backup/status',
    may: 'admin',
    summary: 'the backups at the target, the newest first',
    params: none,
    answers:
      'JSON: `{backups: [{date, date_str, date_delta, full, size, volumes, deleted_in}], unmatched_file_size}`, sizes in bytes; ' +
      '`{}` where backups are off; `{error}` where the target can’t be asked',
    async run({ machine, door }) {
      try {
        const config = await readBackupConfig(machine);
        const { minAgeInDays } = config;
        const target = targetOf(config);
        if (target.kind === 'off') return json<BackupStatus>({});
        const now = new Date(door.now());
        const { backups, loose } = await findBackups(machine, target);
        const left = daysLeft(backups, minAgeInDays, now);
        return json<BackupStatus>({
          backups: backups.map(({ time, full, size, volumes }, i) => ({
            date: stamp(time),
            date_str: `${time.toISOString().slice(0, 19).replace('T', ' ')} UTC`,
            date_delta: span(now.getTime() - time.getTime()),
            full,
            size,
            volumes,
            deleted_in: goesIn(left[i] ?? 0),
          })),
          unmatched_file_size: sizeOf(loose),
        });
      } catch (error) {
        // Mail-in-a-Box's clients look for this word in an answer that went well.
        if (error instanceof Failure)
          return json<BackupStatus>({ error: `${error.message} (${error.hint})` });
        throw error;
      }
    },
  }),
  route({
    method: 'GET',
    path: '/system/backup/config',
    may: 'admin',
    summary: 'where backups go and how long they are kept; never a password or the key',
    params: none,
    answers:
      'JSON: `{target, min_age_in_days, file_target_directory, enc_pw_file, ssh_pub_key}`; the files are paths on the box',
    async run({ machine }) {
      const { target, minAgeInDays } = await readBackupConfig(machine);
      return json({
        target: target === 'local' ? urlOf({ kind: 'local' }) : target,
        min_age_in_days: minAgeInDays,
        file_target_directory: paths.backupFiles,
        enc_pw_file: paths.backupKey,
        ssh_pub_key: (await machine.read(`${paths.backupSshKey}.pub`))?.trim() ?? '',
      });
    },
  }),
  route({
    method: 'POST',
    path: '/system/backup/config',
    may: 'admin',
    summary:
      'change where backups go and how long they are kept; another host or a store is asked whether it lets the box in',
    params: z.object({
      target: field(
        '`local`, `off`, `rsync://USER@HOST/PATH`, `s3://REGION@HOST/BUCKET/PATH` or `webdavs://HOST/PATH`',
      ),
      target_user: field(
        'of `s3:` the id of a key, of `webdavs:` a user; empty: as before for the same target, or none',
      ),
      target_pass: field('of `s3:` the key, of `webdavs:` a password; empty with `target_user`'),
      min_age: field('days that a backup is kept at the least, 1 to 3650', 4),
    }),
    answers: '`"OK"`, as JSON',
    async run({ machine }, { target: given, target_user, target_pass, min_age }) {
      const days = Number(min_age);
      if (!/^\d{1,4}$/.test(min_age) || days < 1 || days > 3650)
        throw new Failure('min_age is not 1 to 3650', 'it is a number of days');
      const before = await readBackupConfig(machine);
      const login =
        loginOf(target_user, target_pass) ?? (before.target === given.trim() ? before.login : undefined);
      const config = { target: given.trim(), minAgeInDays: days, ...(login && { login }) };
      const target = targetOf(config);
      if (target.kind !== 'off' && target.kind !== 'local') await findBackups(machine, target);
      await writeBackupConfig(machine, target.kind === 'local' ? { ...config, target: 'local' } : config);
      return json('OK');
    },
  }),
  route({
    method: 'POST',
    path: '/system/backup/run',
    may: 'admin',
    summary: 'begin a backup now, as each night does; Mail-in-a-Box has no such route',
    params: none,
    answers: 'what happens, as text; `POST /system/status` tells how it went',
    async run({ machine }) {
      if (targetOf(await readBackupConfig(machine)).kind === 'off')
        throw new Failure('backups are off', 'name a target first');
      const argv = command(await readImage(machine), 'startService', 'box-backup');
      // Not waited for: it takes hours at times, and has a process of its own. How it went it tells itself.
      void machine.outcome(argv).catch(() => undefined);
      return text('It has begun.\n');
    },
  }),
];

const hour = 3_600_000;

function span(time: number): string {
  const hours = Math.max(0, Math.floor(time / hour));
  const words = (count: number, word: string) => `${count} ${word}${count === 1 ? '' : 's'}`;
  if (hours >= 24 * 7) return words(Math.floor(hours / 24), 'day');
  if (hours >= 24) return `${words(Math.floor(hours / 24), 'day')}, ${words(hours % 24, 'hour')}`;
  return `${words(hours, 'hour')}, ${words(Math.max(0, Math.floor(time / 60_000)) % 60, 'minute')}`;
}

const goesIn = (days: number) =>
  days <= 0 ? 'on next daily backup' : `approx. ${Math.ceil(days)} day${Math.ceil(days) === 1 ? '' : 's'}`;

/** Why an old box could not be brought here, in words for whoever moves in: those of backups speak of this box's own. */
import { Failure } from '../../machine/failure.ts';
import type { Machine } from '../../machine/machine.ts';
import { paths } from '../../machine/paths.ts';
import { Explained, type Why } from '../../storage/backup/duplicity.ts';
import type { Source } from './source.ts';

export async function inOwnWords(error: unknown, source: Source, machine: Machine): Promise<Failure> {
  if (!(error instanceof Failure)) throw error;
  if (!(error instanceof Explained)) return error;
  const { from, name, key = '' } = source;
  const { user, host } = typeof from === 'string' ? { user: 'root', host: name } : from;
  const line = ((await machine.read(`${paths.backupSshKey}.pub`)) ?? '').trim();
  const others: Readonly<Partial<Record<Why, readonly [what: string, hint: string]>>> = {
    'another key': [
      `the backup in ${name} was not made with the key in ${key}`,
      'name the secret_key.txt of the box that made it: --key secret_key.txt',
    ],
    'not let in': [
      `${host} does not let this box in as ${user}`,
      `add this line to ${user}’s authorized_keys there, then again: ${line}`,
    ],
    'another host': [`${host} shows another key than before`, error.hint],
    unreachable: [
      `${host} can’t be reached`,
      'is it on, is its name right, and does its firewall let this box in? Then again',
    ],
    full: [error.message, 'grow the disk, then again: what was fetched is not fetched again'],
    'no backup': [`${name} holds no whole backup`, 'are all of its files there? Then again'],
  };
  return new Failure(...(others[error.why] ?? [error.message, error.hint]));
}

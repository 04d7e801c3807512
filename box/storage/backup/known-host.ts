/** The key that another host has shown: what a new box that begins with its backups is told to believe. */
import type { Machine } from '../../machine/machine.ts';
import { paths } from '../../machine/paths.ts';
import { targetOf } from './target.ts';

/** `TYPE KEY`, as known_hosts (sshd(8)) has it; empty for another kind of target, and where none was shown yet. */
export async function shownHostKey(machine: Machine, target: string): Promise<string> {
  if (!target.startsWith('rsync:')) return '';
  const place = targetOf({ target });
  if (place.kind !== 'rsync') return '';
  const name = place.port === 22 ? place.host : `[${place.host}]:${place.port}`;
  const lines = ((await machine.read(paths.backupKnownHosts)) ?? '').split('\n');
  const [, type = '', key = ''] =
    lines.map((line) => line.split(' ')).find(([names = '']) => names.split(',').includes(name)) ?? [];
  return `${type} ${key}`.trim();
}

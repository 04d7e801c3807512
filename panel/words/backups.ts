/** What the page about backups says of a target, a size and a list. Pure. */
import type { Backup } from '../../contract/api.ts';

export function size(bytes: number): string {
  const units = ['bytes', 'KB', 'MB', 'GB', 'TB'];
  let [shown, unit] = [bytes, 0];
  while (shown >= 1000 && unit < units.length - 1) {
    shown /= 1000;
    unit++;
  }
  return `${unit === 0 || shown >= 100 ? Math.round(shown) : shown.toFixed(1)} ${units[unit]}`;
}

/** What a person types for a target: the box's own folder has a name. */
export const typedTarget = (target: string) => (target.startsWith('file://') ? 'local' : target);

/** A store, which a login opens. */
export const isStored = (target: string) => /^(s3|webdavs):/.test(target);

export function whereTo(target: string): string {
  const typed = typedTarget(target);
  if (typed === 'off') return 'Backups are off: what is lost on this box is lost.';
  if (typed === 'local')
    return 'They lie on this box alone. If its disk is lost, so are they: send them to another host, or copy them there.';
  const host = /^(?:rsync|s3|webdavs):\/\/(?:[^@/]*@)?([^/:]+)/.exec(typed)?.[1];
  return host === undefined ? `They go to ${typed}.` : `They go to ${host}, encrypted.`;
}

export const total = (backups: readonly Backup[]) => size(backups.reduce((sum, one) => sum + one.size, 0));

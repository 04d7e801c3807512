/** What the page about backups says of a target, a size and a list. */
import type { Backup } from '../../contract/api.ts';
import { counted, filled, numberOf, words } from './spoken.ts';

/** Of 1000 each, as disks and stores are sold. */
export function size(bytes: number): string {
  const units = ['B', 'KB', 'MB', 'GB', 'TB'];
  let [shown, unit] = [bytes, 0];
  while (shown >= 1000 && unit < units.length - 1) {
    shown /= 1000;
    unit++;
  }
  return `${numberOf(shown, unit === 0 || shown >= 100 ? 0 : 1)} ${units[unit]}`;
}

/** What a person types for a target: the box's own folder has a name. */
export const typedTarget = (target: string) => (target.startsWith('file://') ? 'local' : target);

/** A store, which a login opens. */
export const isStored = (target: string) => /^(s3|webdavs):/.test(target);

export function whereTo(target: string): string {
  const said = words().backups;
  const typed = typedTarget(target);
  if (typed === 'off') return said.off;
  if (typed === 'local') return said.local;
  const host = /^(?:rsync|s3|webdavs):\/\/(?:[^@/]*@)?([^/:]+)/.exec(typed)?.[1];
  return host === undefined ? filled(said.toTarget, { target: typed }) : filled(said.toHost, { host });
}

/** When one goes, which the API tells in Mail-in-a-Box's words. */
export function goesWhen(told: string): string {
  const said = words().backups;
  const days = /^approx\. (\d+) days?$/.exec(told)?.[1];
  return days === undefined ? said.goesNext : counted(said.goesIn, Number(days));
}

export const total = (backups: readonly Backup[]) => size(backups.reduce((sum, one) => sum + one.size, 0));

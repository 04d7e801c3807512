/** What duplicity's files are, by their names: backups, each full or an increment, and what is left of broken ones. Pure. */

export interface TargetFile {
  readonly name: string;
  readonly size: number;
}
export interface Backup {
  /** When it began. */
  readonly time: Date;
  readonly full: boolean;
  readonly size: number;
  readonly volumes: number;
}
export interface Found {
  /** Whole ones, the newest first. */
  readonly backups: readonly Backup[];
  /** What belongs to no whole backup: one is at work, or was broken off. */
  readonly loose: readonly TargetFile[];
}

const day = 86_400_000;
const fileName =
  /^duplicity-(?<kind>full|inc|full-signatures|new-signatures)\.(?:\d{8}T\d{6}Z\.to\.)?(?<time>\d{8}T\d{6}Z)\.(?:vol\d+\.difftar|manifest|sigtar)(?:\.gpg|\.part|\.gpg\.part)?$/;

/** `doubted`: from when on a backup is none yet, though all its files have their names. */
export function backupsIn(files: readonly TargetFile[], doubted?: Date): Found {
  const sets = new Map<string, TargetFile[]>();
  const loose: TargetFile[] = [];
  for (const file of files) {
    const { kind = '', time = '' } = fileName.exec(file.name)?.groups ?? {};
    const key = `${kind.startsWith('full') ? 'full' : 'inc'} ${time}`;
    if (kind !== '') sets.set(key, [...(sets.get(key) ?? []), file]);
    else if (file.name.startsWith('duplicity-')) loose.push(file);
  }
  const backups: Backup[] = [];
  for (const [key, set] of sets) {
    const [kind, time = ''] = key.split(' ');
    // The manifest is written last. A disk that lost its power keeps names whose content it never got.
    const isWhole =
      set.some(({ name }) => /\.manifest(\.gpg)?$/.test(name)) && set.every(({ size }) => size > 0);
    // Names tell seconds.
    const isDoubted = doubted !== undefined && stamp(timeOf(time)) >= stamp(doubted);
    if (isWhole && !isDoubted)
      backups.push({
        time: timeOf(time),
        full: kind === 'full',
        size: sizeOf(set),
        volumes: set.filter(({ name }) => /\.difftar/.test(name)).length,
      });
    else loose.push(...set);
  }
  return { backups: backups.sort((a, b) => b.time.getTime() - a.time.getTime()), loose };
}

export const sizeOf = (files: readonly TargetFile[]) => files.reduce((sum, { size }) => sum + size, 0);

/** duplicity's way to write a time: `20261126T133000Z`. */
export const stamp = (time: Date) =>
  time
    .toISOString()
    .replace(/\.\d+Z$/, 'Z')
    .replace(/[-:]/g, '');
const timeOf = (text: string) =>
  new Date(text.replace(/^(....)(..)(..)T(..)(..)(..)Z$/, '$1-$2-$3T$4:$5:$6Z'));

/** The last full backup and its increments, the newest first; empty where there is none. */
export function lastChain(backups: readonly Backup[]): readonly Backup[] {
  const at = backups.findIndex(({ full }) => full);
  return at === -1 ? [] : backups.slice(0, at + 1);
}

/** The files of the last full backup and of its increments: what a restore reads, and no more. */
export function filesOfLastChain(files: readonly TargetFile[]): readonly TargetFile[] {
  const { backups, loose } = backupsIn(files);
  const whole = new Set(lastChain(backups).map(({ time }) => time.getTime()));
  return files.filter((file) => {
    const time = fileName.exec(file.name)?.groups?.time;
    return time !== undefined && !loose.includes(file) && whole.has(timeOf(time).getTime());
  });
}

/**
 * None yet, or the increments outgrow half of it, or it is old: whoever restores must read all of them. Or the last one was
 * made while the clock was ahead: duplicity adds nothing to what is yet to come.
 */
export function isFullDue(backups: readonly Backup[], minAgeInDays: number, now: Date): boolean {
  if (backups.some(({ time }) => time > now)) return true;
  const chain = lastChain(backups);
  const full = chain.at(-1);
  if (full === undefined) return true;
  const increments = chain.slice(0, -1).reduce((sum, { size }) => sum + size, 0);
  return increments > full.size / 2 || now.getTime() > ageLimit(full, minAgeInDays);
}
const ageLimit = (full: Backup, minAgeInDays: number) => full.time.getTime() + (10 * minAgeInDays + 1) * day;

/** In how many days each backup goes, at the least: a full one and its increments go together, with the newest of them. */
export function daysLeft(found: readonly Backup[], minAgeInDays: number, now: Date): readonly number[] {
  const chain = lastChain(found);
  let newest: Backup | undefined;
  return found.map((backup, i) => {
    newest ??= backup;
    const oldEnough = newest.time.getTime() + minAgeInDays * day;
    if (backup.full) newest = undefined;
    // The last full one goes when there is a newer one.
    const replaced = i < chain.length ? nextFull(chain, minAgeInDays) : 0;
    return (Math.max(oldEnough, replaced) - now.getTime()) / day;
  });
}

/** When a full one will be due, if increments come daily and go on as they were. */
function nextFull(chain: readonly Backup[], minAgeInDays: number): number {
  const [last] = chain;
  const full = chain.at(-1);
  if (last === undefined || full === undefined) return 0;
  const grown = chain.slice(0, -1).reduce((sum, { size }) => sum + size, 0);
  const daily = grown / Math.max(1, chain.length - 1);
  const room = daily === 0 ? Number.POSITIVE_INFINITY : Math.max(0, full.size / 2 - grown) / daily;
  return Math.min(last.time.getTime() + room * day, ageLimit(full, minAgeInDays));
}

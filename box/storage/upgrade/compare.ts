/** The image that is published beside the one that runs: which is the newer one, how old each is, and what to do about it. */
import type { Image, Settings } from '../../../contract/settings.ts';
import { dayPattern } from '../../../contract/trust/manifest.ts';
import type { Machine } from '../../machine/machine.ts';
import { paths } from '../../machine/paths.ts';
import { fetchPublished } from './published.ts';
import { called, type ImageName, thisImage } from './record.ts';

const day = 86_400_000;

/** `other`: as old as the one that runs, and not the same. */
export type Standing = 'newer' | 'same' | 'older' | 'other';

export interface Dated extends ImageName {
  /** The day on which the newest of its packages was made, where it is known. */
  readonly packagesDate?: string | undefined;
}

export interface Compared {
  readonly standing: Standing;
  readonly published: Dated;
  readonly running: Dated;
  /** Undefined: there is nothing to do. */
  readonly next?: string;
}

interface Surroundings {
  readonly machine: Machine;
  readonly image: Image;
  readonly settings: Settings;
}

/** Undefined where the image says of no place. @throws NotTold, NotTrusted */
export async function lookForNewer({
  machine,
  image,
  settings,
}: Surroundings): Promise<Compared | undefined> {
  const { updates } = image;
  if (updates === undefined) return undefined;
  const { version, release, imageId, packagesDate } = await fetchPublished(machine, image, updates);
  const published = { id: imageId ?? `${version} ${release}`, version, release, packagesDate };
  const running = { ...(await thisImage(machine)), packagesDate: await packagesDateOf(machine) };
  const standing = standingOf(published, running);
  return {
    standing,
    published,
    running,
    ...(standing === 'newer' ? { next: nextStep(settings, updates.from) } : {}),
  };
}

/** By the number the same; else by version, and by the packages where that is the same. */
export function standingOf(published: Dated, running: Dated): Standing {
  if (published.id === running.id) return 'same';
  const byVersion = compareVersions(published.version, running.version);
  if (byVersion !== 0) return byVersion > 0 ? 'newer' : 'older';
  const [theirs, ours] = [published.packagesDate, running.packagesDate];
  if (theirs === undefined || ours === undefined || theirs === ours) return 'other';
  return theirs > ours ? 'newer' : 'older';
}

function compareVersions(one: string, other: string): number {
  const [left, right] = [one, other].map((version) =>
    version.split(/[.+-]/).map((part) => Number.parseInt(part, 10)),
  );
  for (const at of [0, 1, 2]) {
    const difference = (left?.[at] ?? 0) - (right?.[at] ?? 0);
    if (difference !== 0 && !Number.isNaN(difference)) return difference;
  }
  return 0;
}

export async function packagesDateOf(machine: Machine): Promise<string | undefined> {
  const date = (await machine.read(paths.packagesDate))?.trim() ?? '';
  return dayPattern.test(date) && !Number.isNaN(Date.parse(date)) ? date : undefined;
}

/** `Letterbox 0.2.0 for RELEASE (305beb5bfb21acc6), its newest package of 2026-11-20, 4 days ago` */
export const calledWithAge = (image: Dated, now: Date): string =>
  `${called(image)}${ageOf(image.packagesDate, now)}`;

function ageOf(date: string | undefined, now: Date): string {
  if (date === undefined) return '';
  const age = Math.floor((now.getTime() - Date.parse(date)) / day);
  // A clock that is not set yet may be before it; a day that there is not is before nothing.
  return `, its newest package of ${date}${!(age >= 0) ? '' : `, ${age} ${age === 1 ? 'day' : 'days'} ago`}`;
}

/** As docs/upgrade.md has it. */
function nextStep({ storage }: Settings, from: string): string {
  const fetched = `get the folder ${from}, and look at it: letterbox verify FOLDER --key letterbox.pub`;
  return storage.device === undefined
    ? `${fetched}; this box has its state on the root disk, which an upgrade replaces: make a backup, and launch a box of the new image that begins with it (box.restore, docs/backup.md)`
    : `${fetched}; then poweroff, and launch a server of it with the volume ${storage.device} of this one and the same user-data (docs/upgrade.md)`;
}

/** What was found, in a sentence. */
export function said({ standing, published, running }: Compared, now: Date): string {
  const theirs = calledWithAge(published, now);
  const ours = `this box is of ${calledWithAge(running, now)}`;
  switch (standing) {
    case 'same':
      return `this box is of the image that is published: ${theirs}`;
    case 'newer':
      return `a newer one is published: ${theirs}; ${ours}`;
    case 'older':
      return `what is published is older than what runs here: ${theirs}; ${ours}`;
    case 'other':
      return `what is published is another one, and as old: ${theirs}; ${ours}`;
  }
}

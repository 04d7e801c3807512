/** `letterbox.json` of the storage root: the number of the state's format, and the images that ran on it. */
import { Failure } from '../../machine/failure.ts';
import type { Machine } from '../../machine/machine.ts';
import { paths } from '../../machine/paths.ts';
import { readImage } from '../../machine/settings-file.ts';

/** Which image it is, for programs (`id`) and for people. */
export interface ImageName {
  /** Of what the bake put into it. */
  readonly id: string;
  /** Of Letterbox. */
  readonly version: string;
  readonly release: string;
}

/** An image that did not do what a box is for, on a state that another one had left. */
export interface Refused {
  readonly image: ImageName;
  readonly at: string;
  /** It is not tried again at the same boot. */
  readonly bootId: string;
  readonly step: string;
  readonly error: string;
  readonly hint: string;
}

export interface StateRecord {
  readonly format: number;
  /** The image that last did what a box is for. Absent: none yet. */
  readonly healthy?: ImageName & { readonly since: string };
  /** The image that has to show it, while the state as it was lies in `backup/before`. */
  readonly trying?: ImageName;
  readonly refused?: Refused;
}

/** A storage root that is older than the number. */
export const unnumbered: StateRecord = { format: 1 };

/** Undefined: there is no state yet. */
export async function readRecord(machine: Machine): Promise<StateRecord | undefined> {
  const text = await machine.read(paths.stateRecord);
  if (text === undefined) return (await machine.exists(paths.storageVersion)) ? unnumbered : undefined;
  try {
    const record = JSON.parse(text) as StateRecord;
    if (Number.isInteger(record.format) && record.format >= unnumbered.format) return record;
  } catch {
    // Said below.
  }
  throw new Failure(
    `${paths.stateRecord} is damaged: it names no format`,
    'launch the image that ran last, or restore the file from a backup',
  );
}

export async function writeRecord(machine: Machine, record: StateRecord): Promise<void> {
  await machine.put({ path: paths.stateRecord, mode: 0o644, text: `${JSON.stringify(record, null, 2)}\n` });
}

/** The image that runs. */
export async function thisImage(machine: Machine): Promise<ImageName> {
  const { version, release } = await readImage(machine);
  const id = (await machine.read(paths.imageId))?.trim();
  return { id: id || `${version} ${release}`, version, release };
}

export const isSame = (one: ImageName | undefined, other: ImageName) => one?.id === other.id;

/** For people: the versions alone may be the same. */
export const called = ({ id, version, release }: ImageName) => `Letterbox ${version} for ${release} (${id})`;

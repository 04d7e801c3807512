/** Reads the two files that come from outside: the box's settings and the image's own description. */
import { type Image, imageSchema, type Settings, settingsSchema } from '../../contract/settings.ts';
import { nothingFound } from './datasource.ts';
import { Failure } from './failure.ts';
import type { Machine } from './machine.ts';
import { paths } from './paths.ts';
import { explainUserData, givenUserData, placeOf } from './user-data.ts';

const correct = 'correct box.yaml, run `letterbox build`, and launch the image with the new user-data';

/** The settings that user-data brought. @throws Failure when there are none or a value is bad. */
export async function readSettings(machine: Machine): Promise<Settings> {
  const text = await machine.read(paths.settings);
  if (text === undefined || text.trim() === '') {
    const given = await givenUserData(machine);
    const { error, hint } = await (given === undefined ? nothingFound(machine) : explainUserData(given));
    throw new Failure(error, hint);
  }
  return parseSettings(text);
}

export function parseSettings(text: string): Settings {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    // Node's own message may quote the file, and the file holds a password hash: only the place is taken from it.
    const at = / at position (\d+)/.exec(String(error))?.[1];
    const where =
      at === undefined ? '' : ` ${placeOf(Buffer.from(text), Buffer.byteLength(text.slice(0, Number(at))))}`;
    throw new Failure(`${paths.settings} is not JSON${where || ': it ends in the middle'}`, correct);
  }
  const format = (value as { format?: unknown } | null)?.format;
  if (format !== undefined && format !== 1) {
    throw new Failure(
      `${paths.settings} has format ${JSON.stringify(format)}; this image knows format 1`,
      'build the user-data and the image with the same version of Letterbox',
    );
  }
  const checked = settingsSchema.safeParse(value);
  if (checked.success) return checked.data;
  throw new Failure(checked.error.issues.map(describe).join('; '), correct);
}

function describe(issue: { readonly path: readonly PropertyKey[]; readonly message: string }): string {
  const key = issue.path.join('.');
  const rule = issue.message.replace(/^Invalid input: /, '');
  return key === '' ? `settings: ${rule}` : `settings: ${key}: ${rule}`;
}

/** What the bake put into this image. */
export async function readImage(machine: Machine): Promise<Image> {
  const text = await machine.read(paths.image);
  if (text === undefined) throw new Failure(`${paths.image} is missing`, 'bake the image again');
  return imageSchema.parse(JSON.parse(text));
}

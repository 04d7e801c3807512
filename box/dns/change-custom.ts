/** Changes one of the owner's records on this box: all or nothing, and never into one that can't be published. */
import { Failure } from '../failure.ts';
import { readImage } from '../init/settings-file.ts';
import type { Box } from '../init/step.ts';
import { paths } from '../paths.ts';
import { type Refused, readCustom } from './custom.ts';
import { type Change, changedCustom, plainName } from './custom-file.ts';
import { gatherFacts } from './facts.ts';
import { makeZones } from './records.ts';
import { secondaryName } from './secondaries.ts';

/**
 * Says whether the file is another now; the zones then are to be brought up to date, under the same lock.
 * @throws Failure with the reason, for a record that can't be published or takes another's place. Nothing is changed.
 */
export async function changeCustom(box: Box, wanted: Change): Promise<boolean> {
  const { action, value } = wanted;
  const type = wanted.type.trim().toUpperCase();
  const change: Change = {
    action,
    name: plainName(wanted.name),
    type,
    ...(value === undefined ? {} : { value: type === 'TXT' ? value : value.trim() }),
  };
  if (change.name === secondaryName)
    throw new Failure(`${secondaryName} is not the name of a record`, 'use: box dns secondary');
  const text = (await box.machine.read(paths.customRecords)) ?? '';
  const changed = await changedCustom(text, change);
  if (change.action !== 'remove') await refuseUnpublishable(box, text, changed ?? text, change);
  if (changed === undefined) return false;
  await writeCustom(box, changed);
  return true;
}

/** The file as a whole. */
export async function writeCustom({ machine }: Pick<Box, 'machine'>, text: string): Promise<void> {
  await machine.putDirectory({ path: paths.dns, mode: 0o755 });
  await machine.put({ path: paths.customRecords, mode: 0o644, text });
}

/** The record itself, and those that were well before it came. */
async function refuseUnpublishable(box: Box, before: string, after: string, change: Change): Promise<void> {
  const image = await readImage(box.machine);
  const facts = await gatherFacts(box, image, []);
  const refusedOf = async (text: string) => makeZones({ ...facts, custom: await readCustom(text) }).refused;
  const known = new Set((await refusedOf(before)).map(asText));
  const refused = await refusedOf(after);
  const itself = refused.find(({ name, type, value }) => {
    return (
      name === change.name &&
      type === change.type &&
      (value === change.value || !known.has(asText({ name, type, value })))
    );
  });
  const other = refused.find((record) => !known.has(asText(record)));
  const [first] = [itself, other].flatMap((record) => record ?? []);
  if (first === undefined) return;
  const { name, type, value, why } = first;
  const what = `${name} ${type} ${JSON.stringify(value.slice(0, 80))} can't be published: ${why}`;
  throw new Failure(what, 'nothing was changed; see: box dns show');
}

const asText = ({ name, type, value }: Omit<Refused, 'why'>) => JSON.stringify([name, type, value]);

/** Changes one of the owner's records on this box: all or nothing, and never into one that can't be published. */
import { plainName } from '../../contract/idna.ts';
import type { Box } from '../machine/box.ts';
import { Failure } from '../machine/failure.ts';
import { paths } from '../machine/paths.ts';
import { readImage } from '../machine/settings-file.ts';
import { brokenRecords } from './broken.ts';
import { type Refused, readCustom } from './custom.ts';
import { type Change, changedCustom, meantBy } from './custom-file.ts';
import { gatherFacts } from './facts.ts';
import { makeZones } from './records.ts';
import { secondaryName } from './secondaries.ts';
import { toldChange } from './told-change.ts';
import type { DnsFacts, Zones } from './zones.ts';

/**
 * Gives what that does to the box's own records and what can't work by it, in lines for people, which may be none; undefined where it was so
 * already. The zones then are to be brought up to date, under the same lock.
 * @throws Failure with the reason, for a record that can't be published or takes another's place. Nothing is changed.
 */
export async function changeCustom(box: Box, wanted: Change): Promise<readonly string[] | undefined> {
  const records = await OwnRecords.read(box);
  const told = await records.change(wanted);
  await records.write();
  return told;
}

/** The owner's records while several changes are made to them: the box is looked at once, and the file written once. */
export class OwnRecords {
  readonly #box: Box;
  readonly #facts: DnsFacts;
  #text: string;
  #zones: Zones;
  #changed = false;

  private constructor(box: Box, facts: DnsFacts, text: string, zones: Zones) {
    this.#box = box;
    this.#facts = facts;
    this.#text = text;
    this.#zones = zones;
  }

  /** Under the lock of the box. */
  static async read(box: Box): Promise<OwnRecords> {
    const text = (await box.machine.read(paths.customRecords)) ?? '';
    const facts = await gatherFacts(box, await readImage(box.machine), []);
    return new OwnRecords(box, facts, text, await zonesOf(facts, text));
  }

  /** As `changeCustom`, but that nothing is written. */
  async change({ action, name: given, type: kind, value }: Change): Promise<readonly string[] | undefined> {
    const type = kind.trim().toUpperCase();
    const name = plainName(given);
    const change: Change = {
      action,
      name,
      type,
      ...(value === undefined ? {} : { value: meantBy(name, type, value) }),
    };
    if (name === secondaryName)
      throw new Failure(`${secondaryName} is not the name of a record`, 'use: box dns secondary');
    const changed = await changedCustom(this.#text, change);
    const before = this.#zones;
    const after = changed === undefined ? before : await zonesOf(this.#facts, changed);
    if (action !== 'remove') refuseUnpublishable(before.refused, after.refused, change);
    if (changed === undefined) return undefined;
    const warned = new Set(warnings(before, this.#facts));
    const news = warnings(after, this.#facts).filter((line) => !warned.has(line));
    const told = [...toldChange(before.zones, after.zones, change), ...news];
    [this.#text, this.#zones, this.#changed] = [changed, after, true];
    return told;
  }

  async write(): Promise<void> {
    if (this.#changed) await writeCustom(this.#box, this.#text);
    this.#changed = false;
  }
}

const zonesOf = async (facts: DnsFacts, custom: string): Promise<Zones> =>
  makeZones({ ...facts, custom: await readCustom(custom) });

function warnings({ zones }: Zones, { hostname, userDomains }: DnsFacts): string[] {
  return brokenRecords(zones, hostname, userDomains).map(
    ({ record: { name, type, value }, why }) => `warning: ${name} ${type} ${value.slice(0, 80)}: ${why}`,
  );
}

/** The file as a whole. */
export async function writeCustom({ machine }: Pick<Box, 'machine'>, text: string): Promise<void> {
  await machine.putDirectory({ path: paths.dns, mode: 0o755 });
  await machine.put({ path: paths.customRecords, mode: 0o644, text });
}

/** The record itself, and those that were well before it came. */
function refuseUnpublishable(before: readonly Refused[], refused: readonly Refused[], change: Change): void {
  const known = new Set(before.map(asText));
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

/** What may be done to the list of other name servers, for the command line and the control panel alike. Under the lock. */
import type { Box } from '../machine/box.ts';
import { Failure } from '../machine/failure.ts';
import { paths } from '../machine/paths.ts';
import { writeCustom } from './change-custom.ts';
import { changedCustom } from './custom-file.ts';
import { readOwners } from './facts.ts';
import { updateZones } from './publish.ts';
import { nameServers } from './records.ts';
import {
  entriesOf,
  notSecondary,
  type Secondary,
  secondaryName,
  secondaryOf,
  takeSecondaries,
} from './secondaries.ts';
import { removeTsigKey } from './tsig.ts';

export async function readSecondaries(box: Box): Promise<readonly Secondary[]> {
  const { custom, problem } = await readOwners(box);
  if (problem !== undefined) throw problem;
  return takeSecondaries(custom).secondaries;
}

/** @throws Failure for an entry that means no server, or this one */
export function wantedSecondary({ settings: { hostname } }: Box, entry: string): Secondary {
  const secondary = secondaryOf(entry);
  if (secondary === undefined)
    throw new Failure(`${entry.slice(0, 200)}: ${notSecondary}`, 'see: box dns secondary add --help');
  const { host } = secondary;
  if (host !== undefined && [hostname, ...nameServers(hostname, [])].includes(host))
    throw new Failure(`${host} is this box`, 'name another server');
  return secondary;
}

/** Keeps them as Mail-in-a-Box does, in one value; destroys keys that nobody has any more. Gives the zones that changed. */
export async function putSecondaries(
  box: Box,
  secondaries: readonly Secondary[],
): Promise<readonly string[]> {
  const before = await readSecondaries(box);
  const text = (await box.machine.read(paths.customRecords)) ?? '';
  const value = secondaries.map(({ entry }) => entry).join(' ');
  const change = { name: secondaryName, type: 'A' };
  const changed = await changedCustom(
    text,
    value === '' ? { ...change, action: 'remove' } : { ...change, action: 'set', value },
  );
  if (changed !== undefined) await writeCustom(box, changed);
  const zones = (await updateZones(box)).changed;
  const keys = new Set(secondaries.map(({ key }) => key));
  for (const { key } of before)
    if (key !== undefined && !keys.has(key)) await removeTsigKey(box.machine, key);
  return zones;
}

/** The whole list anew, as a form has it: commas, blanks or line ends between the entries. */
export function replaceSecondaries(box: Box, text: string): Promise<readonly string[]> {
  const all = entriesOf(text).map((entry) => wantedSecondary(box, entry));
  return putSecondaries(
    box,
    all.filter((one, i) => all.findIndex((other) => whoOf(other) === whoOf(one)) === i),
  );
}

export const whoOf = ({ host, network }: Secondary) => host ?? `xfr:${network}`;

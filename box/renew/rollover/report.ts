/** Where every rollover stands, what it waits for, and what the owner must do, in words. */
import { type DsRecord, dsRecords } from '../../dns/ds.ts';
import { wantedZones } from '../../dns/publish.ts';
import { readKeySets } from '../../keys/dnssec/key-sets.ts';
import { type Kind, kinds, type Rollover, readRollovers } from '../../keys/rollovers.ts';
import type { Box } from '../../machine/box.ts';
import type { Machine } from '../../machine/machine.ts';
import { bootId } from '../../machine/report.ts';
import { askParents } from './advance.ts';
import type { Vouching } from './parent.ts';
import { day, waitsUntil } from './phases.ts';

export interface Standing {
  readonly kind: Kind;
  readonly phase: Rollover['phase'];
  readonly started: string;
  readonly old: readonly string[];
  readonly new: readonly string[];
  readonly waitsFor: string;
  /** Not before. */
  readonly until?: string;
  /** Only the owner can make it go on. */
  readonly owner: boolean;
  /** For the registrar. */
  readonly ds?: readonly DsRecord[];
  /** It should have gone on days ago. */
  readonly hangs: boolean;
}

/** @param ask whether to ask the parent zones now */
export async function standings(box: Box, ask: boolean): Promise<Standing[]> {
  const rollovers = await readRollovers(box.machine);
  const found: Standing[] = [];
  for (const kind of kinds) {
    const rollover = rollovers[kind];
    if (rollover !== undefined) found.push(await standingOf(box, kind, rollover, ask));
  }
  return found;
}

async function standingOf(box: Box, kind: Kind, rollover: Rollover, ask: boolean): Promise<Standing> {
  const { machine } = box;
  const { phase, pairs, started, entered } = rollover;
  const now = box.now();
  const until = waitsUntil(kind, rollover, { now, boot: await bootId(machine) });
  const owner = phase === 'awaiting';
  const parents = owner && ask ? await askParents(box, rollover) : undefined;
  const late = (until?.getTime() ?? Date.parse(entered)) + 2 * day;
  return {
    kind,
    phase,
    started,
    old: pairs.map((pair) => pair.old),
    new: pairs.map((pair) => pair.new),
    waitsFor: owner ? forParents(parents) : words(kind, phase, until !== undefined),
    ...(until === undefined ? {} : { until: until.toISOString() }),
    owner,
    ...(owner ? { ds: await forRegistrar(box, machine, rollover, parents) } : {}),
    hangs: !owner && now.getTime() > late,
  };
}

function words(kind: Kind, phase: Rollover['phase'], counts: boolean): string {
  switch (phase) {
    case 'making':
      return 'the new key’s files to be written';
    case 'introducing':
      if (counts) return 'the world to forget what it knew before the new key';
      return kind === 'dkim'
        ? 'the new key’s record to be seen for every domain'
        : 'every zone to be published with both keys';
    case 'retiring':
      return kind === 'dkim'
        ? 'mail that was signed with the old key to arrive'
        : 'the DS record of the old key to be forgotten; it may leave the registrar now';
    default:
      return 'the zones without the old key to be published';
  }
}

function forParents(parents: readonly Vouching[] | undefined): string {
  const wanted = 'the parent zones to vouch for the new key';
  const meanings: Readonly<Partial<Record<Vouching['by'], string>>> = {
    old: 'has the DS record of the old key only',
    another: 'has a DS record of a key that is not the box’s',
    unknown: 'could not be asked, or its answer is not validated',
  };
  const missing = (parents ?? []).flatMap(({ zone, by }) =>
    meanings[by] === undefined ? [] : [`the parent of ${zone} ${meanings[by]}`],
  );
  if (parents !== undefined && missing.length === 0)
    return 'the next box dns update: every parent zone vouches';
  return [wanted, ...missing].join('; ');
}

/** The DS records of the new keys, for those zones whose parents lack them. */
async function forRegistrar(
  box: Box,
  machine: Machine,
  { pairs }: Rollover,
  parents: readonly Vouching[] | undefined,
): Promise<DsRecord[]> {
  const fresh = (await readKeySets(machine)).map((set) => ({
    ...set,
    keys: set.keys.filter(({ base }) => pairs.some((pair) => pair.new === base)),
  }));
  const lacking = (zone: string) =>
    parents === undefined ||
    parents.some((each) => each.zone === zone && each.by !== 'new' && each.by !== 'none');
  const { served } = await wantedZones(box);
  return served.filter(({ name }) => lacking(name)).flatMap(({ name }) => dsRecords(name, fresh));
}

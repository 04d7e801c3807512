/** Brings the served zones to what they should be: computes them, has those built that are due, tells the name server. */
import { createHash } from 'node:crypto';
import type { Image } from '../../contract/settings.ts';
import { fingerprintOf, keysFor, readKeySets } from '../keys/dnssec/key-sets.ts';
import type { Box, Refresh } from '../machine/box.ts';
import { isClockRight } from '../machine/clock.ts';
import { Failure } from '../machine/failure.ts';
import type { File } from '../machine/machine.ts';
import { paths } from '../machine/paths.ts';
import { refreshServices } from '../machine/services.ts';
import { readImage } from '../machine/settings-file.ts';
import { buildZones, unsignedFile, type WantedZone } from './build-zones.ts';
import type { Refused } from './custom.ts';
import { gatherFacts, readOwners } from './facts.ts';
import { policyFile } from './mta-sts.ts';
import { nameServerFiles, signedFile } from './name-server.ts';
import { makeZones } from './records.ts';
import { type Secondary, transfersOf } from './secondaries.ts';
import { lookUpSecondaries, readSecondaryAddresses } from './secondary-addresses.ts';
import { isEnding, isOfTheFuture } from './sign.ts';
import { hasTsigKeys, makeTsigKeys, readTsigKeys } from './tsig.ts';
import { readSigned, takeSerial, zoneText } from './zone.ts';

export interface Wanted {
  readonly image: Image;
  readonly zones: readonly WantedZone[];
  readonly refused: readonly Refused[];
  /** Why the owner's file could not be read; the zones then hold the records that were read last. */
  readonly unreadable?: Failure;
  readonly files: readonly File[];
  /** Those of the zones that the box is to serve. */
  readonly served: readonly WantedZone[];
  readonly secondaries: readonly Secondary[];
}
/** A zone that could not be built: its old version goes on. */
export interface Problem {
  readonly zone: string;
  readonly why: string;
  readonly hint: string;
  /** Hash of what was wanted: the same is not tried again at the same boot. */
  readonly wanted: string;
}
export interface Published {
  readonly changed: readonly string[];
  readonly problems: readonly Problem[];
  readonly refresh?: Refresh;
}

/** Computes everything. Changes nothing. */
export async function wantedZones(box: Box): Promise<Wanted> {
  const image = await readImage(box.machine);
  const { custom, last, problem } = await readOwners(box);
  const { zones, refused, secondaries } = makeZones(await gatherFacts(box, image, custom));
  const sets = await readKeySets(box.machine);
  const { hostname } = box.settings;
  const withKeys = zones.map((zone) => {
    const keys = keysFor(zone.name, sets);
    return { ...zone, keys, text: zoneText(zone, hostname, fingerprintOf(keys)) };
  });
  return {
    image,
    zones: withKeys,
    served: withKeys.filter(({ served }) => served),
    refused,
    secondaries,
    ...(problem === undefined ? {} : { unreadable: problem }),
    files: [policyFile(hostname), last],
  };
}

/** Why a zone must be built; undefined when what is served is right. */
export async function whyDue({ machine, now }: Box, zone: WantedZone): Promise<string | undefined> {
  const before = takeSerial((await machine.read(unsignedFile(zone.name))) ?? '');
  const signed = readSigned((await machine.read(signedFile(zone.name))) ?? '');
  if (before === undefined || signed === undefined) return 'it is new';
  if (before.text !== zone.text) return 'its records or keys changed';
  if (before.serial !== signed.serial) return 'its building was cut off';
  if (isEnding(signed, now())) return 'its signatures are to be renewed';
  return isOfTheFuture(signed, now()) && (await isClockRight(machine, now()))
    ? 'its signatures were made while the clock was ahead'
    : undefined;
}

/** Looks at many zones at a time, since each is two files to read; at a thousand, a process has no more to open. */
async function dueZones(box: Box, zones: readonly WantedZone[]): Promise<WantedZone[]> {
  const due: WantedZone[] = [];
  for (let at = 0; at < zones.length; at += 64) {
    const some = zones.slice(at, at + 64);
    const reasons = await Promise.all(some.map((zone) => whyDue(box, zone)));
    due.push(...some.filter((_, i) => reasons[i] !== undefined));
  }
  return due;
}

/** Whether there is nothing to do, or nothing that was not tried in vain at this boot. */
export async function isPublished(box: Box): Promise<boolean> {
  const wanted = await wantedZones(box);
  const tried = new Set((await readProblems(box)).map((problem) => problem.wanted));
  for (const zone of await dueZones(box, wanted.served)) if (!tried.has(hashOf(zone))) return false;
  if (!(await hasTsigKeys(box.machine, wanted.secondaries))) return false;
  for (const file of [...wanted.files, ...(await servingFiles(box, wanted))]) {
    if (!(await box.machine.holds(file))) return false;
  }
  return true;
}

/** @param force builds every zone anew */
export async function publishZones(box: Box, { force = false } = {}): Promise<Published> {
  const { machine } = box;
  const wanted = await wantedZones(box);
  await machine.putDirectory({ path: paths.run, mode: 0o755 });
  const due = force ? wanted.served : await dueZones(box, wanted.served);
  const failures = await buildZones(box, wanted.image, due);
  const changed = due.flatMap((zone) => (failures.has(zone) ? [] : [zone.name]));
  const problems = [...failures].map(
    ([zone, { message, hint }]): Problem => ({
      zone: zone.name,
      why: message,
      hint,
      wanted: hashOf(zone),
    }),
  );
  for (const file of wanted.files) await machine.putChanged(file);
  await makeTsigKeys(machine, wanted.secondaries);
  let reconfigured = false;
  for (const file of await servingFiles(box, wanted)) {
    if (await machine.putChanged(file)) reconfigured = true;
  }
  await removeOthers(box, wanted);
  await machine.put({ path: paths.dnsProblems, mode: 0o644, text: `${JSON.stringify(problems, null, 2)}\n` });
  const by = reconfigured ? 'restart' : changed.length > 0 ? 'reload' : undefined;
  return { changed, problems, ...(by === undefined ? {} : { refresh: { service: 'nsd', by } as const }) };
}

/** The same, and the name server is told. @throws Failure when a zone could not be built. */
export async function updateZones(box: Box, options: { force?: boolean } = {}): Promise<Published> {
  await lookUpSecondaries(box.machine);
  const published = await publishZones(box, options);
  if (published.refresh !== undefined) {
    await refreshServices(box.machine, await readImage(box.machine), [published.refresh]);
  }
  const [first] = published.problems;
  if (first !== undefined) {
    throw new Failure(
      `the zone ${first.zone} is as it was, since the new one can't be served: ${first.why}`,
      first.hint,
    );
  }
  return published;
}

export async function readProblems({ machine }: Box): Promise<Problem[]> {
  const text = await machine.read(paths.dnsProblems);
  return text === undefined ? [] : (JSON.parse(text) as Problem[]);
}

/** NSD's own files: of zones that were never built it is not told. */
async function servingFiles({ machine }: Box, { served: zones, secondaries }: Wanted): Promise<File[]> {
  const served: string[] = [];
  for (const { name } of zones) if (await machine.exists(signedFile(name))) served.push(name);
  const transfers = transfersOf(secondaries, await readSecondaryAddresses(machine));
  return nameServerFiles(machine.addresses(), served, transfers, await readTsigKeys(machine, secondaries));
}

/** Zones that the box has no more. */
async function removeOthers({ machine }: Box, { served }: Wanted): Promise<void> {
  const zones = new Set(served.map(({ name }) => name));
  for (const file of await machine.list(paths.zones)) {
    const name = /^(.+)\.(txt|signed)$/.exec(file)?.[1];
    if (name !== undefined && !zones.has(name)) await machine.remove(`${paths.zones}/${file}`);
  }
}

function hashOf({ name, text }: WantedZone): string {
  return createHash('sha256').update(name).update(text).digest('hex');
}

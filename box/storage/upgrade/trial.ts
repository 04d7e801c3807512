/**
 * Another image on a state that a former one left: the state is kept as it was, brought to this image's format, and stays so
 * only if the box then does what it is for. Until that is known no port is open, so nothing that the world said can be lost.
 */
import { Failure } from '../../machine/failure.ts';
import type { Machine } from '../../machine/machine.ts';
import { paths } from '../../machine/paths.ts';
import { dropBefore, isGoingBack, isKept, keepBefore, putBefore, setQueueApart } from './before.ts';
import { formatNow, migrations } from './migrations/index.ts';
import {
  called,
  type ImageName,
  isSame,
  type Refused,
  readRecord,
  type StateRecord,
  thisImage,
  unnumbered,
  writeRecord,
} from './record.ts';

export interface Why {
  readonly step: string;
  readonly error: string;
  readonly hint: string;
}

/** Whether nothing is to be done before daemons may run. @throws Failure for a state that this image can't run on */
export async function isSettled(machine: Machine): Promise<boolean> {
  if (await isGoingBack(machine)) return false;
  const record = await readRecord(machine);
  if (record === undefined) return true;
  const image = await thisImage(machine);
  if (await isKept(machine)) return isSame(record.trying, image) && record.format === formatNow;
  refuseNewer(record);
  await refuseTried(machine, record, image);
  return !isAnother(record, image);
}

/** Keeps the state as it is, and brings it to this image's format; finishes what a power cut left half done. */
export async function beginTrial(machine: Machine, now: Date): Promise<void> {
  const image = await thisImage(machine);
  await finish(machine, image);
  const found = await readRecord(machine);
  if (found === undefined) return;
  let record = found;
  if (!isSame(record.trying, image)) {
    refuseNewer(record);
    await refuseTried(machine, record, image);
    if (!isAnother(record, image)) return;
    await keepBefore(machine);
    const { refused: _refused, ...rest } = record;
    record = { ...rest, trying: image };
    await writeRecord(machine, record);
  }
  await setQueueApart(machine);
  for (const { to, title, run } of migrations) {
    if (to <= record.format) continue;
    try {
      await run(machine);
    } catch (error) {
      const { message, hint } =
        error instanceof Failure ? error : new Failure(String(error), 'please report it');
      await giveUp(machine, now, { step: title, error: message, hint });
      throw refusal(image, { step: title, error: message }, await readRecord(machine));
    }
    record = { ...record, format: to };
    await writeRecord(machine, record);
  }
}

/** What was begun before: this image's trial goes on, another one's ends as if it had never been. */
async function finish(machine: Machine, image: ImageName): Promise<void> {
  if (await isGoingBack(machine)) return putBefore(machine);
  if (!(await isKept(machine))) return;
  const record = await readRecord(machine);
  if (isSame(record?.trying, image)) return;
  // It had shown that it works, and the power went before the copy did.
  if (record?.trying === undefined && isSame(record?.healthy, image)) return dropBefore(machine);
  await putBefore(machine);
}

/** Whether this image has still to show that the box does what it is for. */
export async function isOnTrial(machine: Machine): Promise<boolean> {
  return (await isKept(machine)) && isSame((await readRecord(machine))?.trying, await thisImage(machine));
}

/** The box does what it is for: so it is noted, and the state as it was is not needed any more. */
export async function succeed(machine: Machine, now: Date): Promise<void> {
  const record = await readRecord(machine);
  if (record === undefined) return;
  const image = await thisImage(machine);
  const { trying, ...rest } = record;
  if (trying !== undefined || !isSame(record.healthy, image))
    await writeRecord(machine, { ...rest, healthy: { ...image, since: now.toISOString() } });
  if (await isKept(machine)) await dropBefore(machine);
}

/** Gives the state back as it was, with why. No daemon may run. */
export async function giveUp(machine: Machine, now: Date, why: Why): Promise<void> {
  const bootId = ((await machine.read(paths.bootId)) ?? '').trim();
  const image = await thisImage(machine);
  const refused: Refused = { ...why, image, bootId, at: now.toISOString() };
  const before = machine.withStorage(paths.before);
  await writeRecord(before, { ...((await readRecord(before)) ?? unnumbered), refused });
  await putBefore(machine);
}

/** What the box says after it. `state`: what it was given back to. */
export function refusal(
  image: ImageName,
  { step, error }: Pick<Why, 'step' | 'error'>,
  state: StateRecord | undefined,
): Failure {
  const former = state?.healthy === undefined ? 'the image that ran before' : called(state.healthy);
  return new Failure(
    `${called(image)} does not work on this state: ${step}: ${error}; the state is as it was`,
    `launch ${former} again, which goes on as before; or reboot, to have this one tried once more`,
  );
}

/** A state that nobody has run on yet is nobody's. */
const isAnother = ({ format, healthy }: StateRecord, image: ImageName) =>
  format < formatNow || (healthy !== undefined && !isSame(healthy, image));

function refuseNewer({ format, healthy }: StateRecord): void {
  if (format <= formatNow) return;
  const who = healthy === undefined ? 'a newer Letterbox' : called(healthy);
  throw new Failure(
    `${paths.storage} has state format ${format}, of ${who}; this image knows formats up to ${formatNow}`,
    `launch ${who}, or a later version`,
  );
}

/** Once at each boot: what is tried for ever never says that it failed. */
async function refuseTried(machine: Machine, record: StateRecord, image: ImageName): Promise<void> {
  const { refused } = record;
  if (refused === undefined || !isSame(refused.image, image)) return;
  if (refused.bootId !== ((await machine.read(paths.bootId)) ?? '').trim()) return;
  throw refusal(image, refused, record);
}

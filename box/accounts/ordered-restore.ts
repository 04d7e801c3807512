/**
 * A restore of mail that the panel orders: it may take hours, so that it is a service's, and goes on whatever becomes of the panel. What
 * was ordered, how far it is and how it ended is one file that lives as long as the boot: who wrote to whom is not kept on the disk.
 */
import * as z from 'zod';
import { Failure } from '../machine/failure.ts';
import type { Machine } from '../machine/machine.ts';
import { paths } from '../machine/paths.ts';
import type { Surroundings } from '../storage/backup/alone.ts';
import { existingKey } from '../storage/backup/state.ts';
import { findMail, mayRestore, restoreMail, type Tell } from './restore-mail.ts';

const text = z.string().optional();
const orderSchema = z.object({
  account: z.string(),
  ...{ time: text, folder: text, from: text, subject: text, messageId: text, since: text, until: text },
  /** Only tell what would come back. */
  look: z.boolean(),
});
export type Order = z.infer<typeof orderSchema>;

const mail = z.object({ folder: z.string(), from: z.string(), subject: z.string(), date: z.coerce.date() });
const standingSchema = z.object({
  order: orderSchema,
  orderedAt: z.iso.datetime(),
  step: z.enum(['waits', 'fetch', 'look', 'copy', 'ended']),
  /** That are here so far, or are being copied. */
  mails: z.number(),
  problem: z.object({ what: z.string(), hint: z.string() }).optional(),
  found: z
    .object({
      mails: z.number(),
      bytes: z.number(),
      folders: z.array(z.object({ name: z.string(), mails: z.number() })).readonly(),
      newest: z.array(mail).readonly(),
    })
    .optional(),
  restored: z.object({ folder: z.string(), mails: z.number() }).optional(),
});
export type Standing = Readonly<z.infer<typeof standingSchema>>;

/** Milliseconds that the service has to begin. */
const patience = 120_000;
const brokenOff = {
  what: 'it was broken off',
  hint: 'what came lies in a folder “Restored …” of the account, and may go; then begin again',
};

/** Has it stand ready for the service. @throws Failure where it can't be done, or another one is under way */
export async function orderRestore({ machine, now }: Surroundings, order: Order): Promise<void> {
  await mayRestore(machine, order);
  await existingKey(machine);
  await unlessAtWork(machine, async () => {
    if (isUnderWay(await read(machine), now())) throw new Failure(...underWay);
    await write(machine, { order, orderedAt: now().toISOString(), step: 'waits', mails: 0 });
  });
}
const underWay = [
  'mail is being restored already',
  'wait for its end; the page tells how far it is',
] as const;

/** The last one of this boot. */
export async function standingRestore({ machine, now }: Surroundings): Promise<Standing | undefined> {
  const standing = await read(machine);
  if (standing === undefined || standing.step === 'ended' || isUnderWay(standing, now())) return standing;
  // The kernel knows whether somebody is at it.
  return unlessAtWork(machine, async () => {
    const still = await read(machine);
    return still === undefined || still.step === 'ended' ? still : ended(still, { problem: brokenOff });
  }).catch(() => read(machine));
}

/** Does what stands ready; what is there from before is not done a second time. False: it did not go well. */
export async function doOrdered({ machine, now }: Surroundings): Promise<boolean> {
  const unlock = await machine.lock(30, paths.mailRestoreLock);
  try {
    const standing = await read(machine);
    if (standing?.step !== 'waits') return true;
    const { order } = standing;
    // One after the other: of two files that take each other's place the later one has to stay.
    let writing: Promise<void> = Promise.resolve();
    const put = (changed: Partial<Standing>) => {
      writing = writing.catch(() => undefined).then(() => write(machine, { ...standing, ...changed }));
      return writing;
    };
    const tell: Tell = (step, mails) => put({ step, mails });
    const done = await (order.look
      ? findMail({ machine, now }, order, tell).then((found) => ({ found }))
      : restoreMail({ machine, now }, order, tell).then((restored) => ({ restored }))
    ).catch((error) => ({ problem: problemOf(error) }));
    await put({ ...done, step: 'ended' });
    return !('problem' in done);
  } finally {
    await unlock();
  }
}

/** The service did not begin. */
export async function notBegun(machine: Machine, why: string): Promise<void> {
  const standing = await read(machine);
  if (standing?.step === 'waits')
    await write(
      machine,
      ended(standing, {
        problem: { what: `it did not begin: ${why}`, hint: 'see the log of box-mail-restore' },
      }),
    );
}

const ended = (standing: Standing, outcome: Partial<Standing>): Standing => ({
  ...standing,
  ...outcome,
  step: 'ended',
});

/** It stands ready, and the service may be on its way. */
const isUnderWay = (standing: Standing | undefined, now: Date) =>
  standing?.step === 'waits' && Math.abs(now.getTime() - Date.parse(standing.orderedAt)) < patience;

function problemOf(error: unknown): Standing['problem'] {
  return error instanceof Failure
    ? { what: error.message, hint: error.hint }
    : { what: String(error), hint: 'this is a fault of the box program: please report it' };
}

/** @throws Failure while one is under way */
async function unlessAtWork<T>(machine: Machine, work: () => Promise<T>): Promise<T> {
  const unlock = await machine.lock(0, paths.mailRestoreLock).catch(() => {
    throw new Failure(...underWay);
  });
  try {
    return await work();
  } finally {
    await unlock();
  }
}

/** Of a file that is damaged, nothing. */
async function read(machine: Machine): Promise<Standing | undefined> {
  try {
    return standingSchema.parse(JSON.parse((await machine.read(paths.mailRestore)) ?? ''));
  } catch {
    return undefined;
  }
}

const write = (machine: Machine, standing: Standing) =>
  machine.put({ path: paths.mailRestore, mode: 0o600, text: `${JSON.stringify(standing)}\n` });

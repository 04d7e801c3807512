/** Every five minutes: how busy the box is, and what it did with mail since the last time. A file a day, for two months. */
import { basename } from 'node:path';
import type { Sample } from '../../../contract/api.ts';
import { follow, type Place } from '../../machine/follow.ts';
import type { Machine } from '../../machine/machine.ts';
import { availablePercent, freePercent } from '../../machine/meters.ts';
import { paths } from '../../machine/paths.ts';
import { countOf, type MailCounts, noMail } from './mail-log.ts';

/** Seconds. */
export const interval = 300;
export const mostDays = 62;
/** Of a log, at a time: more than a box writes in five minutes, and a limit to what a look costs. */
const mostBytes = 32 * 1_048_576;

export async function takeSample(machine: Machine, now: Date): Promise<void> {
  await machine.putDirectory({ path: paths.samples, mode: 0o700 });
  const { counts, place } = await countMail(machine);
  const sample: Sample = {
    time: Math.floor(now.getTime() / 1000),
    load: Number.parseFloat((await machine.read(paths.load)) ?? '') || 0,
    memory: 100 - (availablePercent((await machine.read(paths.memory)) ?? '') ?? 0),
    disk: 100 - freePercent(await machine.run(['df', '-P', '-k', machine.at(paths.storage)])),
    queue: await queueLength(machine),
    ...counts,
  };
  const path = dayFile(now);
  const before = (await machine.read(path)) ?? '';
  await machine.put({ path, mode: 0o600, text: `${before}${JSON.stringify(sample)}\n` });
  // Behind it: a power cut in between counts some mails twice rather than not at all.
  await machine.put({ path: paths.samplesPlace, mode: 0o600, text: JSON.stringify(place) });
  for (const name of (await daysUntil(machine, now)).slice(0, -mostDays))
    await machine.remove(`${paths.samples}/${name}`);
}

const dayPattern = /^\d{4}-\d\d-\d\d\.jsonl$/;
const dayFile = (day: Date) => `${paths.samples}/${day.toISOString().slice(0, 10)}.jsonl`;

/** The files until today, oldest first: those of later days were written while the clock was ahead. */
async function daysUntil(machine: Machine, now: Date): Promise<string[]> {
  const today = basename(dayFile(now));
  return (await machine.list(paths.samples)).filter((name) => dayPattern.test(name) && name <= today);
}

/** Those of the last days, oldest first. A line that a fault of the disk broke is left out. */
export async function readSamples(machine: Machine, days: number, now: Date): Promise<Sample[]> {
  const since = now.getTime() / 1000 - days * 86_400;
  const all: Sample[] = [];
  for (const name of (await daysUntil(machine, now)).slice(-days - 1)) {
    for (const line of ((await machine.read(`${paths.samples}/${name}`)) ?? '').split('\n')) {
      try {
        const sample = { ...noMail, ...(JSON.parse(line) as Sample) };
        if (sample.time >= since && sample.time <= now.getTime() / 1000) all.push(sample);
      } catch {}
    }
  }
  return all;
}

async function countMail(machine: Machine): Promise<{ counts: MailCounts; place: Place }> {
  const text = await machine.read(paths.samplesPlace);
  const last: Place = text === undefined ? { file: 0, offset: 0 } : JSON.parse(text);
  const counts = { ...noMail };
  const place = await follow(machine, paths.mailLog, last, mostBytes, (line) => {
    const kind = countOf(line);
    if (kind !== undefined) counts[kind]++;
  });
  return { counts, place };
}

/** Without postqueue(1), which the keeper's cage does not let act for Postfix. Deferred mail lies in folders. */
async function queueLength(machine: Machine): Promise<number> {
  let waiting = 0;
  for (const queue of ['active', 'incoming', 'deferred', 'hold'])
    for (const name of await machine.list(`${paths.mailQueue}/${queue}`))
      waiting += name.length > 1 ? 1 : (await machine.list(`${paths.mailQueue}/${queue}/${name}`)).length;
  return waiting;
}

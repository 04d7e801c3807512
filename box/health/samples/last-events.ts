/** The end of the mail log, over its last rotation: as much of it as a look may cost. */
import type { MailEvent } from '../../../contract/api.ts';
import type { Machine } from '../../machine/machine.ts';
import { paths } from '../../machine/paths.ts';
import { eventsOf } from './mail-events.ts';

/** Bytes: some twenty thousand lines. */
const mostBytes = 4 * 1_048_576;
export const mostEvents = 500;

/** The newest first. @param about only those whose sender, recipient or server has this in it */
export async function lastEvents(machine: Machine, about: string, now: Date): Promise<MailEvent[]> {
  const current = await endOf(machine, paths.mailLog, mostBytes);
  const before = await endOf(machine, `${paths.mailLog}.1`, mostBytes - current.length);
  const lines = Buffer.concat([before, current]).toString('utf8').split('\n');
  const words = about.toLowerCase();
  const meant = ({ from, to, server }: MailEvent) =>
    words === '' || [from, to, server].some((one) => one?.toLowerCase().includes(words));
  return eventsOf(lines, now).filter(meant).slice(-mostEvents).reverse();
}

/** Whole lines only. */
async function endOf(machine: Machine, path: string, most: number): Promise<Buffer> {
  const found = await machine.identity(path);
  if (found === undefined || most <= 0) return Buffer.alloc(0);
  const from = Math.max(0, found.size - most);
  const parts: Buffer[] = [];
  for await (const part of machine.chunks(path, from)) parts.push(part);
  const all = Buffer.concat(parts).subarray(0, most);
  return all.subarray(from === 0 ? 0 : all.indexOf(0x0a) + 1, all.lastIndexOf(0x0a) + 1);
}

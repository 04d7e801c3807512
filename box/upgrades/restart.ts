/** After an upgrade: restarts what runs on with what was replaced, where that may be, and keeps the rest for `box status`. */
import * as z from 'zod';
import type { Image } from '../../contract/settings.ts';
import type { Machine } from '../machine/machine.ts';
import { paths } from '../machine/paths.ts';
import { command } from '../machine/services.ts';
import { type Outdated, outdatedProcesses } from './outdated.ts';

const left = z.object({ what: z.string(), file: z.string() });
const outcome = z.object({
  at: z.string(),
  /** Units that were started anew. */
  restarted: z.array(z.string()),
  /** Units that did not come back at once. The init system tries them again. */
  failed: z.array(z.string()),
  /** What still runs with something replaced, and one such file. */
  left: z.array(left),
});
export type Outcome = z.infer<typeof outcome>;

/** Units that all else hangs on, or in which somebody works: they are named, and a reboot or a new log-in renews them. */
const untouchable =
  /^(dbus|systemd-logind|(serial-|console-|container-)?getty(@.*)?|user@.*|init|box-outdated)\./;

/** Restarts and looks again. */
export async function renewOutdated(machine: Machine, image: Image, now: Date): Promise<Outcome> {
  const before = await outdatedProcesses(machine);
  const restarted: string[] = [];
  const failed: string[] = [];
  const works = new Set<string>();
  // Without systemd nothing tells whose process it is.
  const unknown = before.some(({ pid, unit }) => unit === undefined && pid !== 1);
  const units = [...new Set(before.flatMap(({ unit }) => (unit === undefined ? [] : [unit])))];
  const candidates = [
    ...(unknown ? image.services : []),
    ...units.filter((unit) => unit.endsWith('.service')),
  ];
  if (before.some(({ pid }) => pid === 1)) await machine.outcome(image.commands.renewInit);
  for (const unit of candidates) {
    if (untouchable.test(unit)) continue;
    if (await isWork(machine, image, unit)) {
      works.add(unit);
      continue;
    }
    const name = unit.replace(/\.service$/, '');
    if (await machine.succeeds(command(image, 'restartService', name))) restarted.push(unit);
    else failed.push(unit);
  }
  // What ends by itself takes the old files with it.
  const after = (before.length === 0 ? [] : await outdatedProcesses(machine)).filter(
    ({ unit }) => unit === undefined || !works.has(unit),
  );
  const result: Outcome = { at: now.toISOString(), restarted, failed, left: named(after) };
  await machine.put({
    path: paths.outdated,
    mode: 0o644,
    text: `${JSON.stringify(result, null, 2)}\n`,
  });
  return result;
}

/** What the last look after an upgrade left; undefined: there was none at this boot. */
export async function lastOutcome(machine: Machine): Promise<Outcome | undefined> {
  const text = await machine.read(paths.outdated);
  return text === undefined ? undefined : outcome.parse(JSON.parse(text));
}

/** A piece of work that ends by itself, like a backup or the upgrade: ending it would undo it. */
async function isWork(machine: Machine, image: Image, unit: string): Promise<boolean> {
  if (!image.servicesWaitForInit) return false;
  const { out } = await machine.outcome(['systemctl', 'show', '--value', '--property=Type', unit]);
  return out.trim() === 'oneshot';
}

/** One line for each unit, and for each program without one. */
function named(processes: readonly Outdated[]): Outcome['left'] {
  const byName = new Map<string, string>();
  for (const { unit, program, file } of processes) {
    const what = unit === undefined || unit === 'init.scope' ? program : `${unit} (${program})`;
    if (!byName.has(what)) byName.set(what, file);
  }
  return [...byName].map(([what, file]) => ({ what, file }));
}

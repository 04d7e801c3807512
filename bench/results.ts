/** The table of all that was measured, and the file that the next run compares with. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { cpus, loadavg } from 'node:os';
import { fileURLToPath } from 'node:url';
import type { Figure } from './figures.ts';
import { markdown } from './table.ts';

/** Not for git: it is of one machine. What is worth telling stands in docs/, with its day. */
const file = fileURLToPath(new URL('results.json', import.meta.url));

interface Measured {
  readonly when: string;
  /** Of the machine while it ran: of another one, or a busy one, only ratios can be compared. */
  readonly machine: string;
  readonly figures: readonly Figure[];
}

/** By bench. */
export type Results = Readonly<Record<string, Measured>>;

export function readResults(from = file): Results {
  return existsSync(from) ? (JSON.parse(readFileSync(from, 'utf8')) as Results) : {};
}

/** Those of other benches stay as they were. */
export function keep(name: string, figures: readonly Figure[], at = file): void {
  const [load = 0] = loadavg();
  const machine = `${cpus().length} processors, load ${load.toFixed(1)}, Node.js ${process.versions.node}`;
  const results: Results = {
    ...readResults(at),
    [name]: { when: new Date().toISOString().slice(0, 16), machine, figures },
  };
  writeFileSync(at, `${JSON.stringify(results, null, 2)}\n`);
}

/** @param before of an earlier run; one that is not `now`, or has another unit, is not shown */
export function tableOf(now: ReadonlyMap<string, readonly Figure[]>, before: Results): string {
  const rows = [...now].flatMap(([name, figures]) =>
    figures.map((one) => {
      const old = before[name]?.figures.find(({ what, unit }) => what === one.what && unit === one.unit);
      return [name, one.what, shown(one), String(one.of ?? 1), ratioOf(one), ...compared(one, old)];
    }),
  );
  return markdown(['bench', 'what', 'median', 'of', 'to the bare part', 'before', 'now / before'], rows);
}

const shown = ({ value, unit }: Figure) => `${short(value)} ${unit}`;
const ratioOf = ({ ratio, to }: Figure) => (ratio === undefined ? '' : `${short(ratio)} x ${to}`);

/** By the ratios where both have one: a machine that has more to do than it had changes these little. */
function compared(now: Figure, before: Figure | undefined): [string, string] {
  if (before === undefined) return ['', ''];
  if (now.ratio === undefined || before.ratio === undefined || now.to !== before.to)
    return [shown(before), before.value === 0 ? '' : short(now.value / before.value)];
  return [`${shown(before)}, ${short(before.ratio)} x`, short(now.ratio / before.ratio)];
}

function short(value: number): string {
  const size = Math.abs(value);
  return value.toFixed(size === 0 ? 0 : size < 0.1 ? 4 : size < 10 ? 2 : size < 100 ? 1 : 0);
}

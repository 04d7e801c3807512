/** What each test file of a run took: seconds, processor and machines, as a table with the longest first. */
import { appendFileSync, existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

/** What one program took. */
export interface Taken {
  readonly what: string;
  /** From its start to its end. */
  readonly seconds: number;
  /** Seconds of processor, of all its descendants. */
  readonly processor: number;
  /** How often it started a machine: emulated, and as a container of the lab. */
  readonly machines: Readonly<Record<Machine, number>>;
}

export type Machine = 'qemu' | 'nspawn';

let folder: string | undefined;
let runs = 0;

/** A program to run; `what` names it in the table. */
export interface Program {
  readonly what: string;
  readonly argv: readonly string[];
  /** What stands before it and makes it root's: it hands no environment on. */
  readonly before?: readonly string[];
}

/** It goes with this process. */
function ownFolder(): string {
  const made = mkdtempSync(path.join(tmpdir(), 'letterbox-times-'));
  process.once('exit', () => rmSync(made, { recursive: true, force: true }));
  return made;
}

/** Gives the command that runs a program and notes what it takes, and a function that reads it afterwards. */
export function measured({ what, argv, before = [] }: Program): { argv: string[]; taken: () => Taken } {
  folder ??= ownFolder();
  const notes = path.join(folder, String(++runs));
  const program = fileURLToPath(new URL('measure.py', import.meta.url));
  const started = Date.now();
  const taken = () => {
    const text = existsSync(notes) ? readFileSync(notes, 'utf8') : '';
    const count = (kind: Machine) => text.match(new RegExp(`^start ${kind} `, 'gm'))?.length ?? 0;
    return {
      what,
      seconds: (Date.now() - started) / 1000,
      processor: Number(/^processor ([\d.]+)$/m.exec(text)?.[1] ?? 0),
      machines: { qemu: count('qemu'), nspawn: count('nspawn') },
    };
  };
  return { argv: [...before, '/usr/bin/python3', program, notes, ...argv], taken };
}

/** Counts the start of a machine, where somebody counts. */
export function noteStart(kind: Machine, name: string): void {
  const notes = process.env.LETTERBOX_NOTES;
  if (notes !== undefined) appendFileSync(notes, `start ${kind} ${name}\n`);
}

/** One line: where most of the processor went, for whoever sees the end of a run alone. */
export function costliest(all: readonly Taken[], most = 12): string {
  const sorted = [...all].sort((a, b) => b.processor - a.processor).slice(0, most);
  const each = sorted.map(
    ({ what, processor }) => `${what.replace(/^test\/|\.test\.ts$/g, '')} ${Math.round(processor)}`,
  );
  return `Most seconds of processor: ${each.join(', ')}`;
}

/** Lines of a table: what took longest first, their sum last. */
export function table(all: readonly Taken[]): string[] {
  const sorted = [...all].sort((a, b) => b.seconds - a.seconds);
  const sum = (of: (one: Taken) => number) => sorted.reduce((total, one) => total + of(one), 0);
  const row = (cells: readonly string[], what: string) =>
    [...cells.map((cell) => cell.padStart(9)), ` ${what}`].join(' ');
  const numbers = (values: readonly number[]) => values.map((value) => String(Math.round(value)));
  const columns = ['seconds', 'processor', 'emulated', 'in lab'];
  const of = [
    (one: Taken) => one.seconds,
    (one: Taken) => one.processor,
    (one: Taken) => one.machines.qemu,
    (one: Taken) => one.machines.nspawn,
  ];
  return [
    row(columns, 'what'),
    ...sorted.map((one) => row(numbers(of.map((get) => get(one))), one.what)),
    row(numbers(of.map(sum)), 'all of it; beside each other, so the run itself was shorter'),
  ];
}

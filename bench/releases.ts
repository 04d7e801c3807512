/**
 * `npm run bench releases`: two releases beside one another in one run, in turn, as one table with the ratios of the second to the first.
 * BENCH_IMAGES names them and their images, `NAME=IMAGE NAME=IMAGE`; BENCH_PARTS what is measured, of `layers boots idle mail
 * search emulated`, all but the last where absent. `layers` makes base and bake anew, from the mirror. BENCH_ROUNDS may ask for fewer
 * rounds. Needs root.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync } from 'node:fs';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { median } from './median.ts';
import { ofBox, ofImage, type Part } from './releases/figures.ts';
import { imageLayers } from './releases/image-layers.ts';
import { markdown } from './table.ts';

/** How often each part is measured, at the most BENCH_ROUNDS times; the odd rounds in the other order. */
const most = Number(process.env.BENCH_ROUNDS ?? 3);
const rounds: Readonly<Record<Part | 'layers', number>> = {
  layers: 1,
  boots: 3,
  idle: 1,
  mail: 3,
  search: 1,
  emulated: 1,
};

/** A release's measuring program. */
class Measured {
  readonly #child: ChildProcess;
  readonly #lines: AsyncIterator<string>;

  constructor(
    readonly release: string,
    image: string,
  ) {
    const program = fileURLToPath(new URL('releases/measured-box.ts', import.meta.url));
    const env = { ...process.env, LETTERBOX_RELEASE: release, LETTERBOX_IMAGE: path.resolve(image) };
    // It ends with this one, however that ends.
    const argv = ['--pdeathsig', 'TERM', process.execPath, '--import', 'tsx', program];
    this.#child = spawn('setpriv', argv, { env, stdio: ['pipe', 'pipe', 'inherit'] });
    const output = this.#child.stdout;
    if (output === null) throw new Error('it has no output');
    this.#lines = createInterface({ input: output })[Symbol.asyncIterator]();
  }

  async ready(): Promise<void> {
    await this.#line();
  }

  async ask(part: Part): Promise<number[]> {
    this.#child.stdin?.write(`${part}\n`);
    return JSON.parse(await this.#line());
  }

  async end(): Promise<void> {
    this.#child.stdin?.end();
    if (this.#child.exitCode === null) await new Promise((resolve) => this.#child.once('close', resolve));
  }

  async #line(): Promise<string> {
    const { value, done } = await this.#lines.next();
    if (done === true) throw new Error(`the measuring of ${this.release} ended`);
    return value;
  }
}

export async function benchReleases(): Promise<void> {
  const images = (process.env.BENCH_IMAGES ?? '').split(' ').map((pair) => pair.split('='));
  const [[one = '', first = ''] = [], [two = '', second = ''] = []] = images;
  if (first === '' || second === '')
    throw new Error('BENCH_IMAGES="NAME=IMAGE NAME=IMAGE" says which releases, and their images');
  const wanted = (process.env.BENCH_PARTS ?? 'layers boots idle mail search').split(' ');
  mkdirSync('test-artefacts', { recursive: true });
  const table = new Table(one, two);
  try {
    if (wanted.includes('layers'))
      await inTurn(Math.min(most, rounds.layers), table, ofImage, [one, two], (release) =>
        imageLayers(release, mkdtempSync(path.resolve('test-artefacts', 'bench-layers-'))),
      );
    const parts = (Object.keys(ofBox) as Part[]).filter((part) => wanted.includes(part));
    if (parts.length > 0)
      await measureBoxes(parts, table, new Measured(one, first), new Measured(two, second));
  } finally {
    // What was measured before something failed is worth a look too.
    console.log(table.text());
  }
}

async function measureBoxes(
  parts: readonly Part[],
  table: Table,
  ...both: [Measured, Measured]
): Promise<void> {
  try {
    for (const each of both) await each.ready();
    for (const part of parts)
      await inTurn(Math.min(most, rounds[part]), table, ofBox[part], both, (each) => each.ask(part));
  } finally {
    for (const each of both) await each.end();
  }
}

async function inTurn<T>(
  times: number,
  table: Table,
  names: Readonly<Record<string, string>>,
  [one, two]: readonly [T, T] | T[],
  measure: (what: T) => Promise<number[]>,
): Promise<void> {
  const pairs: [number[], number[]][] = [];
  for (let round = 0; round < times; round++) {
    const measured = { one: [] as number[], two: [] as number[] };
    const order = round % 2 === 0 ? (['one', 'two'] as const) : (['two', 'one'] as const);
    for (const side of order) measured[side] = await measure((side === 'one' ? one : two) as T);
    pairs.push([measured.one, measured.two]);
    console.error(`${Object.keys(names).join(', ')}: ${JSON.stringify(pairs.at(-1))}`);
  }
  for (const [i, [name, unit]] of Object.entries(names).entries())
    table.add(
      name,
      unit,
      pairs.map(([a, b]) => [a[i] ?? Number.NaN, b[i] ?? Number.NaN]),
    );
}

/** The middle of each side's figures, and of their ratios. */
class Table {
  readonly #rows: string[][] = [];
  readonly #head: readonly string[];

  constructor(one: string, two: string) {
    this.#head = ['', one, two, `${two} / ${one}`];
  }

  add(name: string, unit: string, pairs: readonly (readonly [number, number])[]): void {
    const sides = [pairs.map(([a]) => a), pairs.map(([, b]) => b)].map(median);
    const ratio = median(pairs.map(([a, b]) => b / a));
    this.#rows.push([`${name}, ${unit}`, ...sides.map((value) => short(value)), ratio.toFixed(2)]);
  }

  text = (): string => markdown(this.#head, this.#rows);
}

const short = (value: number): string => value.toFixed(value < 10 ? 2 : value < 100 ? 1 : 0);

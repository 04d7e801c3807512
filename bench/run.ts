/**
 * `npm run bench [NAME...]`: speed and size as ratios measured in one run, so that they can be compared between machines, in one table
 * beside those of the run before. Without a name: all that measure the project itself. `engines` and `releases` compare other things
 * with it, and print tables of their own.
 */
import { existsSync } from 'node:fs';
import { benchBuilder } from './builder.ts';
import { benchDns } from './dns.ts';
import { benchEngines } from './engines.ts';
import type { Bench, Figure } from './figures.ts';
import { benchFilter } from './filter.ts';
import { benchMail } from './mail.ts';
import { benchPanel } from './panel.ts';
import { benchRecords } from './records.ts';
import { benchReleases } from './releases.ts';
import { keep, readResults, tableOf } from './results.ts';
import { benchSearch } from './search.ts';

const here: Readonly<Record<string, Bench>> = { builder: benchBuilder, dns: benchDns };
/** As root, on a baked image. */
const inBox: Readonly<Record<string, Bench>> = {
  records: benchRecords,
  panel: benchPanel,
  search: benchSearch,
  mail: benchMail,
  filter: benchFilter,
};
const beside: Readonly<Record<string, () => Promise<void>>> = {
  engines: benchEngines,
  releases: benchReleases,
};
const benches = { ...here, ...inBox };

const image = process.env.LETTERBOX_IMAGE ?? 'out/example/example.qcow2';
const named = process.argv.slice(2);
const unknown = named.filter((name) => !(name in benches) && !(name in beside));
if (unknown.length > 0) {
  const all = Object.keys({ ...benches, ...beside }).join(', ');
  console.error(`bench: there is no ${unknown.join(', ')}; choose of ${all}`);
  process.exitCode = 2;
} else {
  const before = readResults();
  const now = new Map<string, readonly Figure[]>();
  for (const name of named.length > 0 ? named : Object.keys(benches)) {
    const bench = benches[name];
    if (bench === undefined) await beside[name]?.();
    else await measured(name, bench, now);
  }
  if (now.size > 0) console.log(tableOf(now, before));
}

/** One that fails does not take with it what the others found. */
async function measured(name: string, bench: Bench, now: Map<string, readonly Figure[]>): Promise<void> {
  const lacks = name in inBox ? lacking() : undefined;
  if (lacks !== undefined) return failed(name, `not measured, ${lacks}`);
  console.error(`${name}...`);
  try {
    const figures = await bench();
    now.set(name, figures);
    keep(name, figures);
  } catch (error) {
    failed(name, (error as Error).message);
  }
}

function lacking(): string | undefined {
  if (process.getuid?.() !== 0) return 'it needs root';
  return existsSync(image) ? undefined : `there is no ${image} (./letterbox bake example.yaml)`;
}

function failed(name: string, why: string): void {
  console.error(`${name}: ${why}`);
  process.exitCode = 1;
}

/**
 * Reads a `fleet.yaml`: several boxes of one image, each by what it has different from one box.yaml. What a box comes to is judged as
 * a box.yaml is; each problem is told where it stands in the fleet.
 */
import { existsSync } from 'node:fs';
import path from 'node:path';
import * as z from 'zod';
import { type Size, usualSize } from '../../clouds/launch-plan.ts';
import { releases as knownReleases } from '../../releases/index.ts';
import { sharedByTwo } from './fleet-shared.ts';
import { problemsOf } from './issues.ts';
import { isFleet, judge } from './load.ts';
import { type Path, pathText } from './path.ts';
import { ConfigError, type Place, type Problem } from './problem.ts';
import { readText } from './read-text.ts';
import type { Releases } from './rules/rule.ts';
import { type Config, configSchema } from './schema.ts';
import { GiB, MiB, size } from './values.ts';
import { readYaml, type Sheet } from './yaml.ts';

/** What a box may have different: what user-data tells it, and `clouds`, which says how large its server is. All else is in the image. */
export const ownKeys: readonly string[] = [
  'box',
  'dns',
  'outbound.relay',
  'outbound.reports',
  'acme',
  'bruteForce',
  'web',
  'clouds',
];

const boxSize = z.strictObject({
  volume: size('20GiB', '1GiB', '65536GiB').optional(),
  cpus: configSchema.shape.boot.unwrap().shape.cpus.unwrap().optional(),
  memory: size('2GiB', '512MiB', '1024GiB', MiB).optional(),
});

const member = z.looseObject({ name: configSchema.shape.name, size: boxSize.optional() });

const fleetSchema = z.strictObject({
  base: z
    .string()
    .min(1, 'must be the path of a box.yaml')
    .meta({ examples: ['box.yaml'] }),
  boxes: z.array(member).min(1, 'must have a box at least'),
});

export interface FleetBox {
  /** Its folder, and what is made for it at a cloud. */
  readonly name: string;
  /** With the name of the base, since the image is that one's. */
  readonly config: Config;
  readonly size: Size;
  /** Where the fleet says something of it. */
  readonly placeOf: (path: Path) => Place;
  readonly keyOf: (path: Path) => string;
  /** Whether it says how many processors or how much memory it wants. */
  readonly sized: boolean;
}

export interface Fleet {
  readonly file: string;
  readonly base: Config;
  readonly boxes: readonly FleetBox[];
}

/** Undefined where the file is of one box, or is nothing that can be read as a fleet. @throws ConfigError with every problem */
export function loadFleet(file: string, releases: Releases = knownReleases): Fleet | undefined {
  const sheet = readSheet(file);
  return sheet === undefined || !isFleet(sheet.value) ? undefined : judgedFleet(sheet, file, releases);
}

/** What can't be read is for whoever reads it as a box.yaml to say. */
function readSheet(file: string): Sheet | undefined {
  try {
    return readYaml(readText(file), file);
  } catch (error) {
    if (error instanceof ConfigError) return undefined;
    throw error;
  }
}

function judgedFleet(sheet: Sheet, file: string, releases: Releases): Fleet {
  const parsed = fleetSchema.safeParse(sheet.value);
  const problems = [...sheet.problems];
  if (!parsed.success) problems.push(...problemsOf(parsed.error.issues, sheet, fleetSchema).problems);

  const { base: named, boxes } = sheet.value as { base?: unknown; boxes?: unknown };
  const base = typeof named === 'string' && named !== '' ? readBase(named, file, sheet, releases) : undefined;
  const members = (Array.isArray(boxes) ? boxes : []).flatMap((value: unknown, index) =>
    isSection(value) ? [{ index, value, merged: merged(base?.sheet?.value, own(value)) }] : [],
  );
  for (const { index, value } of members) problems.push(...ofTheImage(value, index, sheet));
  problems.push(...sharedByTwo(members, sheet));

  const told = new Set(base?.problems.map(({ key, rule }) => `${key}: ${rule}`));
  const judgedBoxes = members.map(({ index, merged: whole }) => {
    if (base?.sheet === undefined) return undefined;
    const there = (way: Path) => ['boxes', index, ...way];
    const { config, problems: found } = judge(
      {
        value: whole,
        problems: [],
        placeOf: (way) => sheet.placeOf(there(way)),
        placeOfKey: (way) => sheet.placeOfKey(there(way)),
      },
      releases,
    );
    // What is wrong with the base is said once, where it stands.
    for (const problem of found.filter(({ key, rule }) => !told.has(`${key}: ${rule}`)))
      problems.push({
        ...problem,
        key: `${pathText(there([]))}${problem.key === '' ? '' : `.${problem.key}`}`,
      });
    return config;
  });

  const all = [...problems, ...(base?.problems ?? [])];
  if (all.length > 0 || !parsed.success || base?.config === undefined) throw new ConfigError(all);
  return {
    file,
    base: base.config,
    boxes: parsed.data.boxes.flatMap(({ name, size: wanted }, index) => {
      const config = judgedBoxes[index];
      if (config === undefined) return [];
      const there = (way: Path) => ['boxes', index, ...way];
      return [
        {
          name,
          config,
          size: sizeOf(wanted),
          sized: wanted?.cpus !== undefined || wanted?.memory !== undefined,
          placeOf: (way) => sheet.placeOf(there(way)),
          keyOf: (way) => pathText(there(way)),
        },
      ];
    }),
  };
}

interface Base {
  readonly sheet?: Sheet;
  readonly config?: Config;
  readonly problems: readonly Problem[];
}

/** The path is from where the fleet lies. */
function readBase(named: string, file: string, fleet: Sheet, releases: Releases): Base {
  const at = path.join(path.dirname(file), named);
  const problem = (rule: string, remedy: string): Base => ({
    problems: [{ place: fleet.placeOf(['base']), key: 'base', rule, remedy }],
  });
  if (!existsSync(at)) return problem(`names a file that there is not, ${at}`, 'write its path from here');
  try {
    const sheet = readYaml(readText(at), at);
    if (isFleet(sheet.value)) return problem('names a fleet', 'name the box.yaml of one box');
    return { sheet, ...judge(sheet, releases) };
  } catch (error) {
    if (error instanceof ConfigError) return { problems: error.problems };
    throw error;
  }
}

/** One image serves all boxes: what it holds is said in the base. */
function ofTheImage(value: Section, index: number, sheet: Sheet): Problem[] {
  return keysOf(value)
    .filter((way) => isKnown(way) && !isOwn(way))
    .map((way) => ({
      place: sheet.placeOfKey(['boxes', index, ...way]),
      key: pathText(['boxes', index, ...way]),
      rule: 'is in the image or of its bake, and one image serves all boxes',
      remedy: 'write it into the base, or launch this box by a box.yaml of its own',
    }));
}

const isOwn = (way: Path) => ownKeys.includes(pathText(way)) || ownKeys.includes(String(way[0]));
const isKnown = ([key]: Path) => key !== 'name' && String(key) in configSchema.shape;

/** What a box has of its own. An unknown key stays, for the judge to refuse. */
function own(value: Section): Section {
  const kept = keysOf(value).filter(
    (way) => way[0] !== 'name' && way[0] !== 'size' && (isOwn(way) || !isKnown(way)),
  );
  return kept.reduce<Section>((made, way) => {
    const inner = way.reduce<unknown>((from, key) => (from as Section)[String(key)], value);
    const one = way.reduceRight<unknown>((held, key) => ({ [String(key)]: held }), inner);
    return merged(made, one) as Section;
  }, {});
}

/** Every key, and below `outbound`, of which the box has one half and the image the other, each of its keys. */
function keysOf(value: Section): Path[] {
  const halves = new Set(ownKeys.filter((key) => key.includes('.')).map((key) => key.split('.')[0]));
  return Object.entries(value).flatMap(([key, inner]) =>
    halves.has(key) && isSection(inner) ? Object.keys(inner).map((below) => [key, below]) : [[key]],
  );
}

/** Sections are laid over one another; whatever else replaces what was there. */
function merged(base: unknown, over: unknown): unknown {
  if (!isSection(base) || !isSection(over)) return over;
  const both = Object.entries(over).map(([key, value]) => [
    key,
    Object.hasOwn(base, key) ? merged(base[key], value) : value,
  ]);
  return { ...base, ...(Object.fromEntries(both) as Section) };
}

type Section = Readonly<Record<string, unknown>>;

const isSection = (value: unknown): value is Section =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function sizeOf(wanted: z.output<typeof boxSize> | undefined): Size {
  const { volume, cpus, memory } = wanted ?? {};
  return {
    volume: volume === undefined ? usualSize.volume : Math.ceil(volume / GiB),
    cpus: cpus ?? usualSize.cpus,
    memory: memory === undefined ? usualSize.memory : memory / MiB,
  };
}

/** The reference for people (docs/config.md) and the JSON Schema for editors, both made from the schema and the rules. */
import * as z from 'zod';
import type { Releases } from './rules/rule.ts';
import { rules } from './rules.ts';
import { configSchema } from './schema.ts';

/** The part of a JSON Schema that the reference shows. */
interface Shape {
  readonly type?: string;
  readonly title?: string;
  readonly description?: string;
  readonly default?: unknown;
  readonly examples?: readonly unknown[];
  readonly enum?: readonly string[];
  readonly minimum?: number;
  readonly maximum?: number;
  readonly required?: readonly string[];
  readonly properties?: Readonly<Record<string, Shape>>;
  readonly items?: Shape;
}

/** Draft 7, which every editor's YAML support reads; the names of the releases are filled in. */
function jsonSchema(releases: Releases): Shape {
  const shape = z.toJSONSchema(configSchema, {
    io: 'input',
    target: 'draft-7',
    override: ({ zodSchema, jsonSchema: part }) => {
      if (zodSchema === configSchema.shape.release) part.enum = [...releases.keys()];
    },
  }) as Shape;
  return Object.assign(
    { $schema: 'http://json-schema.org/draft-07/schema#', $id: 'box.schema.json', title: 'box.yaml' },
    shape,
  );
}

/** docs/box.schema.json. */
export function editorSchema(releases: Releases): string {
  return `${JSON.stringify(jsonSchema(releases), null, 2)}\n`;
}

/** docs/config.md, with a whole config as its example, and the names of others, each with the text of its file. */
export function reference(releases: Releases, example: string, others: ReadonlyMap<string, string>): string {
  const root = jsonSchema(releases);
  return [
    '# box.yaml: every key',
    '<!-- Made from builder/config/schema.ts by `npm run docs`; a test fails when it is stale. -->',
    'A config is one YAML 1.2 file. `letterbox check box.yaml` tells everything that is wrong with it, one line each, with the place and what to do; at a terminal it shows the line as well, unless that may hold a secret. An unknown key is an error.',
    `\`\`\`yaml\n${example.trimEnd()}\n\`\`\``,
    'The first line of the example lets an editor complete and check keys with [box.schema.json](box.schema.json). A *size* is a whole number with `KiB`, `MiB` or `GiB`. A value that YAML 1.1 and 1.2 read differently (`no`, `010`, `1:30`) is refused: put it in quotes.',
    '## Examples',
    [...others].map(([name, text]) => `- [${name}](../examples/${name}): ${purpose(text)}`).join('\n'),
    ...section('', root),
    '## What must hold between the keys',
    rules.map(({ holds }) => `- ${holds}`).join('\n'),
    '## Releases',
    [...releases.values()].map(({ name, title }) => `- \`${name}\`: ${title}`).join('\n'),
  ]
    .join('\n\n')
    .concat('\n');
}

/** The comment under the line for editors. */
function purpose(text: string): string {
  return /^# (?!yaml-)(.*)$/m.exec(text)?.[1] ?? '';
}

/** A table of the plain keys, then the sections below. */
function section(path: string, shape: Shape): string[] {
  const entries = Object.entries(shape.properties ?? {});
  const plain = entries.filter(([, inner]) => inner.properties === undefined);
  const sections = entries.filter(([, inner]) => inner.properties !== undefined);
  return [
    path === '' ? '## The top level' : `## ${path}`,
    ...(shape.description === undefined ? [] : [shape.description]),
    ...(plain.length === 0 ? [] : [table(plain, shape.required ?? [])]),
    ...sections.flatMap(([key, inner]) => section(path === '' ? key : `${path}.${key}`, inner)),
  ];
}

function table(entries: readonly [string, Shape][], required: readonly string[]): string {
  const rows = entries.map(([key, shape]) => {
    const fallback =
      shape.default === undefined ? (required.includes(key) ? 'required' : '') : code(shape.default);
    return `| \`${key}\` | ${typeOf(shape)} | ${fallback} | ${shape.description ?? ''} |`;
  });
  return ['| key | type | default | meaning |', '|---|---|---|---|', ...rows].join('\n');
}

function typeOf(shape: Shape): string {
  const [example] = shape.examples ?? [];
  if (shape.items?.properties !== undefined) return `list of sections: ${partsOf(shape.items)}`;
  if (shape.type === 'array') {
    const like = example === undefined ? '' : `, e.g. ${code(example)}`;
    return `list of ${typeOf(shape.items ?? {})}${like}`;
  }
  if (shape.enum !== undefined) return shape.enum.map(code).join(', ');
  const range = shape.minimum === undefined ? '' : `, ${shape.minimum} to ${shape.maximum}`;
  const like = example === undefined || shape.default !== undefined ? '' : `, e.g. ${code(example)}`;
  return `${shape.title ?? shape.type}${range}${like}`;
}

/** The keys of one section of a list, with those that it can't be without in bold. */
function partsOf({ properties = {}, required = [] }: Shape): string {
  return Object.keys(properties)
    .map((key) => (required.includes(key) ? `**${code(key)}**` : code(key)))
    .join(', ');
}

function code(value: unknown): string {
  return `\`${typeof value === 'string' ? value : JSON.stringify(value)}\``;
}

/** Turns what zod found into problems with a place, a rule and a remedy. */
import * as z from 'zod';
import { credentialAdvice } from './cloud-credentials.ts';
import { adviceFor } from './mistakes.ts';
import { nearest } from './nearest.ts';
import { keyOf, type Path, pathText } from './path.ts';
import type { Problem } from './problem.ts';
import { configSchema } from './schema.ts';
import { shown } from './shown.ts';
import type { Sheet } from './yaml.ts';

type Issue = z.core.$ZodIssue;
type UnknownKeys = z.core.$ZodIssueUnrecognizedKeys;
/** The part of a JSON Schema that messages draw on. */
interface Shape {
  readonly type?: string;
  readonly title?: string;
  readonly examples?: readonly unknown[];
  readonly enum?: readonly string[];
  readonly properties?: Readonly<Record<string, Shape>>;
  /** Of names that are the user's own. */
  readonly additionalProperties?: Shape | false;
  readonly required?: readonly string[];
  readonly items?: Shape;
}

/** What the issues come to: the problems, and the keys that a misspelt one was meant to be. */
export interface Findings {
  readonly problems: readonly Problem[];
  /** Neither missing nor to be judged by rules. */
  readonly meant: readonly Path[];
}

/** One problem for each thing that is wrong: several unknown keys are several problems. */
export function problemsOf(
  issues: readonly Issue[],
  sheet: Sheet,
  schema: z.ZodType = configSchema,
): Findings {
  const root = z.toJSONSchema(schema, { io: 'input' }) as Shape;
  const meant: Path[] = [];
  const problems: Problem[] = [];
  for (const issue of issues.filter(({ code }) => code === 'unrecognized_keys') as UnknownKeys[]) {
    const known = Object.keys(shapeAt(root, issue.path).properties ?? {});
    for (const key of issue.keys) {
      const credential = credentialAdvice([...issue.path, key]);
      if (credential !== undefined) {
        const path = [...issue.path, key];
        problems.push({ place: sheet.placeOfKey(path), key: pathText(path), ...credential });
        continue;
      }
      const guess = nearest(key, known);
      if (guess !== undefined) meant.push([...issue.path, guess]);
      problems.push(unknownKey([...issue.path, key], guess, known, sheet));
    }
  }
  const misspelt = new Set(meant.map(pathText));
  for (const issue of issues) {
    if (issue.code === 'unrecognized_keys' || misspelt.has(pathText(issue.path))) continue;
    problems.push(wrongValue(issue, root, sheet));
  }
  return { problems, meant };
}

function unknownKey(path: Path, guess: string | undefined, known: readonly string[], sheet: Sheet): Problem {
  let remedy = `remove it, or use one of ${known.join(', ')}`;
  if (guess !== undefined) remedy = `did you mean "${guess}"?`;
  if (path.at(-1) === '<<') remedy = 'YAML 1.2 has no merge keys: write the keys out';
  return { place: sheet.placeOfKey(path), key: pathText(path), rule: 'is not a key of this section', remedy };
}

function wrongValue(issue: Issue, root: Shape, sheet: Sheet): Problem {
  const shape = shapeAt(root, issue.path);
  const value = valueAt(sheet.value, issue.path);
  const place = sheet.placeOf(issue.path);
  const key = pathText(issue.path);
  const example = sample(shape, issue.path);
  if (value === undefined) return { place, key, rule: 'is missing', remedy: `add it: ${example}` };
  if (value === null) {
    const required =
      shapeAt(root, issue.path.slice(0, -1)).required?.includes(String(issue.path.at(-1))) ?? false;
    return {
      place,
      key,
      rule: 'has no value',
      remedy: `${required ? 'write' : 'remove the key, or write'} ${example}`,
    };
  }
  const got = shown(issue.path, value);
  const rule = `${requirement(issue, shape)}${got === undefined ? '' : ` (got ${got})`}`;
  return { place, key, rule, remedy: remedyFor(issue, value, shape) ?? `write it like ${example}` };
}

/** What must hold for the value. */
function requirement(issue: Issue, shape: Shape): string {
  if (issue.code === 'invalid_value') return `must be one of ${(shape.enum ?? []).join(', ')}`;
  if (issue.code !== 'invalid_type') return issue.message;
  if (issue.path.length === 0) return 'must consist of `key: value` lines';
  if (shape.type === 'object') return 'must be a section, that is, keys on lines of their own';
  if (shape.type === 'array') return 'must be a list';
  if (shape.type === 'boolean') return 'must be true or false';
  return shape.type === 'integer' ? 'must be a whole number' : 'must be text';
}

/** What to do about it, where that can be told from the value. */
function remedyFor(issue: Issue, value: unknown, shape: Shape): string | undefined {
  const scalar = typeof value !== 'object';
  if (issue.path.length === 0) return 'begin with a copy of example.yaml';
  if (issue.code === 'invalid_value') {
    const guess = scalar ? nearest(String(value), shape.enum ?? []) : undefined;
    return guess === undefined ? 'choose one of them' : `did you mean "${guess}"?`;
  }
  if (issue.code === 'invalid_format') return adviceFor(keyOf(issue.path), String(value));
  if (issue.code !== 'invalid_type' || !scalar) return undefined;
  if (shape.type === 'integer') return /^\d+$/.test(String(value)) ? 'remove the quotes' : undefined;
  if (shape.type === 'boolean')
    return /^(true|false)$/i.test(String(value)) ? 'remove the quotes' : 'write true or false';
  if (shape.type === 'array') return 'put it on a line of its own that begins with "- "';
  return shape.type === 'string'
    ? (adviceFor(keyOf(issue.path), String(value)) ?? 'put it in quotes')
    : undefined;
}

/** How the key is written: `hostname: box.example.com`. */
function sample(shape: Shape, path: Path): string {
  const name = String(path.filter((part) => typeof part !== 'number').at(-1) ?? '');
  if (shape.type === 'object' && shape.properties !== undefined)
    return `${name}: ${section(shape.properties)}`;
  if (shape.items?.properties !== undefined && shape.examples === undefined)
    return `${name}: [${section(shape.items.properties)}]`;
  const one = shape.type === 'array' ? shape.items : shape;
  const [example] = shape.examples ?? one?.examples ?? one?.enum ?? ['...'];
  if (typeof example === 'object') return `${name}: ${flow(example)}`;
  const value = String(example);
  const inList = shape.type === 'array' || typeof path.at(-1) === 'number';
  return `${name}: ${inList ? `[${value}]` : value}`;
}

/** Its first key, and that there are more. */
function section(properties: Readonly<Record<string, Shape>>): string {
  const [first = 'key', ...others] = Object.keys(properties);
  return `{ ${sample(properties[first] ?? {}, [first])}${others.length > 0 ? ', ...' : ''} }`;
}

/** A list or a map on one line. */
function flow(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(flow).join(', ')}]`;
  if (typeof value !== 'object' || value === null) return String(value);
  return `{ ${Object.entries(value)
    .map(([name, inner]) => `${name}: ${flow(inner)}`)
    .join(', ')} }`;
}

function shapeAt(shape: Shape, path: Path): Shape {
  return path.reduce<Shape>((inner, part) => {
    if (typeof part === 'number') return inner.items ?? {};
    return inner.properties?.[String(part)] ?? (inner.additionalProperties || {});
  }, shape);
}

function valueAt(value: unknown, path: Path): unknown {
  return path.reduce<unknown>((inner, part) => (inner as Record<PropertyKey, unknown>)?.[part], value);
}

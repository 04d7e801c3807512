/**
 * Changes one record in the owner's `custom.yaml` and leaves all else of the file, its comments too, as it is. Pure.
 * What is added, set and removed is what Mail-in-a-Box's API means by POST, PUT and DELETE.
 */
import type { Document, Scalar, YAMLMap } from 'yaml';
import { plainName } from '../../contract/idna.ts';
import { Failure } from '../machine/failure.ts';
import { paths } from '../machine/paths.ts';
import { readCustom, type Written } from './custom.ts';
import { pasted } from './pasted.ts';

export type Action = 'add' | 'set' | 'remove';

/** A record to change. `remove` without a value takes every record of the name and type. */
export interface Change extends Pick<Written, 'name' | 'type'> {
  readonly action: Action;
  readonly value?: string;
}

/**
 * The file's new text; undefined where it says so already.
 * @throws Failure when the file can't be read.
 */
export async function changedCustom(text: string, change: Change): Promise<string | undefined> {
  const all = await readCustom(text);
  const before = all.filter((record) => isOf(record, change)).map(({ value }) => value);
  const after = valuesAfter(before, change);
  if (after.length === before.length && after.every((value, i) => value === before[i])) return undefined;
  const { parseDocument, visit, YAMLMap } = await import('yaml');
  const document = parseDocument(text, { schema: 'failsafe', uniqueKeys: false });
  visit(document, {
    Alias() {
      const what = `${paths.customRecords} repeats itself by YAML aliases (*name), and a change in one place is one in others`;
      throw new Failure(what, 'change the file by hand, then: box dns update');
    },
  });
  const map = document.contents instanceof YAMLMap ? (document.contents as YAMLMap) : new YAMLMap();
  const contents: { contents: unknown } = document;
  contents.contents = map;
  await putValues(document, map, all, change, after);
  return map.items.length === 0 ? '' : document.toString({ lineWidth: 0 });
}

function valuesAfter(before: readonly string[], { action, name, type, value }: Change): readonly string[] {
  const isSame = (other: string) => other === value || meantBy(name, type, other) === value;
  if (action === 'remove') return value === undefined ? [] : before.filter((other) => !isSame(other));
  if (value === undefined) return before;
  if (action === 'set') return before.length === 1 && before.every(isSame) ? before : [value];
  return before.some(isSame) ? before : [...before, value];
}

/** The value as the file is to have it: the text of what was pasted in quotes. What can't be read stays, to be refused. */
export function meantBy(name: string, type: string, value: string): string {
  const meant = pasted(name, type, value);
  return 'data' in meant ? meant.data : value.trim();
}

const isOf = (record: Written, { name, type }: Pick<Written, 'name' | 'type'>) =>
  plainName(record.name) === name && record.type.trim().toUpperCase() === type;

/**
 * Writes all values of one name and type: a single address of a name as `name: address`, which is how Mail-in-a-Box
 * writes it, a single value of a type as such, several as a list.
 */
async function putValues(
  document: Document,
  map: YAMLMap,
  all: readonly Written[],
  { name, type }: Change,
  values: readonly string[],
): Promise<void> {
  const { isScalar, Pair, YAMLMap, YAMLSeq } = await import('yaml');
  const nameIs = (key: unknown) => plainName(wordOf(key)) === name;
  const at = map.items.filter(({ key }) => nameIs(key));
  // What stands there already keeps its comment and its quotes.
  const nodes = at.flatMap(({ value }) => {
    if (!(value instanceof YAMLMap)) return type === 'A' ? [value] : [];
    const own = value.items.filter(({ key }) => wordOf(key).trim().toUpperCase() === type);
    return own.flatMap((pair) => (pair.value instanceof YAMLSeq ? pair.value.items : [pair.value]));
  });
  const written = values.map(
    (value) => nodes.find((node) => isScalar(node) && node.value === value) ?? scalarOf(document, value),
  );
  const entry =
    written.length === 1
      ? (written[0] as Scalar)
      : Object.assign(new YAMLSeq(), { items: written as unknown[] });
  const isAlone = !all.some((record) => plainName(record.name) === name && !isOf(record, { name, type }));
  if (isAlone && type === 'A' && written.length === 1) {
    if (at[0] === undefined) map.items.push(new Pair(scalarOf(document, name), entry));
    else {
      at[0].value = entry;
      map.items = map.items.filter((pair) => pair === at[0] || !at.includes(pair));
    }
    return;
  }
  // The same name may stand there twice, in other letters.
  for (const pair of at) {
    if (!(pair.value instanceof YAMLMap)) {
      // `name: address` becomes a map of types.
      const types = new YAMLMap();
      types.items.push(new Pair(scalarOf(document, 'A'), pair.value));
      pair.value = types;
    }
    const types = pair.value as YAMLMap;
    types.items = types.items.filter(({ key }) => wordOf(key).trim().toUpperCase() !== type);
  }
  const first = at[0];
  if (written.length > 0) {
    const pair = new Pair(scalarOf(document, type), entry);
    if (first === undefined) {
      const types = new YAMLMap();
      types.items.push(pair);
      map.items.push(new Pair(scalarOf(document, name), types));
    } else (first.value as YAMLMap).items.push(pair);
  }
  map.items = map.items.filter(
    ({ key, value }) => !(nameIs(key) && value instanceof YAMLMap && value.items.length === 0),
  );
}

/** In quotes, unless no reader of YAML 1.1 can take it for a number, a truth or a date: Mail-in-a-Box's is one. */
function scalarOf(document: Document, value: string): Scalar {
  const scalar = document.createNode(value) as Scalar;
  const isName =
    /^[a-z0-9_][a-z0-9_-]*(\.[a-z0-9_-]+)+\.?$/i.test(value) && /[a-z].*\.|\..*\..*\./i.test(value);
  if (!isName && !plainWords.test(value)) scalar.type = 'QUOTE_DOUBLE';
  return scalar;
}

const plainWords = /^(_secondary_nameserver|A|AAAA|CAA|CNAME|MX|NS|SRV|SSHFP|TXT)$/;

function wordOf(key: unknown): string {
  const value = typeof key === 'object' && key !== null && 'value' in key ? (key as Scalar).value : key;
  return typeof value === 'string' ? value : '';
}

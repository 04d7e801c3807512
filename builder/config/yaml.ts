/** Reads YAML 1.2 into plain values and remembers where each of them stands. */
import {
  type Document,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  type Pair,
  parseDocument,
  visit,
} from 'yaml';
import { tooDeepAt } from './nesting.ts';
import { type Path, pathText } from './path.ts';
import { ConfigError, type Place, type Problem } from './problem.ts';
import { sentenceFor } from './syntax.ts';
import { versionTrap } from './traps.ts';

/** A YAML text that could be read. */
export interface Sheet {
  readonly value: unknown;
  /** Where a value stands. An absent one: where the key of the nearest section around it stands. */
  readonly placeOf: (path: Path) => Place;
  /** Where a key stands. */
  readonly placeOfKey: (path: Path) => Place;
  /** What is wrong with the text although it could be read: keys that occur twice, ambiguous values. */
  readonly problems: readonly Problem[];
}

/** @throws ConfigError when the text is not YAML; only the first error is told, the rest follow from it. */
export function readYaml(text: string, file: string): Sheet {
  const lines = new LineCounter();
  const at = (offset: number): Place => {
    const { line, col } = lines.linePos(offset);
    return { file, line: Math.max(1, line), column: Math.max(1, col) };
  };
  const fail = (offset: number, rule: string, remedy: string): never => {
    throw new ConfigError([{ place: at(offset), key: '', rule, remedy }]);
  };

  const deep = tooDeepAt(text);
  if (deep !== undefined) {
    for (const match of text.matchAll(/^/gm)) lines.addNewLine(match.index);
    fail(deep, 'is nested deeper than a config can be', 'see docs/config.md for the sections there are');
  }
  const doc = parseDocument(text, {
    lineCounter: lines,
    prettyErrors: false,
    stringKeys: true,
    uniqueKeys: false,
    version: '1.2',
  });
  const [error] = [...doc.errors, ...doc.warnings].sort((a, b) => a.pos[0] - b.pos[0]);
  if (error !== undefined) fail(openQuote(doc, error.message) ?? error.pos[0], ...sentenceFor(error));
  if (doc.directives?.yaml.version !== '1.2')
    fail(0, 'asks for an old YAML version', 'remove the %YAML line');
  if (doc.contents === null || (isScalar(doc.contents) && doc.contents.value === null))
    throw new ConfigError([
      { place: { file }, key: '', rule: 'is empty', remedy: 'begin with a copy of example.yaml' },
    ]);

  const problems = survey(doc, at, fail);
  return {
    value: plain(doc, file),
    problems,
    placeOf: (path) => at(find(doc, path).value),
    placeOfKey: (path) => at(find(doc, path).key),
  };
}

/** Where the quote begins that is never closed: the library tells where the text ends. */
function openQuote(doc: Document.Parsed, message: string): number | undefined {
  if (!message.startsWith('Missing closing')) return undefined;
  let last: number | undefined;
  visit(doc, {
    Scalar: (_, node) => {
      if (node.type?.startsWith('QUOTE')) last = offsetOf(node);
    },
  });
  return last;
}

/** The document as JavaScript values. */
function plain(doc: Document.Parsed, file: string): unknown {
  try {
    return doc.toJS({ maxAliasCount: 100 });
  } catch (error) {
    // The library's guard against aliases that multiply ("billion laughs").
    if (!(error instanceof ReferenceError)) throw error;
    const [rule, remedy] = ['repeats its anchors too often', 'write the values out'];
    throw new ConfigError([{ place: { file }, key: '', rule, remedy }]);
  }
}

/** Offsets of a value and of its key; of the nearest section around it when there is no such value. */
function find(doc: Document.Parsed, path: Path): { key: number; value: number } {
  let node: unknown = doc.contents;
  let found = offsetOf(node) ?? 0;
  for (const part of path) {
    if (isAlias(node)) node = node.resolve(doc);
    if (isSeq(node) && typeof part === 'number') {
      node = node.items[part];
      found = offsetOf(node) ?? found;
    } else {
      // The last of two equal keys is the one whose value counts.
      const pair: Pair | undefined = isMap(node)
        ? node.items.filter((item) => isScalar(item.key) && item.key.value === part).at(-1)
        : undefined;
      if (pair === undefined) return { key: found, value: found };
      found = offsetOf(pair.key) ?? found;
      node = pair.value;
    }
  }
  // A section or list is best shown by its key, and so is a key without a value.
  const itself = isAlias(node) || (isScalar(node) && node.source !== '');
  return { key: found, value: itself ? (offsetOf(node) ?? found) : found };
}

function offsetOf(node: unknown): number | undefined {
  return (node as { range?: readonly number[] | null } | null | undefined)?.range?.[0];
}

/** Walks the text's own nodes (an alias is not followed) and lists what must not pass in silence. */
function survey(
  doc: Document.Parsed,
  at: (offset: number) => Place,
  fail: (offset: number, rule: string, remedy: string) => never,
): Problem[] {
  const problems: Problem[] = [];
  const walk = (node: unknown, path: Path): void => {
    const offset = offsetOf(node) ?? 0;
    if (isAlias(node) && node.resolve(doc) === undefined)
      fail(offset, 'an alias (`*`) repeats an anchor that is not set above it', 'set the anchor (`&`) first');
    if (isSeq(node)) node.items.forEach((item, index) => void walk(item, [...path, index]));
    if (isScalar(node) && node.type === 'PLAIN') {
      const trap = versionTrap(node.source ?? '', node.value);
      if (trap !== undefined) {
        const remedy = 'put text in quotes, write a number in plain decimal digits';
        problems.push({ place: at(offset), key: pathText(path), rule: trap, remedy });
      }
    }
    if (!isMap(node)) return;
    const firsts = new Map<string, number>();
    for (const { key, value } of node.items) {
      const name = String(isScalar(key) ? key.value : key);
      const place = at(offsetOf(key) ?? offset);
      const first = firsts.get(name);
      if (first === undefined) firsts.set(name, place.line ?? 0);
      else {
        const rule = `occurs twice in its section, first on line ${first}`;
        problems.push({ place, key: pathText([...path, name]), rule, remedy: 'keep one of them' });
      }
      walk(value, [...path, name]);
    }
  };
  walk(doc.contents, []);
  return problems;
}

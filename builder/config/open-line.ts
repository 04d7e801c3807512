/**
 * Whether a line of a config may be shown. It is judged as it stands, since a text with a mistake has no sure structure: what is
 * not plainly the line of a known key that holds no secret stays in the dark.
 */
import { distance } from 'fastest-levenshtein';
import * as z from 'zod';
import { configSchema, secretKeys } from './schema.ts';
import { looksSecret } from './shown.ts';

interface Shape {
  readonly properties?: Readonly<Record<string, Shape>>;
}

const secretNames = secretKeys.map((key) => key.slice(key.lastIndexOf('.') + 1));
/** Found when the first mistake is shown: it takes longer than to read a config without one. */
let foundNames: readonly string[] | undefined;
const openNames = (): readonly string[] => {
  foundNames ??= namesIn(z.toJSONSchema(configSchema, { io: 'input' }) as Shape).filter(
    (name) => !secretNames.includes(name),
  );
  return foundNames;
};

/** Words that go with secrets, in whatever spelling. */
const secretWords = /pass|hash|secret|token|priv|cred|key|pwd|auth/i;
/** An anchor, whose value may be a secret elsewhere; a run of letters that may be a key. */
const secretForms = /(?:^|\s)&\S|[\w+/=-]{32}/;

/** Whether the line with this index shows nothing that may be a secret. */
export function isOpen(lines: readonly string[], index: number): boolean {
  const line = lines[index] ?? '';
  if (isSuspicious(line) || looksSecret.test(line)) return false;
  if (!hasOpenKeys(line) && !isItemOfOpenKey(lines, index)) return false;
  let indent = indentOf(line);
  for (let above = index - 1; above >= 0; above--) {
    const text = lines[above] ?? '';
    if (text.trim() === '' || /^\s*#/.test(text)) continue;
    const isAround = indentOf(text) < indent;
    // Below a secret's key, and below one whose value does not end on its line, all may be its value.
    if (isSuspicious(text) && (isAround || isUnclosed(text))) return false;
    if (isAround) indent = indentOf(text);
  }
  return true;
}

/** The words count with a slip in their middle too. */
function isSuspicious(line: string): boolean {
  return secretForms.test(line) || secretWords.test(line.replace(/[^a-z]/gi, ''));
}

/** `key: value`, or several of them; each key is known, or nearly, and there is no colon that may end another. */
function hasOpenKeys(line: string): boolean {
  const colons = line.match(/:(?=\s|$)|(?<=["']\s*):/g) ?? [];
  const names = [...line.matchAll(/(?:^|[\s{,])["']?([^\s{},:"']+)["']?\s*:(?=\s|$)/g)].map(
    ([, name = '']) => name,
  );
  return names.length > 0 && names.length === colons.length && names.every(isOpenName);
}

/** `- value`, where the key above is known. */
function isItemOfOpenKey(lines: readonly string[], index: number): boolean {
  const line = lines[index] ?? '';
  if (!/^\s*- *[^\s-]/.test(line) || /:(?:\s|$)/.test(line)) return false;
  const owner = lines
    .slice(0, index)
    .filter((text) => /^\s*[^\s#-]/.test(text) && indentOf(text) <= indentOf(line))
    .at(-1);
  const name = /^\s*([\w-]+):\s*(?:#.*)?$/.exec(owner ?? '')?.[1];
  return name !== undefined && isOpenName(name);
}

function isOpenName(name: string): boolean {
  return openNames().some(
    (known) =>
      name === known || distance(name.toLowerCase(), known.toLowerCase()) <= (known.length < 6 ? 1 : 2),
  );
}

function isUnclosed(line: string): boolean {
  const count = (character: string) => line.split(character).length - 1;
  return (
    count('"') % 2 === 1 || count("'") % 2 === 1 || count('{') !== count('}') || count('[') !== count(']')
  );
}

function indentOf(line: string): number {
  return line.length - line.trimStart().length;
}

function namesIn({ properties = {} }: Shape): string[] {
  return Object.entries(properties).flatMap(([name, shape]) => [name, ...namesIn(shape)]);
}

/**
 * What the YAML library's error codes mean to somebody who writes a config. The library's own messages
 * may quote the file, and with it a secret.
 */
import type { ErrorCode, YAMLError, YAMLWarning } from 'yaml';

export type Sentence = readonly [rule: string, remedy: string];

const sentences: Readonly<Partial<Record<ErrorCode, Sentence>>> = {
  TAB_AS_INDENT: ['a tab is used for indentation', 'indent with spaces'],
  MULTIPLE_DOCS: ['a second YAML document begins here', 'keep one config per file and remove the `---` line'],
  MISSING_CHAR: ['a bracket, a comma, a colon or a space is missing here', 'add it'],
  BAD_INDENT: [
    'the indentation does not fit, or a bracket is not closed',
    'indent all keys of one section alike and close every [ and {',
  ],
  BLOCK_AS_IMPLICIT_KEY: [
    'a second `key:` stands inside a value',
    'give each key a line of its own, indented like its neighbours, or put the value in quotes',
  ],
  MULTILINE_IMPLICIT_KEY: [
    'this line is no `key: value`',
    'put a colon and a space after the key, and close every quote',
  ],
  BAD_SCALAR_START: ['a value begins with a character that YAML reserves', 'put the value in quotes'],
  BAD_DQ_ESCAPE: [
    'a backslash in double quotes is not an escape that YAML knows',
    'use single quotes, or write \\\\ for a backslash',
  ],
  TAG_RESOLVE_FAILED: ['a tag (`!`) has no meaning here', 'remove it, or put the value in quotes'],
  BAD_DIRECTIVE: ['a line that begins with % has no meaning here', 'remove it'],
  BAD_ALIAS: ['an alias (`*`) has no name', 'name the anchor it repeats, or put the value in quotes'],
  NON_STRING_KEY: ['a key is not plain text', 'write `key: value` with one of the keys in docs/config.md'],
};

/** Rule and remedy for an error of the YAML library. */
export function sentenceFor({ code, message }: YAMLError | YAMLWarning): Sentence {
  // One code stands for every character that can be missing; the beginning of this message holds no text of the file.
  if (message.startsWith('Missing closing')) return ['a quote is opened here and not closed', 'close it'];
  return (
    sentences[code] ?? [
      'this is not YAML as a config needs it',
      'write `key: value`, one key on a line; a `:`, a quote or an indentation may be missing',
    ]
  );
}

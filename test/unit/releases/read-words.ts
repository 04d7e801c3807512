/** Reads a table of words: which version brought each, and which took it away. */
import { readFileSync } from 'node:fs';

export interface Row {
  /** `own`: a name that the file itself makes. */
  readonly since: string;
  readonly until?: string;
}

/**
 * `2.3.0..3.9.0: word word`: brought by the first, taken away by the second; `own: word`. Empty lines and `#` are passed over.
 * @throws for a line of another form, and for a word that stands twice
 */
export function readWords(file: string, between = ' '): Map<string, Row> {
  const found = new Map<string, Row>();
  for (const line of readFileSync(file, 'utf8').split('\n')) {
    if (line === '' || line.startsWith('#')) continue;
    const [, since = '', until, words = ''] = /^([\d.]+?|own)(?:\.\.([\d.]+))?: (.*)$/.exec(line) ?? [];
    if (since === '') throw new Error(`${file}: ${line}`);
    for (const word of words.split(between)) {
      if (found.has(word)) throw new Error(`${file}: ${word} twice`);
      found.set(word, { since, ...(until === undefined ? {} : { until }) });
    }
  }
  return found;
}

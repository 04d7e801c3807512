/**
 * Finds text that nests deeper than any config does, before the YAML library sees it: the library
 * recurses, and a few thousand brackets overflow its stack (in a regular expression: that ends the process).
 */
import { CST, Lexer } from 'yaml';

/** A config is four deep. */
const limit = 32;
/** A block that is indented this far is as good as nested too deep. */
const indentLimit = 200;

/** Each of these on one line opens a level: `- - -`. */
const blockIndicators = new Set(['seq-item-ind', 'map-value-ind']);

/** The offset at which the nesting passes the limit, if it does. */
export function tooDeepAt(text: string): number | undefined {
  let offset = 0;
  let brackets = 0;
  let indicatorsOnLine = 0;
  let atLineStart = true;
  for (const token of new Lexer().lex(text)) {
    const type = CST.tokenType(token);
    if (type === 'flow-seq-start' || type === 'flow-map-start') brackets += 1;
    else if (type === 'flow-seq-end' || type === 'flow-map-end') brackets = Math.max(0, brackets - 1);
    else if (type === 'newline') indicatorsOnLine = 0;
    else if (type === 'explicit-key-ind' || (brackets === 0 && blockIndicators.has(type ?? '')))
      indicatorsOnLine += 1;
    if (brackets > limit || indicatorsOnLine > limit) return offset;
    if (atLineStart && type === 'space' && token.length > indentLimit && token.trim() === '') return offset;
    atLineStart = type === 'newline';
    // The lexer marks documents and scalars by control characters that aren't in the text.
    if (type !== 'doc-mode' && type !== 'flow-error-end' && type !== 'scalar') offset += token.length;
  }
  return undefined;
}

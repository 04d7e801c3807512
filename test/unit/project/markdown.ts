/** The project's documents, and the little of Markdown that their tests need: sections, tables, code blocks. */
import { readdirSync } from 'node:fs';

/** Every document's path, at the root and in docs/. */
export const documents: readonly string[] = [
  ...readdirSync('.'),
  ...readdirSync('docs').map((name) => `docs/${name}`),
].filter((file) => file.endsWith('.md'));

/** What stands under a heading, up to the next one of its level or a higher one. @throws where there is none */
export function section(text: string, heading: string): string {
  const lines = text.split('\n');
  const start = lines.findIndex((line) => /^#+ /.test(line) && line.replace(/^#+ /, '') === heading);
  if (start === -1) throw new Error(`there is no heading "${heading}"`);
  const level = (lines[start] ?? '').indexOf(' ');
  const length = lines.slice(start + 1).findIndex((line) => {
    const depth = /^(#+) /.exec(line)?.[1]?.length;
    return depth !== undefined && depth <= level;
  });
  return lines.slice(start + 1, length === -1 ? undefined : start + 1 + length).join('\n');
}

/** The cells of every table's rows, trimmed; without the head and the line under it. */
export function tableRows(text: string): string[][] {
  const lines = text.split('\n');
  const isRow = (line: string | undefined) => line?.startsWith('|') === true;
  const isRule = (line: string | undefined) => /^\|[-:| ]+\|$/.test(line ?? '');
  return lines
    .filter((line, i) => isRow(line) && !isRule(line) && !isRule(lines[i + 1]))
    .map((line) =>
      line
        .slice(1, -1)
        .split('|')
        .map((cell) => cell.trim()),
    );
}

/** The fenced code blocks, without the fences. */
export function codeBlocks(text: string): string[] {
  return [...text.matchAll(/^```.*\n([\s\S]*?)^```$/gm)].map(([, code = '']) => code);
}

/** A cell's text without the backticks around it. */
export function unquoted(cell: string): string {
  return cell.replace(/^`(.*)`$/, '$1');
}

/** The line that a problem is about, with a mark under the place: for people at a terminal. */
import stringWidth from 'string-width';
import { isOpen } from './open-line.ts';
import { type ConfigError, formatProblem, type Place, shownText } from './problem.ts';

/** A terminal that shows more is not read any more. */
const mostPictures = 20;
const tab = '    ';
const cut = '...';

/** All problems as `letterbox check` tells them, each with its line where that may be shown. `columns`: the terminal's width. */
export function pictured(error: ConfigError, columns = 80): string {
  const lines = error.text?.split(/\r?\n/) ?? [];
  return error.problems
    .flatMap((problem, index) => [
      formatProblem(problem),
      ...(index < mostPictures ? excerpt(lines, problem.place, columns) : []),
    ])
    .join('\n');
}

/** Two lines, the second with a caret; none without a place, and none that may show a secret. */
export function excerpt(lines: readonly string[], { line, column }: Place, columns: number): string[] {
  if (line === undefined || column === undefined || !isOpen(lines, line - 1)) return [];
  // A comment is not what is wrong, and may say anything.
  const text = (lines[line - 1] ?? '').replace(/\s#.*$/, '').trimEnd();
  if (column > text.length + 1) return [];
  const gutter = `${String(line).padStart(5)} | `;
  const room = Math.max(columns - 1 - gutter.length, 20);
  const [before, after] = fitted(visible(text.slice(0, column - 1)), visible(text.slice(column - 1)), room);
  return [
    `${gutter}${before}${after}`,
    `${' '.repeat(gutter.length - 2)}| ${' '.repeat(stringWidth(before))}^`,
  ];
}

/** Both sides of the place, cut where they are wider together than the room; what is near the place stays. */
function fitted(before: string, after: string, room: number): [before: string, after: string] {
  if (stringWidth(before + after) <= room) return [before, after];
  const left = Math.max(room - stringWidth(after), Math.floor(room / 2));
  const shownBefore = stringWidth(before) <= left ? before : cut + last(before, left - cut.length);
  const right = room - stringWidth(shownBefore);
  return [shownBefore, stringWidth(after) <= right ? after : first(after, right - cut.length) + cut];
}

const letters = new Intl.Segmenter();

/** As much of the beginning as is no wider than `width` columns, in whole letters. */
function first(text: string, width: number): string {
  return fill([...letters.segment(text)], width).join('');
}

/** As much of the end. */
function last(text: string, width: number): string {
  return fill([...letters.segment(text)].reverse(), width)
    .reverse()
    .join('');
}

function fill(segments: readonly Intl.SegmentData[], width: number): string[] {
  const taken: string[] = [];
  let sum = 0;
  for (const { segment } of segments) {
    sum += stringWidth(segment);
    if (sum > width) break;
    taken.push(segment);
  }
  return taken;
}

/** Nothing in it may steer the terminal, and all of it takes up the room that it seems to. */
function visible(text: string): string {
  return shownText(text.replaceAll('\t', tab));
}

/** What a booting box says on its serial console, and the one line that says how the boot ended. */
import { existsSync, readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import type { BoxReport } from '../../contract/report.ts';

export interface Watch {
  readonly log: string;
  /** Bytes of the log to skip: what earlier boots said. */
  readonly from: number;
  /** How long the console may be silent. As long as it tells of something, the box goes on: slow is not broken. */
  readonly silenceSeconds: number;
  readonly onLine: (line: string) => void;
  /** The machine still runs. */
  readonly alive: () => boolean;
}

/** Milliseconds between two looks. */
const pause = 250;

/** Follows the log until the box has reported. @throws when it falls silent, or when the machine ends first. */
export async function watchConsole({ log, from, silenceSeconds, onLine, alive }: Watch): Promise<BoxReport> {
  // Counted by looks: where this process or the whole machine had no turn, the box had none either.
  let silence = 0;
  let seen = 0;
  let last = '';
  while (silence < silenceSeconds * 1000) {
    const runs = alive();
    const lines = text(log, from).split('\n').slice(0, -1).map(plain);
    for (const line of lines.slice(seen)) {
      const report = parseReport(line);
      if (report !== undefined) return report;
      if (line === '') continue;
      silence = 0;
      last = line;
      onLine(line);
    }
    seen = lines.length;
    if (!runs) throw new Error(`the machine ended before the box was ready${quote(last)}`);
    await sleep(pause);
    silence += pause;
  }
  throw new Error(
    `waited for the line \`letterbox: {...}\` that ends a boot, and the console was silent for ${silenceSeconds} s${quote(last)}`,
  );
}

function quote(last: string): string {
  return last === '' ? '; it never said anything' : `; its last words: ${last}`;
}

/** The report in a console line `letterbox: {...}`, if it is one. */
export function parseReport(line: string): BoxReport | undefined {
  const json = /letterbox: (\{.*\})\s*$/.exec(line)?.[1];
  if (json === undefined) return undefined;
  try {
    const report = JSON.parse(json) as BoxReport;
    return report.stage === 'ready' || report.stage === 'failed' ? report : undefined;
  } catch {
    return undefined;
  }
}

function text(log: string, from: number): string {
  return existsSync(log) ? readFileSync(log).subarray(from).toString('utf8') : '';
}

/** Without carriage returns and colours. */
function plain(line: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: terminal escapes begin with one
  return line.replace(/\x1b\[[0-9;?]*[a-zA-Z]|[\x00-\x08\x0b-\x1f]/g, '').trim();
}

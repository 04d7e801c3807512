/** Follows a log from where it was read last, over one rotation: each line once, and as much at a time as a look may cost. */
import type { Machine } from './machine.ts';

/** How far a log was read. */
export interface Place {
  readonly file: number;
  readonly offset: number;
}

/** Whole lines only. @param most bytes of each file, about */
export async function follow(
  machine: Machine,
  path: string,
  last: Place,
  most: number,
  take: (line: string) => void,
): Promise<Place> {
  const current = await machine.identity(path);
  const rotated = `${path}.1`;
  // What was written between the last look and the rotation.
  if (current?.file !== last.file && (await machine.identity(rotated))?.file === last.file)
    await linesOf(machine, rotated, last.offset, most, take);
  if (current === undefined) return { file: 0, offset: 0 };
  const from = current.file === last.file && last.offset <= current.size ? last.offset : 0;
  const read = await linesOf(machine, path, from, most, take);
  return { file: current.file, offset: from + read };
}

/** Gives how many bytes the lines are. */
export async function linesOf(
  machine: Machine,
  path: string,
  from: number,
  most: number,
  take: (line: string) => void,
): Promise<number> {
  let [bytes, rest] = [0, Buffer.alloc(0) as Buffer];
  for await (const chunk of machine.chunks(path, from)) {
    const all = Buffer.concat([rest, chunk]);
    const end = all.lastIndexOf(0x0a) + 1;
    if (end > 0)
      for (const line of all
        .subarray(0, end - 1)
        .toString('latin1')
        .split('\n'))
        take(line);
    bytes += end;
    rest = all.subarray(end);
    if (bytes > most || rest.length > 1_048_576) break;
  }
  return bytes;
}

/** Time and host, in either of syslog's forms. */
const begins = /^(\w{3} [ \d]\d [\d:]{8}|\d{4}-\S+) \S+ /;

export interface LogLine {
  readonly time: string;
  readonly said: string;
}

export function partsOf(line: string): LogLine | undefined {
  const [start, time] = begins.exec(line) ?? [];
  return start === undefined || time === undefined ? undefined : { time, said: line.slice(start.length) };
}

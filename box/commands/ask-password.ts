/** Reads a new password: twice from a terminal, without echo, or one line from a pipe. */
import type { ReadStream } from 'node:tty';
import { Failure } from '../machine/failure.ts';

export async function askPassword(): Promise<string> {
  const { stdin, stderr } = process;
  if (!stdin.isTTY) return firstLine(stdin);
  // One raw stretch for both: what is typed or pasted in between is not echoed either.
  stdin.setRawMode(true);
  stdin.setEncoding('utf8');
  try {
    stderr.write('New password: ');
    const first = await hiddenLine(stdin);
    stderr.write('\nThe same again: ');
    const second = await hiddenLine(stdin);
    if (first !== second) throw new Failure('the two passwords differ', 'nothing was changed; try again');
    return first;
  } finally {
    stderr.write('\n');
    stdin.setRawMode(false);
    stdin.pause();
  }
}

async function firstLine(input: NodeJS.ReadableStream): Promise<string> {
  const pieces: Buffer[] = [];
  for await (const piece of input) pieces.push(Buffer.from(piece));
  const line = Buffer.concat(pieces).toString('utf8').split(/\r?\n/)[0] ?? '';
  if (line === '')
    throw new Failure('no password was given', 'type it, or send it as one line to standard input');
  return line;
}

const backspaces = new Set(['\b', '\u007f']);
const killLine = '\u0015';
const interrupt = '\u0003';
const ends = new Set(['\r', '\n', '\u0004']);

async function hiddenLine(terminal: ReadStream): Promise<string> {
  return new Promise((resolve, reject) => {
    let line: string[] = [];
    const take = (text: string) => {
      const characters = [...text];
      for (const [i, character] of characters.entries()) {
        if (character === interrupt || ends.has(character)) {
          terminal.off('data', take);
          terminal.pause();
          const rest = characters.slice(i + 1).join('');
          if (rest !== '') terminal.unshift(rest, 'utf8');
          if (character === interrupt) reject(new Failure('interrupted', 'nothing was changed'));
          else resolve(line.join(''));
          return;
        }
        if (backspaces.has(character)) line.pop();
        else if (character === killLine) line = [];
        else line.push(character);
      }
    };
    terminal.on('data', take);
    terminal.resume();
  });
}

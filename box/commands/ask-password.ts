/** Reads a new password: twice from a terminal, without echo, or one line from a pipe. */
import type { ReadStream } from 'node:tty';
import { Failure } from '../failure.ts';

export async function askPassword(): Promise<string> {
  const { stdin, stderr } = process;
  if (!stdin.isTTY) return firstLine(stdin);
  stderr.write('New password: ');
  const first = await hiddenLine(stdin);
  stderr.write('\nThe same again: ');
  const second = await hiddenLine(stdin);
  stderr.write('\n');
  if (first !== second) throw new Failure('the two passwords differ', 'nothing was changed; try again');
  return first;
}

async function firstLine(input: NodeJS.ReadableStream): Promise<string> {
  const pieces: Buffer[] = [];
  for await (const piece of input) pieces.push(Buffer.from(piece));
  const line = Buffer.concat(pieces).toString('utf8').split(/\r?\n/)[0] ?? '';
  if (line === '')
    throw new Failure('no password was given', 'type it, or send it as one line to standard input');
  return line;
}

async function hiddenLine(terminal: ReadStream): Promise<string> {
  terminal.setRawMode(true);
  terminal.setEncoding('utf8');
  terminal.resume();
  try {
    return await new Promise<string>((resolve, reject) => {
      let line: string[] = [];
      const take = (text: string) => {
        for (const character of text) {
          if (character === '\r' || character === '\n' || character === '\u0004') {
            terminal.off('data', take);
            resolve(line.join(''));
            return;
          }
          if (character === '\u0003') {
            terminal.off('data', take);
            reject(new Failure('interrupted', 'nothing was changed'));
            return;
          }
          if (character === '\u007f' || character === '\b') line.pop();
          else if (character === '\u0015') line = [];
          else line.push(character);
        }
      };
      terminal.on('data', take);
    });
  } finally {
    terminal.setRawMode(false);
    terminal.pause();
  }
}

/** Reads what is sent to standard input, all of it: files that hold secrets come by it, and mails for the box itself. */
import { Failure } from '../machine/failure.ts';

export async function readInput(): Promise<string> {
  const { stdin } = process;
  if (stdin.isTTY) throw new Failure('nothing is sent to standard input', 'send a file: < FILE');
  const pieces: Buffer[] = [];
  for await (const piece of stdin) pieces.push(Buffer.from(piece));
  return Buffer.concat(pieces).toString('utf8');
}

/** No more than `most` are held; the rest is read all the same, so that who sends it sees no broken pipe. */
export async function readBytes(most: number): Promise<Buffer | undefined> {
  const pieces: Buffer[] = [];
  let length = 0;
  for await (const piece of process.stdin) {
    length += piece.length;
    if (length > most) pieces.length = 0;
    else pieces.push(piece);
  }
  return length > most ? undefined : Buffer.concat(pieces);
}

/** Reads what is sent to standard input, all of it: files that hold secrets come by it. */
import { Failure } from '../machine/failure.ts';

export async function readInput(): Promise<string> {
  const { stdin } = process;
  if (stdin.isTTY) throw new Failure('nothing is sent to standard input', 'send a file: < FILE');
  const pieces: Buffer[] = [];
  for await (const piece of stdin) pieces.push(Buffer.from(piece));
  return Buffer.concat(pieces).toString('utf8');
}

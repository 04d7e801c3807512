/** Puts a question to the keeper. */
import { connect } from 'node:net';
import { longestAnswer, type Question, type Reply, replySchema } from '../keeper/protocol.ts';

/** Milliseconds: signing many zones takes a while. */
const patience = 180_000;

export type AskKeeper = (question: Question) => Promise<Reply>;

export function keeperAt(path: string): AskKeeper {
  return (question) =>
    new Promise((resolve, reject) => {
      const socket = connect({ path });
      const parts: Buffer[] = [];
      let length = 0;
      socket.setTimeout(patience, () => socket.destroy(new Error('the keeper does not answer')));
      socket.once('connect', () => socket.write(`${JSON.stringify(question)}\n`));
      socket.on('data', (bytes) => {
        length += bytes.length;
        if (length > longestAnswer) socket.destroy(new Error('the keeper says too much'));
        parts.push(bytes);
      });
      socket.once('error', reject);
      socket.once('end', () => {
        try {
          resolve(replySchema.parse(JSON.parse(Buffer.concat(parts).toString('utf8'))) as Reply);
        } catch {
          reject(new Error('the keeper hung up'));
        }
        socket.destroy();
      });
    });
}

/** Asks the box's own resolver, over TCP: on the loopback interface that costs nothing, and no answer is cut off. */
import { randomBytes } from 'node:crypto';
import { connect } from 'node:net';
import { type Answer, LookupFailed, question, type RecordType, readAnswer } from './question.ts';

const resolver = { host: '127.0.0.1', port: 53 } as const;
/** The resolver tries all servers of a zone, one after the other. */
const patience = 20_000;

/** @throws LookupFailed */
export async function askResolver(name: string, type: RecordType): Promise<Answer> {
  const id = randomBytes(2).readUInt16BE();
  const message = question(id, name, type);
  const length = Buffer.alloc(2);
  length.writeUInt16BE(message.length);
  return new Promise((resolve, reject) => {
    let got = Buffer.alloc(0);
    const socket = connect(resolver);
    const fail = (why: string) => {
      socket.destroy();
      reject(new LookupFailed(name, type, why));
    };
    const timer = setTimeout(() => fail('no answer in time'), patience);
    socket.on('close', () => {
      clearTimeout(timer);
      reject(new LookupFailed(name, type, 'the resolver closed the connection'));
    });
    socket.on('error', (error) => fail(error.message));
    socket.on('data', (bytes) => {
      got = Buffer.concat([got, bytes]);
      if (got.length < 2 || got.length < 2 + got.readUInt16BE()) return;
      try {
        resolve(readAnswer(got.subarray(2, 2 + got.readUInt16BE()), id, name, type));
      } catch (error) {
        reject(error);
      }
      socket.destroy();
    });
    socket.write(Buffer.concat([length, message]));
  });
}

/** The socketmap server: takes Postfix's look-ups on a loopback port. */
import { createServer, type Server, type Socket } from 'node:net';
import { NetstringReader, netstring } from './netstring.ts';
import { keyOf, type Reply, replyText } from './socketmap.ts';

/** A request holds a table's name and a domain: far less. */
const longestRequest = 1000;
/** Postfix keeps a connection while it has use for it. */
const idle = 600_000;
/** Postfix has 100 processes of a kind by default. */
const mostConnections = 256;

export type LookUp = (key: string) => Promise<Reply>;

export function serve(lookUp: LookUp, log: (line: string) => void): Server {
  const server = createServer((socket) => attend(socket, lookUp, log));
  server.maxConnections = mostConnections;
  return server;
}

function attend(socket: Socket, lookUp: LookUp, log: (line: string) => void): void {
  const reader = new NetstringReader(longestRequest);
  // Replies in the order of the requests.
  let last: Promise<void> = Promise.resolve();
  // An open connection is no reason to go on when the service is told to end.
  socket.unref();
  socket.setTimeout(idle, () => socket.destroy());
  socket.on('error', () => socket.destroy());
  socket.on('data', (bytes) => {
    let requests: string[];
    try {
      requests = reader.read(bytes);
    } catch {
      socket.destroy();
      return;
    }
    for (const request of requests) {
      last = last.then(async () => {
        const reply = await answer(request, lookUp, log);
        if (!socket.destroyed) socket.write(netstring(replyText(reply)));
      });
    }
  });
}

async function answer(request: string, lookUp: LookUp, log: (line: string) => void): Promise<Reply> {
  const key = keyOf(request);
  if (key === undefined) return { status: 'PERM', reason: 'no such table' };
  try {
    return await lookUp(key);
  } catch (error) {
    // A fault of ours must not send mail in the clear: Postfix tries again.
    log(`a fault, please report it: ${error instanceof Error ? error.stack : error}`);
    return { status: 'TEMP', reason: 'internal error' };
  }
}

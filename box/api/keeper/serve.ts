/** The keeper's socket: reads a line, writes a line, and hangs up. */
import { createServer, type Server, type Socket } from 'node:net';
import { longestQuestion } from './protocol.ts';

/** Milliseconds that the web process has to say what it wants. */
const patience = 10_000;
const mostConnections = 128;

export function serveQuestions(answer: (line: string) => Promise<unknown>): Server {
  const server = createServer({ allowHalfOpen: true }, (socket) => attend(socket, answer));
  server.maxConnections = mostConnections;
  return server;
}

function attend(socket: Socket, answer: (line: string) => Promise<unknown>): void {
  const parts: Buffer[] = [];
  let length = 0;
  let asked = false;
  socket.setTimeout(patience, () => {
    if (!asked) socket.destroy();
  });
  socket.on('error', () => socket.destroy());
  socket.on('end', () => {
    if (!asked) socket.destroy();
  });
  socket.on('data', (bytes) => {
    length += bytes.length;
    if (asked || length > longestQuestion) return void socket.destroy();
    parts.push(bytes);
    if (!bytes.includes(0x0a)) return;
    asked = true;
    const line = Buffer.concat(parts).toString('utf8').split('\n')[0] ?? '';
    answer(line).then(
      (reply) => socket.end(`${JSON.stringify(reply)}\n`),
      () => socket.destroy(),
    );
  });
}

/**
 * Program: `record-hellos.ts ADDRESS` is a mail server up to STARTTLS, and no further: it prints the cipher suites that
 * each client then offers (RFC 8446, section 4.1.2) as one line of JSON numbers, and hangs up.
 */
import { createServer, type Socket } from 'node:net';

const replies: Readonly<Record<string, string>> = {
  EHLO: '250-mx.example\r\n250 STARTTLS\r\n',
  STARTTLS: '220 go ahead\r\n',
};

const server = createServer((socket) => {
  socket.setTimeout(30_000, () => socket.destroy());
  socket.on('error', () => socket.destroy());
  socket.write('220 mx.example ESMTP\r\n');
  socket.once('data', (bytes) => converse(socket, bytes));
});
server.listen(25, process.argv[2], () => console.log('started'));

/** Answers one command; after STARTTLS whatever comes is a hello. */
function converse(socket: Socket, bytes: Buffer): void {
  const verb = bytes.toString('latin1').trim().split(' ')[0]?.toUpperCase() ?? '';
  socket.write(replies[verb] ?? '502 no\r\n');
  if (verb !== 'STARTTLS') {
    socket.once('data', (next) => converse(socket, next));
    return;
  }
  let hello = Buffer.alloc(0);
  socket.on('data', (part) => {
    hello = Buffer.concat([hello, part]);
    if (hello.length < 5 || hello.length < 5 + hello.readUInt16BE(3)) return;
    console.log(JSON.stringify(offeredSuites(hello)));
    socket.destroy();
  });
}

/** Record header 5, handshake header 4, version 2, random 32, then the session's id, then the suites; lengths before both. */
function offeredSuites(hello: Buffer): number[] {
  const session = 5 + 4 + 2 + 32;
  const suites = session + 1 + hello.readUInt8(session);
  const count = hello.readUInt16BE(suites) / 2;
  return Array.from({ length: count }, (_, index) => hello.readUInt16BE(suites + 2 + index * 2));
}

/**
 * Program: `sieve-starttls.ts LISTEN HOST PORT` says STARTTLS to a ManageSieve server (RFC 5804) on behalf of scanners that
 * can't, and then only passes bytes on: they speak TLS to LISTEN:PORT as if it began at once.
 */
import { connect, createServer } from 'node:net';

const [, , listen = '', host = '', port = ''] = process.argv;

createServer((client) => {
  const server = connect(Number(port), host);
  const end = () => {
    client.destroy();
    server.destroy();
  };
  for (const socket of [client, server]) socket.on('error', end).on('close', end);
  client.pause();
  let said = '';
  let greeted = false;
  const hear = (bytes: Buffer) => {
    said += bytes.toString('latin1');
    if (!/^OK.*\r\n$/ms.test(said)) return;
    said = '';
    if (!greeted) {
      greeted = true;
      server.write('STARTTLS\r\n');
      return;
    }
    server.off('data', hear);
    client.pipe(server).pipe(client);
  };
  server.on('data', hear);
}).listen(Number(port), listen, () => console.log('listening'));

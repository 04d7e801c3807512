/**
 * Program: sends bytes to an https server and tells what came back, for requests that no honest client would make.
 * Standard input holds JSON `{host, port, servername, requests: [base64...]}`; prints JSON: for each request the status
 * codes of all answers on its connection (one more than expected is a smuggled request), and whether it was hung up on.
 */
import { readFileSync } from 'node:fs';
import { connect } from 'node:tls';

interface Order {
  readonly host: string;
  readonly port: number;
  readonly servername: string;
  readonly requests: readonly string[];
}
const { host, port, servername, requests } = JSON.parse(readFileSync(0, 'utf8')) as Order;

function send(bytes: Buffer): Promise<string> {
  return new Promise((resolve) => {
    // Who the server is was tested elsewhere.
    const socket = connect({ host, port, servername, rejectUnauthorized: false });
    const parts: Buffer[] = [];
    const end = () => {
      clearTimeout(timer);
      socket.destroy();
      resolve(Buffer.concat(parts).toString('latin1'));
    };
    const timer = setTimeout(end, 20_000);
    socket.once('secureConnect', () => socket.write(bytes));
    socket.on('data', (part) => void parts.push(part));
    socket.once('close', end);
    socket.once('error', end);
  });
}

const answers: string[][] = [];
let next = 0;
const worker = async () => {
  for (;;) {
    const i = next++;
    const request = requests[i];
    if (request === undefined) return;
    const text = await send(Buffer.from(request, 'base64'));
    answers[i] = [...text.matchAll(/^HTTP\/1\.[01] (\d{3}) /gm)].map(([, status = '']) => status);
  }
};
await Promise.all(Array.from({ length: 8 }, worker));
console.log(JSON.stringify(answers));

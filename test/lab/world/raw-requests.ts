/**
 * Program: sends bytes to an https server and tells what came back, for requests that no honest client would make.
 * Standard input holds JSON `{host, port, servername, requests: [base64...]}`; prints JSON: for each request the status
 * codes of all answers on its connection (one more than expected is a smuggled request), and whether it was hung up on.
 * With `whole`, the requests are honest: one after the other, each with its own answer, whole, as text.
 */
import { readFileSync } from 'node:fs';
import { connect } from 'node:tls';

interface Order {
  readonly host: string;
  readonly port: number;
  readonly servername: string;
  readonly requests: readonly string[];
  readonly whole?: boolean;
}
const { host, port, servername, requests, whole = false } = JSON.parse(readFileSync(0, 'utf8')) as Order;

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
    const timer = setTimeout(end, 18_000);
    socket.once('secureConnect', () => socket.write(bytes));
    socket.on('data', (part) => {
      parts.push(part);
      if (whole && isComplete(Buffer.concat(parts))) end();
    });
    socket.once('close', end);
    socket.once('error', end);
  });
}

function isComplete(answer: Buffer): boolean {
  const head = answer.indexOf('\r\n\r\n');
  if (head < 0) return false;
  const length = /^content-length: (\d+)\r?$/im.exec(answer.subarray(0, head).toString('latin1'))?.[1];
  return length !== undefined && answer.length >= head + 4 + Number(length);
}

const answers: (string[] | string)[] = [];
let next = 0;
const worker = async () => {
  for (;;) {
    const i = next++;
    const request = requests[i];
    if (request === undefined) return;
    const text = await send(Buffer.from(request, 'base64'));
    answers[i] = whole
      ? text
      : [...text.matchAll(/^HTTP\/1\.[01] (\d{3}) /gm)].map(([, status = '']) => status);
  }
};
await Promise.all(Array.from({ length: whole ? 1 : 12 }, worker));
console.log(JSON.stringify(answers));

/**
 * A cloud's metadata service, as a program of its own inside a network namespace: `metadata-service.ts FOLDER ADDRESS...`. What it
 * answers is in FOLDER/answers.json, by method and path; who leaves out a header that an answer needs gets 401. Each request is
 * a line of FOLDER/requests.log, with what was sent in it.
 */
import { appendFileSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { Answers } from './cloud.ts';

const [, , folder = '.', ...addresses] = process.argv;
const answers = JSON.parse(readFileSync(`${folder}/answers.json`, 'utf8')) as Answers;

const server = (address: string) =>
  new Promise<void>((resolve) => {
    createServer(async (request, response) => {
      let sent = '';
      for await (const part of request.setEncoding('utf8')) sent += part;
      const answer = (status: number, text = '') => {
        const line = [request.method, request.url, status, ...(sent === '' ? [] : [JSON.stringify(sent)])];
        appendFileSync(`${folder}/requests.log`, `${line.join(' ')}\n`);
        response
          .writeHead(status, { 'content-type': 'text/plain', 'content-length': Buffer.byteLength(text) })
          .end(text);
      };
      const found = answers[`${request.method} ${request.url}`];
      if (found === undefined) return answer(404);
      const headers = Object.entries(found.needs ?? {});
      if (headers.some(([name, value]) => request.headers[name.toLowerCase()] !== value)) return answer(401);
      return answer(200, found.text);
    }).listen(80, address, resolve);
  });

await Promise.all(addresses.map(server));
console.log('metadata service: started');

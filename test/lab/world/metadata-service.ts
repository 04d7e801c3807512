/**
 * A cloud's metadata service, as a program of its own inside a network namespace: `metadata-service.ts FOLDER ADDRESS`. What it
 * answers is in FOLDER/answers.json, by method and path; who leaves out a header that an answer needs gets 401. Each request is
 * a line of FOLDER/requests.log.
 */
import { appendFileSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { Answers } from './cloud.ts';

const [, , folder = '.', address = '127.0.0.1'] = process.argv;
const answers = JSON.parse(readFileSync(`${folder}/answers.json`, 'utf8')) as Answers;

createServer((request, response) => {
  const answer = (status: number, text = '') => {
    appendFileSync(`${folder}/requests.log`, `${request.method} ${request.url} ${status}\n`);
    response
      .writeHead(status, { 'content-type': 'text/plain', 'content-length': Buffer.byteLength(text) })
      .end(text);
  };
  const found = answers[`${request.method} ${request.url}`];
  if (found === undefined) return answer(404);
  const headers = Object.entries(found.needs ?? {});
  if (headers.some(([name, value]) => request.headers[name.toLowerCase()] !== value)) return answer(401);
  return answer(200, found.text);
}).listen(80, address, () => console.log('metadata service: started'));

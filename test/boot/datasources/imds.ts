/**
 * EC2's instance metadata service, version 2 ("IMDSv2"): every read needs a token that was fetched with PUT.
 * Runs as a program of its own inside a network namespace: `imds.ts FOLDER`, with the answers in FOLDER/tree.json.
 */
import { randomBytes } from 'node:crypto';
import { appendFileSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';

/** A string is a document, an object is a folder that lists its children. */
type Tree = { readonly [name: string]: string | Tree };

const [, , folder = '.'] = process.argv;
const tree = JSON.parse(readFileSync(`${folder}/tree.json`, 'utf8')) as Tree;
const token = randomBytes(16).toString('hex');

createServer((request, response) => {
  const answer = (status: number, text = '') => {
    appendFileSync(`${folder}/requests.log`, `${request.method} ${request.url} ${status}\n`);
    response
      .writeHead(status, { 'content-type': 'text/plain', 'content-length': Buffer.byteLength(text) })
      .end(text);
  };
  const path = (request.url ?? '/').split('/').filter((part) => part !== '');
  if (request.method === 'PUT' && path.join('/') === 'latest/api/token') return answer(200, token);
  if (request.headers['x-aws-ec2-metadata-token'] !== token) return answer(401);
  // The first part is the version of the interface (`latest`, `2009-04-04`...).
  const found = path
    .slice(1)
    .reduce<string | Tree | undefined>(
      (node, name) => (typeof node === 'object' && Object.hasOwn(node, name) ? node[name] : undefined),
      tree,
    );
  if (found === undefined) return answer(404);
  if (typeof found === 'string') return answer(200, found);
  const children = Object.entries(found).map(([name, child]) =>
    typeof child === 'string' ? name : `${name}/`,
  );
  return answer(200, children.join('\n'));
}).listen(80, '169.254.169.254', () => console.log('imds: started'));

/** The policy server's program, run outside: FOLDER holds HOST.pem, HOST.key and HOST.json (see `Answer`). */
import { existsSync, readFileSync } from 'node:fs';
import { createServer } from 'node:https';
import path from 'node:path';
import { createSecureContext } from 'node:tls';
import type { Answer } from './policy-server.ts';

const [folder = '', address = ''] = process.argv.slice(2);
const at = (name: string) => path.join(folder, name);

const server = createServer(
  {
    SNICallback: (host, done) => {
      if (!existsSync(at(`${host}.pem`))) return done(new Error(`no host ${host}`));
      done(
        null,
        createSecureContext({ key: readFileSync(at(`${host}.key`)), cert: readFileSync(at(`${host}.pem`)) }),
      );
    },
  },
  (request, response) => {
    const host = (request.headers.host ?? '').replace(/[^a-z0-9.-]/g, '');
    process.stdout.write(`${host} ${request.url}\n`);
    const known = request.url === '/.well-known/mta-sts.txt' && existsSync(at(`${host}.json`));
    if (!known) return response.writeHead(404).end();
    const { status, headers, body } = JSON.parse(readFileSync(at(`${host}.json`), 'utf8')) as Answer;
    response.writeHead(status, headers).end(body);
  },
);
server.listen(443, address, () => process.stdout.write('started\n'));

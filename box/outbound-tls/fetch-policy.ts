/** Fetches an MTA-STS policy over HTTPS as RFC 8461, section 3.3 demands: a valid certificate, no redirect, plain text. */
import type { IncomingMessage } from 'node:http';
import type { Machine } from '../machine/machine.ts';
import { paths } from '../machine/paths.ts';

/** Postfix waits for us; RFC 8461 suggests a minute at most. */
const patience = 20_000;
const mostBytes = 64 * 1024;

export interface Web {
  /** PEM certificates of the authorities that count. */
  readonly ca: string;
  /** For tests: another address and port than DNS gives. */
  readonly at?: { readonly host: string; readonly port: number };
}

/** The system's own authorities, read each time: an upgrade of theirs counts at once. Node brings a list of its own. */
export async function fetchFromMachine(machine: Machine, domain: string): Promise<string> {
  const ca = await machine.read(paths.authorities);
  if (ca === undefined) throw new Error(`${paths.authorities} is missing`);
  return fetchPolicy(domain, { ca });
}

/** @throws Error saying what is wrong */
export async function fetchPolicy(domain: string, { ca, at }: Web): Promise<string> {
  const host = `mta-sts.${domain}`;
  // Most mail goes to domains without a policy.
  const { request } = await import('node:https');
  return new Promise((resolve, reject) => {
    const asked = request({
      host: at?.host ?? host,
      port: at?.port ?? 443,
      path: '/.well-known/mta-sts.txt',
      servername: host,
      headers: { host, accept: 'text/plain' },
      ca,
      minVersion: 'TLSv1.2',
      agent: false,
    });
    const timer = setTimeout(
      () => asked.destroy(new Error(`no policy after ${patience / 1000} s`)),
      patience,
    );
    asked.on('close', () => clearTimeout(timer));
    asked.on('error', reject);
    asked.on('response', (response) => {
      const wrong = faultOf(response);
      if (wrong !== undefined) asked.destroy(new Error(wrong));
      let text = Buffer.alloc(0);
      response.on('data', (bytes: Buffer) => {
        text = Buffer.concat([text, bytes]);
        if (text.length > mostBytes) asked.destroy(new Error(`longer than ${mostBytes} bytes`));
      });
      response.on('error', reject);
      response.on('end', () => resolve(text.toString('latin1')));
    });
    asked.end();
  });
}

function faultOf({ statusCode, headers }: IncomingMessage): string | undefined {
  // A redirect is a status like any other that is not 200.
  if (statusCode !== 200) return `the web server says ${statusCode}`;
  const type = (headers['content-type'] ?? '').split(';')[0]?.trim().toLowerCase();
  return type === 'text/plain' ? undefined : `the policy is ${type || 'of no type'}, not text/plain`;
}

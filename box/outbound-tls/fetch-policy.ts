/** Fetches an MTA-STS policy over HTTPS as RFC 8461, section 3.3 demands: a valid certificate, no redirect, plain text. */
import type { IncomingMessage } from 'node:http';
import { fetchText } from '../machine/fetch-text.ts';
import type { Machine } from '../machine/machine.ts';
import { paths } from '../machine/paths.ts';

/** Postfix waits for us; RFC 8461 suggests a minute at most. */
const patience = 20_000;
const mostBytes = 64 * 1024;

/**
 * The system's own authorities, read each time: an upgrade of theirs counts at once. Node brings a list of its own.
 * @throws Error saying what is wrong
 */
export async function fetchFromMachine(machine: Machine, domain: string): Promise<string> {
  const ca = await machine.read(paths.authorities);
  if (ca === undefined) throw new Error(`${paths.authorities} is missing`);
  const where = { host: `mta-sts.${domain}`, port: 443, path: '/.well-known/mta-sts.txt' };
  const limits = { ca, accept: 'text/plain', patience, mostBytes };
  return (await fetchText({ ...where, ...limits, faultOf })).toString('latin1');
}

function faultOf({ statusCode, headers }: IncomingMessage): string | undefined {
  // A redirect is a status like any other that is not 200.
  if (statusCode !== 200) return `the web server says ${statusCode}`;
  const type = (headers['content-type'] ?? '').split(';')[0]?.trim().toLowerCase();
  return type === 'text/plain' ? undefined : `the policy is ${type || 'of no type'}, not text/plain`;
}

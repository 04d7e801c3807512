/** One request over https, by curl, with a log-in where one is given. */

import type { Account, Server } from './mail.ts';
import { hostname } from './owner.ts';
import { outcome } from './program.ts';
import { patience } from './wait.ts';

export interface HttpsAnswer {
  readonly status: number;
  readonly head: string;
  readonly body: string;
}

/** One request, e.g. `PROPFIND /SOGo/dav/`. The password goes by standard input. */
export async function request(
  box: Server,
  what: string,
  {
    as,
    body,
    headers = [],
    name = hostname,
    seconds = patience,
  }: { as?: Account; body?: string; headers?: string[]; name?: string; seconds?: number } = {},
): Promise<HttpsAnswer> {
  const [method = 'GET', where = '/'] = what.split(' ');
  const quoted = (text: string) => JSON.stringify(text);
  const config = [
    `url = ${quoted(`https://${name}${where}`)}`,
    `request = ${method}`,
    `connect-to = "::${box.host}:${box.port(443)}"`,
    'insecure',
    'silent',
    'include',
    'http1.1',
    'path-as-is',
    `max-time = ${seconds}`,
    ...(as === undefined ? [] : [`user = ${quoted(`${as.email}:${as.password}`)}`]),
    ...(body === undefined ? [] : [`data-raw = ${quoted(body)}`]),
    ...headers.map((line) => `header = ${quoted(line)}`),
  ];
  const { code, stdout, stderr } = await outcome(
    [...(box.prefix ?? []), 'curl', '--disable', '--config', '-'],
    {
      input: `${config.join('\n')}\n`,
      seconds: seconds + 30,
    },
  );
  if (code !== 0) throw new Error(`${what}: curl exited ${code}: ${stderr}`);
  const end = stdout.indexOf('\r\n\r\n');
  const head = stdout.slice(0, end);
  return { status: Number(head.split(' ')[1]), head, body: stdout.slice(end + 4) };
}

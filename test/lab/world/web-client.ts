/** The control panel as a program of the outside sees it: curl, over https, with the box's own certificate. */
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Account } from '../../rig/mail.ts';
import { hostname } from '../../rig/owner.ts';
import { outcome } from '../../rig/program.ts';
import type { LabBox } from './nspawn.ts';

export interface Asked {
  /** `POST /mail/users/add`, below `/admin`. */
  readonly form?: Readonly<Record<string, string>>;
  /** The body as it is, in the place of a form. */
  readonly body?: string;
  readonly as?: Account;
  readonly headers?: readonly string[];
}
export interface Answered {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly seconds: number;
  /** Of these, from the end of the TLS handshake to the first byte of the answer. */
  readonly serverSeconds: number;
}

export class WebClient {
  private constructor(
    private readonly box: LabBox,
    private readonly certificate: string,
  ) {}

  static async of(box: LabBox): Promise<WebClient> {
    const certificate = path.join(box.folder, 'web.pem');
    writeFileSync(certificate, await box.run('cat /home/user-data/ssl/ssl_certificate.pem'));
    return new WebClient(box, certificate);
  }

  async ask(request: string, { form, body, as, headers = [] }: Asked = {}): Promise<Answered> {
    const [method = 'GET', where = '/'] = request.split(' ');
    const quoted = (text: string) => JSON.stringify(text);
    const fields = Object.entries(form ?? {}).map(
      ([name, value]) => `data-urlencode = ${quoted(`${name}=${value}`)}`,
    );
    const config = [
      `url = ${quoted(`https://${hostname}/admin${where}`)}`,
      `request = ${method}`,
      `cacert = ${quoted(this.certificate)}`,
      `resolve = "${hostname}:443:${this.box.host}"`,
      'silent',
      'include',
      'path-as-is',
      'max-time = 100',
      'http1.1',
      ...fields,
      ...(body === undefined ? [] : [`data-raw = ${quoted(body)}`]),
      ...(as === undefined ? [] : [`user = ${quoted(`${as.email}:${as.password}`)}`]),
      ...headers.map((line) => `header = ${quoted(line)}`),
      'write-out = "\\n%{time_total} %{time_appconnect} %{time_starttransfer}"',
    ];
    // Passwords by standard input: arguments are for everyone on the machine to see.
    const { code, stdout, stderr } = await outcome([...this.box.prefix, 'curl', '--config', '-'], {
      input: `${config.join('\n')}\n`,
      seconds: 120,
    });
    if (code !== 0) throw new Error(`${request}: curl exited ${code}: ${stderr}\n${stdout.slice(0, 500)}`);
    return read(stdout);
  }
}

function read(out: string): Answered {
  const time = out.lastIndexOf('\n');
  const end = out.indexOf('\r\n\r\n');
  const [first = '', ...lines] = out.slice(0, end).split('\r\n');
  const headers = Object.fromEntries(
    lines.map((line) => [line.slice(0, line.indexOf(':')).toLowerCase(), line.slice(line.indexOf(':') + 2)]),
  );
  const [seconds = 0, connected = 0, begun = 0] = out
    .slice(time + 1)
    .split(' ')
    .map(Number);
  const body = out.slice(end + 4, time);
  return { status: Number(first.split(' ')[1]), headers, body, seconds, serverSeconds: begun - connected };
}

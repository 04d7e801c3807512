/** Each door of a box that an account opens with its name and password, by a client that people use. */
import type { Account } from '../../rig/mail.ts';
import { hostname } from '../../rig/owner.ts';
import { outcome } from '../../rig/program.ts';
import { request } from '../../rig/request.ts';
import type { LabBox } from './nspawn.ts';

export interface Door {
  readonly name: string;
  /** `open`, or what the client or the server said. */
  readonly knock: (box: LabBox, account: Account) => Promise<string>;
}

const quoted = (text: string) => JSON.stringify(text);

/** Name and password go by standard input. */
const curl =
  (scheme: string, port: number) =>
  async ({ prefix, host }: LabBox, { email, password }: Account): Promise<string> => {
    const config = `url = "${scheme}://${host}:${port}/"\nuser = ${quoted(`${email}:${password}`)}\n`;
    const options = [
      '--disable',
      '--insecure',
      '--silent',
      '--show-error',
      '--max-time',
      '60',
      '--config',
      '-',
    ];
    const { code, stderr } = await outcome([...prefix, 'curl', ...options], { input: config });
    return code === 0 ? 'open' : `curl ${code} ${stderr}`;
  };

const swaks =
  (port: number, tls: string) =>
  async ({ prefix, host }: LabBox, { email, password }: Account): Promise<string> => {
    const where = [
      '--server',
      host,
      '--port',
      String(port),
      '--quit-after',
      'AUTH',
      '--to',
      'me@example.com',
    ];
    const login = ['--auth', 'PLAIN', '--auth-user', email, '--auth-password', password];
    const { stdout, stderr } = await outcome([...prefix, 'swaks', tls, ...where, ...login]);
    return / 235 /.test(stdout) ? 'open' : `swaks ${stdout} ${stderr}`;
  };

const sieve = async ({ prefix, host }: LabBox, { email, password }: Account): Promise<string> => {
  const where = ['--server', host, '--port', '4190', '--user', email, '--passwordfd', '0', '--notlsverify'];
  const { code, stdout, stderr } = await outcome([...prefix, 'sieve-connect', ...where, '--list'], {
    input: `${password}\n`,
  });
  return code === 0 ? 'open' : `sieve-connect ${stdout} ${stderr}`;
};

const web =
  (what: string, good: number, options: { headers?: string[] } = {}) =>
  async (box: LabBox, as: Account): Promise<string> => {
    const home = encodeURIComponent(as.email);
    const { status, body } = await request(box, what.replace('HOME', home), { as, ...options });
    return status === good && !body.includes('"invalid"') ? 'open' : `${status} ${body.slice(0, 200)}`;
  };

/** SOGo's own page: as its script asks. */
const page = async (box: LabBox, { email, password }: Account): Promise<string> => {
  const body = JSON.stringify({ userName: email, password });
  const headers = ['Content-Type: application/json'];
  const { status } = await request(box, 'POST /SOGo/connect', { body, headers });
  return status === 200 ? 'open' : `${status}`;
};

/** The webmail's form, with its token and cookie. */
const webmail = async ({ prefix, host }: LabBox, { email, password }: Account): Promise<string> => {
  const url = `https://${hostname}/mail/`;
  const options = `--disable --insecure --silent --max-time 60 --connect-to ::${host}:443`;
  const script = `jar=$(mktemp) config=$(mktemp); trap 'rm -f "$jar" "$config"' EXIT; cat >"$config"
token=$(curl ${options} -c "$jar" ${url} | grep -o 'name="_token" value="[^"]*' | head -n 1 | cut -d '"' -f 4)
curl ${options} -b "$jar" -o /dev/null -w '%{http_code}' --data "_token=$token" --config "$config" '${url}?_task=login'`;
  const fields = { _task: 'login', _action: 'login', _user: email, _pass: password };
  const input = Object.entries(fields).map(
    ([name, value]) => `data-urlencode = ${quoted(`${name}=${value}`)}\n`,
  );
  const { stdout, stderr } = await outcome([...prefix, 'sh', '-c', script], {
    input: input.join(''),
    seconds: 150,
  });
  return stdout === '302' ? 'open' : `webmail ${stdout} ${stderr}`;
};

const depth = { headers: ['Depth: 0'] };

export const doors: readonly Door[] = [
  { name: 'IMAP', knock: curl('imaps', 993) },
  { name: 'POP', knock: curl('pop3s', 995) },
  { name: 'ManageSieve', knock: sieve },
  { name: 'submission with STARTTLS', knock: swaks(587, '--tls') },
  { name: 'submission', knock: swaks(465, '--tls-on-connect') },
  { name: 'the panel', knock: web('POST /admin/login', 200) },
  { name: 'CalDAV', knock: web('PROPFIND /SOGo/dav/HOME/Calendar/personal/', 207, depth) },
  { name: 'CardDAV', knock: web('PROPFIND /SOGo/dav/HOME/Contacts/personal/', 207, depth) },
  { name: 'ActiveSync', knock: web('OPTIONS /Microsoft-Server-ActiveSync', 200) },
  { name: 'the groupware’s page', knock: page },
  { name: 'the webmail', knock: webmail },
];

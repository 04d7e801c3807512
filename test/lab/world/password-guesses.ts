/** One wrong password at each service that takes one, by a client that people use. */
import { hostname } from '../../rig/owner.ts';
import { outcome } from '../../rig/program.ts';
import { type Attacker, boxIpv6 } from './attackers.ts';
import type { LabBox } from './nspawn.ts';

export interface Service {
  readonly name: string;
  readonly jail: 'sshd' | 'mail' | 'panel' | 'groupware' | 'webmail';
  readonly port: number;
  /** The client's words: how it came out. */
  readonly guess: (attacker: Attacker, box: LabBox, from: string) => Promise<string>;
}

const victim = 'me@example.com';
const to = (box: LabBox, from: string) => (from.includes(':') ? boxIpv6 : box.host);
const bracketed = (address: string) => (address.includes(':') ? `[${address}]` : address);

const curl =
  (scheme: string, port: number) =>
  async ({ namespace }: Attacker, box: LabBox, from: string): Promise<string> => {
    const url = `${scheme}://${bracketed(to(box, from))}:${port}/`;
    const options = [
      '--insecure',
      '--silent',
      '--show-error',
      '--globoff',
      '--max-time',
      '60',
      '--interface',
    ];
    // The password is nobody's.
    const { code, stderr } = await outcome([
      ...[...namespace.prefix, 'curl', '--disable', ...options, from, '--user', `${victim}:guess`, url],
    ]);
    // curl(1), exit codes: 67 is a log-in that was denied, 7 and 28 no connection.
    return code === 67 ? 'denied' : `curl ${code} ${stderr}`;
  };

const swaks =
  (port: number, tls: string) =>
  async ({ namespace }: Attacker, box: LabBox, from: string): Promise<string> => {
    const where = ['--server', bracketed(to(box, from)), '--port', String(port), '--local-interface', from];
    const login = [
      '--auth',
      'PLAIN',
      '--auth-user',
      victim,
      '--auth-password',
      'guess',
      '--quit-after',
      'AUTH',
    ];
    const envelope = [
      '--from',
      victim,
      '--to',
      victim,
      '--helo',
      'client.outside.example',
      '--timeout',
      '60',
    ];
    const { stdout, stderr } = await outcome([
      ...[...namespace.prefix, 'swaks', tls, ...where, ...login, ...envelope],
    ]);
    return / 535 /.test(stdout) ? 'denied' : `swaks ${stdout} ${stderr}`;
  };

/** sieve-connect can't choose its own address: from the host's first ones only. */
const sieveConnect = async ({ namespace }: Attacker, box: LabBox, from: string): Promise<string> => {
  const where = ['--server', to(box, from), '--port', '4190', '--user', victim, '--passwordfd', '0'];
  const { stdout, stderr } = await outcome(
    [...namespace.prefix, 'sieve-connect', ...where, '--notlsverify', '--list'],
    { input: 'guess\n' },
  );
  return /authentication|fail/i.test(stderr + stdout) && !/connect/i.test(stderr)
    ? 'denied'
    : `sieve-connect ${stdout} ${stderr}`;
};

/** A place on the web server that takes a password, and the status by which it says no. */
const web =
  (denied: string, ...request: string[]) =>
  async ({ namespace }: Attacker, box: LabBox, from: string): Promise<string> => {
    const where = ['--interface', from, '--connect-to', `${hostname}:443:${bracketed(to(box, from))}:443`];
    const options = ['--disable', '--insecure', '--silent', '--max-time', '60', '--output', '/dev/null'];
    const { code, stdout } = await outcome([
      ...[...namespace.prefix, 'curl', ...options, ...where, '--write-out', '%{http_code}', ...request],
    ]);
    return stdout === denied ? 'denied' : `curl ${code} ${stdout}`;
  };
const byPassword = ['--user', `${victim}:guess`];
const logIn = JSON.stringify({ userName: victim, password: 'guess' });

/** The log-in form, as a browser sends it: with the page's own token and cookie. */
const webmail = async ({ namespace }: Attacker, box: LabBox, from: string): Promise<string> => {
  const where = `--interface ${from} --connect-to ${hostname}:443:${bracketed(to(box, from))}:443`;
  const options = `--disable --insecure --silent --max-time 90 ${where}`;
  const fields = `--data _task=login --data _action=login --data _user=${victim} --data _pass=guess`;
  const script = `jar=$(mktemp)
token=$(curl ${options} -c "$jar" https://${hostname}/mail/ | grep -o 'name="_token" value="[^"]*' | head -n 1 | cut -d '"' -f 4)
curl ${options} -b "$jar" --output /dev/null --write-out '%{http_code}' --data "_token=$token" ${fields} 'https://${hostname}/mail/?_task=login'
rm -f "$jar"`;
  const { code, stdout } = await outcome([...namespace.prefix, 'sh', '-c', script]);
  return stdout === '401' ? 'denied' : `webmail ${code} ${stdout}`;
};

/** A name that nobody has: a box's ssh takes no passwords at all. */
const ssh = async ({ namespace }: Attacker, box: LabBox, from: string): Promise<string> => {
  const options = [
    'BatchMode=yes',
    'StrictHostKeyChecking=no',
    'UserKnownHostsFile=/dev/null',
    'ConnectTimeout=20',
  ];
  const { stderr } = await outcome([
    ...[...namespace.prefix, 'ssh', '-F', 'none', ...options.flatMap((option) => ['-o', option])],
    ...['-b', from, '-l', 'admin', to(box, from), 'true'],
  ]);
  return /Permission denied/.test(stderr) ? 'denied' : `ssh ${stderr}`;
};

const services: readonly Service[] = [
  { name: 'SSH', jail: 'sshd', port: 22, guess: ssh },
  { name: 'IMAP', jail: 'mail', port: 993, guess: curl('imaps', 993) },
  { name: 'POP', jail: 'mail', port: 995, guess: curl('pop3s', 995) },
  { name: 'ManageSieve', jail: 'mail', port: 4190, guess: sieveConnect },
  { name: '587', jail: 'mail', port: 587, guess: swaks(587, '--tls') },
  { name: '465', jail: 'mail', port: 465, guess: swaks(465, '--tls-on-connect') },
  // The API with a password; a browser's log-in ends in the same place.
  {
    name: 'panel',
    jail: 'panel',
    port: 443,
    guess: web('401', ...byPassword, `https://${hostname}/admin/mail/users`),
  },
  {
    name: 'CalDAV',
    jail: 'groupware',
    port: 443,
    guess: web('401', ...byPassword, '--request', 'PROPFIND', `https://${hostname}/SOGo/dav/${victim}/`),
  },
  {
    name: 'ActiveSync',
    jail: 'groupware',
    port: 443,
    guess: web(
      '401',
      ...byPassword,
      '--request',
      'OPTIONS',
      `https://${hostname}/Microsoft-Server-ActiveSync`,
    ),
  },
  {
    name: 'SOGo',
    jail: 'groupware',
    port: 443,
    guess: web('403', ...['--json', logIn, `https://${hostname}/SOGo/connect`]),
  },
  { name: 'webmail', jail: 'webmail', port: 443, guess: webmail },
];

export function serviceOf(wanted: string): Service {
  const found = services.find(({ name }) => name === wanted);
  if (found === undefined) throw new Error(`no service ${wanted}`);
  return found;
}

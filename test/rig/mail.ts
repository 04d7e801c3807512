/** Mail as outsiders and owners send and read it, with real clients: swaks for SMTP, curl for IMAP and POP3. */
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { type Outcome, outcome, output } from './program.ts';
import { patience, waitFor } from './wait.ts';

/** A mail server as a client reaches it; a `Vm` is one. */
export interface Server {
  readonly host: string;
  readonly port: (guest: number) => number;
  /** Puts the client into another network namespace. */
  readonly prefix?: readonly string[];
  /** An envelope sender from outside whose domain the server can look up; without DNS only the null one (`<>`) is. */
  readonly stranger: string;
}

export interface Account {
  readonly email: string;
  readonly password: string;
}

export interface Mail {
  readonly from: string;
  readonly to: string;
  readonly subject: string;
  readonly body?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Log in with this account. */
  readonly auth?: Account;
  /** Encrypt with STARTTLS before anything else, or from the first byte; `off` doesn't even where the server offers it. */
  readonly tls?: 'required' | 'implicit' | 'off';
  /** Speak from this address of the client's host, and say this name. */
  readonly client?: { readonly address: string; readonly helo: string };
}

/** One SMTP session. `stdout` is the transcript: `<-` what the server said, `<**` where it refused. */
export async function smtp(server: Server, port: number, mail: Mail): Promise<Outcome> {
  const headers = Object.entries({ Subject: mail.subject, ...mail.headers });
  const argv = [
    ...(server.prefix ?? []),
    ...['swaks', '--server', server.host, '--port', String(server.port(port)), '--timeout', '60'],
    ...['--helo', mail.client?.helo ?? 'client.outside.example', '--from', mail.from, '--to', mail.to],
    ...(mail.client === undefined ? [] : ['--local-interface', mail.client.address]),
    ...headers.flatMap(([name, value]) => ['--header', `${name}: ${value}`]),
    ...['--body', mail.body ?? 'Hello from the tests.\n'],
    ...(mail.tls === 'required' ? ['--tls'] : []),
    ...(mail.tls === 'implicit' ? ['--tls-on-connect'] : []),
    ...(mail.auth === undefined ? [] : ['--auth', 'PLAIN', '--auth-user', mail.auth.email]),
  ];
  // The password goes by the environment: arguments are for everyone on the machine to see.
  const env: Record<string, string> =
    mail.auth === undefined ? {} : { SWAKS_OPT_auth_password: mail.auth.password };
  return outcome(argv, { env });
}

/** Sends a mail that must be taken. */
export async function deliver(server: Server, port: number, mail: Mail): Promise<void> {
  const { code, stdout, stderr } = await smtp(server, port, mail);
  if (code !== 0) throw new Error(`swaks exited ${code}:\n${stderr}\n${stdout}`);
}

/** Reads mail with one account, trusting one certificate only and checking that it names the box. */
export class Reader {
  constructor(
    readonly server: Server,
    readonly hostname: string,
    readonly account: Account,
    /** Path of the certificate, PEM. */
    readonly certificate: string,
  ) {}

  static async of(server: Server, hostname: string, account: Account, folder: string): Promise<Reader> {
    const file = path.join(folder, 'certificate.pem');
    writeFileSync(file, (await certificateAt(server, 993, hostname)).pem);
    return new Reader(server, hostname, account, file);
  }

  async curl(url: string, options: readonly string[] = []): Promise<Outcome> {
    const port = Number(/:(\d+)/.exec(url)?.[1]);
    const config = [
      `url = "${url}"`,
      `connect-to = "::${this.server.host}:${this.server.port(port)}"`,
      `cacert = "${this.certificate}"`,
      `user = "${this.account.email}:${this.account.password}"`,
      'ssl-reqd\nsilent\nshow-error\nmax-time = 60',
      ...options,
    ];
    const argv = [...(this.server.prefix ?? []), 'curl', '--disable', '--config', '-'];
    return outcome(argv, { input: `${config.join('\n')}\n` });
  }

  /** Waits for a mail by its subject and gives it whole, over IMAPS. */
  async imap(subject: string, seconds = patience, mailbox = 'INBOX'): Promise<string> {
    const base = `imaps://${this.hostname}:993/${mailbox}`;
    const number = await waitFor(
      `the mail "${subject}" in ${mailbox}`,
      async () => {
        const found = await this.curl(base, [`request = "SEARCH SUBJECT \\"${subject}\\""`]);
        return /\* SEARCH(?: \d+)* (\d+)/.exec(found.stdout)?.[1];
      },
      { seconds },
    );
    return this.#must(`${base};MAILINDEX=${number}`);
  }

  /** Moves a mail, which must be there, as a mail program does (RFC 6851). */
  async move(subject: string, from: string, to: string): Promise<void> {
    const base = `imaps://${this.hostname}:993/${from}`;
    const found = await this.curl(base, [`request = "UID SEARCH SUBJECT \\"${subject}\\""`]);
    const uid = /\* SEARCH(?: \d+)* (\d+)/.exec(found.stdout)?.[1];
    const { code, stderr } = await this.curl(base, [`request = "UID MOVE ${uid} ${to}"`]);
    if (uid === undefined || code !== 0) throw new Error(`"${subject}" is not moved to ${to}: ${stderr}`);
  }

  /** The newest mail, whole, over POP3S. */
  async pop(): Promise<string> {
    const list = await this.#must(`pop3s://${this.hostname}:995/`);
    const newest = list.trim().split('\n').at(-1)?.split(' ')[0];
    return this.#must(`pop3s://${this.hostname}:995/${newest}`);
  }

  async #must(url: string): Promise<string> {
    const { code, stdout, stderr } = await this.curl(url);
    if (code !== 0) throw new Error(`curl ${url} exited ${code}: ${stderr}`);
    return stdout;
  }
}

/** The certificate that a port shows from its first byte on: PEM, and SHA-256 as hex pairs with colons. */
export async function certificateAt(
  server: Server,
  port: number,
  name: string,
): Promise<{ pem: string; sha256: string }> {
  const openssl = [
    'openssl',
    's_client',
    '-connect',
    `${server.host}:${server.port(port)}`,
    '-servername',
    name,
  ];
  return certificateOf([...(server.prefix ?? []), ...openssl]);
}

/** The certificate that a port shows after STARTTLS. */
export async function certificateAfterStarttls(
  server: Server,
  port: number,
): Promise<{ pem: string; sha256: string }> {
  const openssl = [
    'openssl',
    's_client',
    '-starttls',
    'smtp',
    '-connect',
    `${server.host}:${server.port(port)}`,
  ];
  return certificateOf([...(server.prefix ?? []), ...openssl]);
}

async function certificateOf(argv: readonly string[]): Promise<{ pem: string; sha256: string }> {
  const { stdout, stderr } = await outcome(argv);
  const pem = /-----BEGIN CERTIFICATE-----[\s\S]+?-----END CERTIFICATE-----\n/.exec(stdout)?.[0];
  if (pem === undefined) throw new Error(`no certificate from ${argv.join(' ')}: ${stderr}`);
  const print = await output(['openssl', 'x509', '-noout', '-fingerprint', '-sha256'], { input: pem });
  return { pem, sha256: print.trim().split('=')[1] ?? '' };
}

/** SHA-256 fingerprints of the ssh host keys, as a stranger sees them: `SHA256:...`, sorted. */
export async function sshHostKeys(server: Server): Promise<string[]> {
  const prints: string[] = [];
  // One type after the other: an emulated machine that is asked for all at once may be late with one.
  for (const type of ['ecdsa', 'ed25519', 'rsa']) {
    const scan = ['ssh-keyscan', '-T', '30', '-t', type, '-p', String(server.port(22)), server.host];
    const { stdout } = await outcome([...(server.prefix ?? []), ...scan]);
    if (stdout === '') continue;
    prints.push((await output(['ssh-keygen', '-l', '-f', '-'], { input: stdout })).split(' ')[1] ?? '');
  }
  return prints.sort();
}

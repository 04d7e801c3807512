/** Sends and reads one mail as a person's mail program does: submission with STARTTLS, then IMAP over TLS, by curl. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { connect } from 'node:tls';
import { run } from '../host/run.ts';

export interface Account {
  readonly hostname: string;
  readonly email: string;
  readonly password: string;
  /** Ports on 127.0.0.1. */
  readonly submission: number;
  readonly imaps: number;
  /** The box's certificate, PEM: the only one that is trusted. */
  readonly certificate: string;
}

/** The certificate that a server at 127.0.0.1 shows: PEM, and its SHA-256 fingerprint as hex pairs with colons. */
export function peerCertificate(port: number, hostname: string): Promise<{ pem: string; sha256: string }> {
  return new Promise((resolve, reject) => {
    // Not verified by an authority here: the caller compares the fingerprint with the one on the box's console.
    const socket = connect(
      { port, host: '127.0.0.1', servername: hostname, rejectUnauthorized: false },
      () => {
        const certificate = socket.getPeerX509Certificate();
        socket.end();
        if (certificate === undefined) reject(new Error('the server shows no certificate'));
        else resolve({ pem: certificate.toString(), sha256: certificate.fingerprint256 });
      },
    );
    socket.setTimeout(30_000, () => socket.destroy(new Error(`nothing answers TLS on 127.0.0.1:${port}`)));
    socket.once('error', reject);
  });
}

export async function submit(account: Account, message: string): Promise<void> {
  await curl(
    account,
    account.submission,
    `smtp://${account.hostname}:587`,
    [
      option('mail-from', account.email),
      option('mail-rcpt', account.email),
      option('upload-file', 'message'),
    ],
    message,
  );
}

/** The newest mail with this subject, whole; undefined when there is none yet. */
export async function fetchBySubject(account: Account, subject: string): Promise<string | undefined> {
  const found = await curl(account, account.imaps, `imaps://${account.hostname}:993/INBOX`, [
    option('request', `SEARCH SUBJECT "${subject}"`),
  ]);
  const uid = /\* SEARCH(?: \d+)* (\d+)/.exec(found)?.[1];
  if (uid === undefined) return undefined;
  return curl(account, account.imaps, `imaps://${account.hostname}:993/INBOX;MAILINDEX=${uid}`, []);
}

/** Name, password and certificate go in by a config file of our own, never as arguments (curl(1), --config). */
async function curl(
  account: Account,
  port: number,
  url: string,
  options: string[],
  message?: string,
): Promise<string> {
  const folder = mkdtempSync(path.join(tmpdir(), 'letterbox-mail-'));
  try {
    writeFileSync(path.join(folder, 'ca.pem'), account.certificate);
    if (message !== undefined)
      writeFileSync(path.join(folder, 'message'), message.replace(/\r?\n/g, '\r\n'), { mode: 0o600 });
    const config = [
      option('url', url),
      option('connect-to', `::127.0.0.1:${port}`),
      option('cacert', 'ca.pem'),
      option('user', `${account.email}:${account.password}`),
      option('max-time', '120'),
      'ssl-reqd\nsilent\nshow-error',
      ...options,
    ];
    return await run(['curl', '--disable', '--config', '-'], {
      cwd: folder,
      input: `${config.join('\n')}\n`,
    });
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function option(name: string, value: string): string {
  return `${name} = "${value.replace(/[\\"]/g, '\\$&')}"`;
}

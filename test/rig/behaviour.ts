/** What every box of the image must do and must refuse, however it was booted. */
import type { ExecutionContext } from 'ava';
import type { BoxReport } from '../../contract/report.ts';
import {
  certificateAfterStarttls,
  certificateAt,
  deliver,
  Reader,
  type Server,
  smtp,
  sshHostKeys,
} from './mail.ts';
import type { Owner } from './owner.ts';
import { outcome } from './program.ts';
import { restart } from './release.ts';

/** A box as these tests see it: reached from outside, and asked inside. */
export interface TestedBox extends Server {
  readonly run: (script: string) => Promise<string>;
}

/** Where its state lies, as `SOURCE FSTYPE OPTIONS` (findmnt(8)). */
export async function stateMount(box: TestedBox): Promise<string> {
  return (await box.run('findmnt -no SOURCE,FSTYPE,OPTIONS /home/user-data')).trim();
}

/** The fingerprints that the box said on its console are the ones that a stranger sees. */
export async function showsWhatItSaid(
  t: ExecutionContext,
  box: Server,
  said: BoxReport,
  hostname: string,
): Promise<void> {
  t.is(said.stage, 'ready', `${said.step}: ${said.error} (${said.hint})`);
  t.is(said.hostname, hostname);
  const seen = [
    await certificateAt(box, 443, hostname),
    await certificateAt(box, 465, hostname),
    await certificateAt(box, 993, hostname),
    await certificateAt(box, 995, hostname),
    await certificateAfterStarttls(box, 25),
    await certificateAfterStarttls(box, 587),
  ];
  t.deepEqual(
    seen.map(({ sha256 }) => sha256),
    Array(seen.length).fill(said.certificateSha256),
  );
  const saidKeys = (said.sshHostKeys ?? []).map((line) => line.split(' ')[0]).sort();
  t.true(saidKeys.length > 0);
  t.deepEqual(await sshHostKeys(box), saidKeys);
}

/** `/run/box/ready.json` tells the same as the console. */
export async function readyFileAgrees(t: ExecutionContext, box: TestedBox, said: BoxReport): Promise<void> {
  const file = JSON.parse(await box.run('cat /run/box/ready.json')) as BoxReport & { steps: unknown[] };
  t.is(file.stage, 'ready');
  t.is(file.certificateSha256, said.certificateSha256);
  t.deepEqual(file.sshHostKeys, said.sshHostKeys);
  t.true(file.steps.length > 0);
  t.is((await box.run('stat -c %a /run/box/ready.json')).trim(), '644');
}

/** Makes every client a known one, so that none is asked to come again in a minute (postgrey(8), whitelists). */
export async function knowClients(box: TestedBox): Promise<void> {
  await box.run(`echo '/./' >/etc/postgrey/whitelist_clients.local && ${restart('postgrey')}`);
  await box.run('for i in $(seq 100); do ss -ltn | grep -q :10023 && exit; sleep 0.2; done; exit 1');
}

/** The same, and none is told that it comes too often: one client of the tests stands for many. */
export async function trustClients(box: TestedBox): Promise<void> {
  await box.run("postconf -e 'smtpd_client_event_limit_exceptions = static:all' && postfix reload 2>&1");
  await knowClients(box);
}

/** Mail comes in on 25 and is read by IMAPS and by POP3S. */
export async function receives(
  t: ExecutionContext,
  box: TestedBox,
  owner: Owner,
  reader: Reader,
): Promise<void> {
  await trustClients(box);
  const subject = `inbound ${Date.now()}`;
  await deliver(box, 25, { from: box.stranger, to: owner.email, subject });
  t.regex(await reader.imap(subject), new RegExp(`^Subject: ${subject}`, 'm'));
  t.regex(await reader.pop(), new RegExp(`^Subject: ${subject}`, 'm'));
}

/** Mail goes out by 587 with STARTTLS and a password, signed. Gives it as its recipient got it. */
export async function submits(
  t: ExecutionContext,
  box: Server,
  owner: Owner,
  reader: Reader,
  to = owner.email,
): Promise<string> {
  const subject = `submitted ${Date.now()}`;
  await deliver(box, 587, { from: owner.email, to, subject, auth: owner, tls: 'required' });
  const mail = await reader.imap(subject);
  const domain = owner.email.split('@')[1];
  const signature =
    /^DKIM-Signature:(?:.*\r?\n)(?:[ \t].*\r?\n)*/m.exec(mail)?.[0].replace(/\s+/g, '') ?? 'no signature';
  t.regex(signature, new RegExp(`;d=${domain};`));
  t.regex(signature, /;s=mail;/);
  t.regex(signature, /a=rsa-sha256;/);
  return mail;
}

/** Everything that a mail server of this kind must say no to. */
export async function refuses(t: ExecutionContext, box: Server, owner: Owner, reader: Reader): Promise<void> {
  const outsider = { from: box.stranger, subject: 'must not arrive' };
  const wrong = { ...owner, password: `${owner.password}-not` };

  const relay = await smtp(box, 25, { ...outsider, to: 'third@elsewhere.example' });
  t.regex(relay.stdout, /^<\*\* +[45]5[04] .*(relay access denied|rejected)/im, `relay:\n${relay.stdout}`);
  t.not(relay.code, 0);

  const authOn25 = await smtp(box, 25, { ...outsider, to: owner.email, auth: owner, tls: 'required' });
  t.notRegex(authOn25.stdout, /250[- ]AUTH/, `port 25 offers AUTH:\n${authOn25.stdout}`);
  t.is(authOn25.code, 28, `AUTH on 25:\n${authOn25.stdout}`);

  const submission = { from: owner.email, to: owner.email, subject: outsider.subject };
  const clear = await smtp(box, 587, { ...submission, auth: owner });
  t.notRegex(clear.stdout, /250[- ]AUTH/, `587 offers AUTH before STARTTLS:\n${clear.stdout}`);
  t.is(clear.code, 28);
  const clearMail = await smtp(box, 587, submission);
  t.regex(clearMail.stdout, /^<\*\* +530 .*STARTTLS/m, `587 without STARTTLS:\n${clearMail.stdout}`);

  const anonymous = await smtp(box, 587, { ...submission, tls: 'required' });
  t.regex(anonymous.stdout, /^<~\* +[45]\d\d /m, `587 without a password:\n${anonymous.stdout}`);
  t.not(anonymous.code, 0);

  const guessed = await smtp(box, 587, { ...submission, auth: wrong, tls: 'required' });
  t.regex(guessed.stdout, /^<~\* +535 /m, `587 with a wrong password:\n${guessed.stdout}`);

  const disguised = await smtp(box, 587, {
    ...submission,
    from: 'you@outside.example',
    auth: owner,
    tls: 'required',
  });
  t.regex(
    disguised.stdout,
    /^<~\* +[45]5\d .*not owned by user/im,
    `another's address:\n${disguised.stdout}`,
  );

  const wrongReader = new Reader(box, reader.hostname, wrong, reader.certificate);
  for (const url of [`imaps://${reader.hostname}:993/INBOX`, `pop3s://${reader.hostname}:995/`]) {
    const { code } = await wrongReader.curl(url);
    // curl(1): 67 is a log-in that was denied; a connection error would be another number.
    t.is(code, 67, url);
  }
}

/** The ports that the tests knock at: all that a box may serve, and some it must not. */
export const knockedPorts = [22, 25, 80, 110, 143, 443, 465, 587, 993, 995, 4190] as const;

/** The ports that the image declares public answer, and of the others that mail servers use, none. */
export async function servesOnly(
  t: ExecutionContext,
  box: TestedBox,
  knocked: readonly number[],
): Promise<void> {
  const image = JSON.parse(await box.run('cat /usr/lib/box/image.json')) as {
    ports: { port: number; protocol: string; public: boolean }[];
  };
  const declared = image.ports
    .filter((port) => port.public && port.protocol === 'tcp')
    .map(({ port }) => port);
  const expected = knocked.filter((port) => port === 22 || declared.includes(port));
  const found = new Set(await answering(box, knocked));
  // Slow is not broken: which ought to answer, and had no time to, is asked again.
  for (let tries = 0; tries < 10 && expected.some((port) => !found.has(port)); tries++)
    for (const port of await answering(
      box,
      expected.filter((port) => !found.has(port)),
    ))
      found.add(port);
  t.deepEqual(
    knocked.filter((port) => found.has(port)),
    expected,
  );
}

/**
 * Which of these ports answer. QEMU's user-mode network takes every connection itself before it asks the guest,
 * so a port counts only if a byte comes, or a TLS handshake succeeds.
 */
export async function answering(box: Server, ports: readonly number[]): Promise<number[]> {
  const implicitTls = [443, 465, 993, 995];
  const answers = await Promise.all(
    ports.map(async (port) => {
      const address = `${box.host}:${box.port(port)}`;
      if (port === 53) return nameServerAnswers(box);
      const probe = implicitTls.includes(port)
        ? ['openssl', 's_client', '-connect', address]
        : ['curl', '--disable', '--silent', '--max-time', '12', `telnet://${address}`];
      const input = port === 80 ? 'GET / HTTP/1.0\r\n\r\n' : '';
      const { stdout } = await outcome([...(box.prefix ?? []), ...probe], { input, seconds: 15 });
      return implicitTls.includes(port) ? stdout.includes('BEGIN CERTIFICATE') : stdout !== '';
    }),
  );
  return ports.filter((_, i) => answers[i]);
}

/** A name server says nothing unasked; it refuses the root, which is not its own. */
async function nameServerAnswers(box: Server): Promise<boolean> {
  const at = [`@${box.host}`, '-p', String(box.port(53))];
  const { stdout } = await outcome([
    ...(box.prefix ?? []),
    ...['dig', '+tcp', '+tries=1', '+time=12', ...at, '.', 'SOA'],
  ]);
  return stdout.includes('status: REFUSED');
}

/** Everything of a box that must survive a reboot, a new instance-id and a new root disk. */
export const kept = [
  '/home/user-data/ssl/ssl_private_key.pem',
  '/home/user-data/ssl/ssl_certificate.pem',
  '/home/user-data/mail/dkim/mail.private',
  '/home/user-data/mail/dkim/mail.txt',
] as const;

/** SHA-256 of each kept file; fails where one is missing. */
export async function keptFiles(box: TestedBox): Promise<string> {
  return box.run(`sha256sum ${kept.join(' ')}`);
}

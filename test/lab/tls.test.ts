/** TLS as scanners and clients see it: each policy offers on each port what builder/roles/tls/policy.ts says, and no more. */
import anyTest, { type ExecutionContext } from 'ava';
import {
  offeredGroups,
  offeredSuites,
  offeredVersions,
  type TlsPolicy,
  tlsPolicies,
} from '../../builder/roles/tls/policy.ts';
import { keyBits } from '../../builder/roles/tls/suites.ts';
import { artefacts } from '../rig/artefacts.ts';
import { certificateAfterStarttls, certificateAt, deliver, Reader, smtp } from '../rig/mail.ts';
import { hostname } from '../rig/owner.ts';
import { type Outcome, outcome, output } from '../rig/program.ts';
import { release } from '../rig/release.ts';
import { waitFor } from '../rig/wait.ts';
import { slowVariable } from '../slow.ts';
import { makeLab, neighbour } from './world/lab.ts';
import type { LabBox } from './world/nspawn.ts';
import { filesOfPolicy } from './world/policy-files.ts';
import { sslscan } from './world/sslscan.ts';
import { type Finding, simulateClients, testssl } from './world/testssl.ts';
import { type TlsPort, tlsPorts } from './world/tls-port.ts';

const test = anyTest.serial;
const lab = makeLab(artefacts(anyTest, 'lab-tls'));

/** Booted when first asked for. `guide` is another domain's, so that the two can mail each other. */
const boxes: Partial<Record<keyof typeof flavours, Promise<LabBox>>> = {};
const flavours = {
  intermediate: { files: filesOfPolicy('intermediate') },
  guide: { files: filesOfPolicy('guide-2016') },
  legacy: { files: filesOfPolicy('intermediate', true) },
  modern: { files: filesOfPolicy('modern') },
} as const;

async function box(name: keyof typeof flavours): Promise<LabBox> {
  boxes[name] ??= boot(name);
  return boxes[name];
}

async function boot(name: keyof typeof flavours): Promise<LabBox> {
  const { box: makeBox, owner } = await lab;
  const other = neighbour(owner);
  const made = await (name === 'guide' ? makeBox(name, other.owner, other.settings) : makeBox(name, owner));
  await made.lay(flavours[name].files);
  await made.start();
  const said = await made.console.outcome();
  if (said.stage !== 'ready') throw new Error(`${name}: ${said.step}: ${said.error}`);
  // The bake has asked the daemons about the example's files only.
  await made.run('/usr/lib/box/verify-postfix && doveconf -n >/dev/null && nginx -t -q');
  // A scanner connects more often in a minute than any mail server does.
  await made.run(
    `postconf -e 'smtpd_client_event_limit_exceptions = ${made.options.gateway}' && postfix reload`,
  );
  return made;
}

/** Port by port, sslscan sees the policy: versions, suites in the server's order, sizes of keys, curves. */
async function offersExactly(t: ExecutionContext, on: LabBox, policy: TlsPolicy): Promise<void> {
  for (const port of await tlsPorts(on)) {
    const offer = policy[port.offer];
    const versions = offeredVersions(offer, release);
    const offered = await sslscan(port);
    t.deepEqual(offered.versions, versions, `port ${port.port}`);
    for (const version of versions) {
      // The box's own key is RSA.
      const suites = offeredSuites(offer, version, release).filter((suite) => !suite.includes('ECDSA'));
      t.deepEqual(offered.suites[version], suites, `port ${port.port}, ${version}`);
    }
    const least = Math.min(...offer.ciphers.map(keyBits));
    t.true(Math.min(...offered.keyBits) >= least, `port ${port.port}: ${offered.keyBits}`);
    t.true(Math.max(...offered.keyBits) <= 256, `port ${port.port}: ${offered.keyBits}`);
    t.deepEqual(offered.groups, ['secp256r1', 'secp384r1', 'x25519'], `port ${port.port}`);
    // TLS 1.3 has no suites of this kind.
    t.deepEqual(
      [...new Set(offered.dhBits)],
      versions.includes('TLSv1.2') ? [2048] : [],
      `port ${port.port}`,
    );
  }
}

/** At most two scanners at a time: each keeps a processor busy. */
async function inTwos<T>(items: readonly T[], work: (item: T) => Promise<void>): Promise<void> {
  const left = [...items];
  const worker = async () => {
    for (let item = left.shift(); item !== undefined; item = left.shift()) await work(item);
  };
  await Promise.all([worker(), worker()]);
}

const portOf = async (on: LabBox, number: number): Promise<TlsPort> => {
  const found = (await tlsPorts(on)).find(({ port }) => port === number);
  if (found === undefined) throw new Error(`no TLS on port ${number}`);
  return found;
};

/** testssl.sh takes minutes for each port: a slow machine has it look at one of the web, and one of mail programs. */
const scanned = async (on: LabBox): Promise<TlsPort[]> =>
  (await tlsPorts(on)).filter(({ port }) => process.env[slowVariable] !== '1' || [443, 993].includes(port));

/** A handshake by openssl(1) with some versions and ciphers only. It says `Cipher is ...` where one was agreed on. */
async function handshake(port: TlsPort, options: readonly string[]): Promise<Outcome> {
  const starttls = port.starttls === undefined ? [] : ['-starttls', port.starttls];
  const at = ['-connect', `${port.host}:${port.port}`, '-servername', hostname];
  return outcome([...port.prefix, 'openssl', 's_client', ...at, ...starttls, ...options]);
}

const agreed = ({ stdout }: Outcome) => {
  const cipher = /Cipher is (\S+)/.exec(stdout)?.[1];
  return cipher === '(NONE)' ? undefined : cipher;
};

/** It is the server that said no: a client that could not even ask would prove nothing. Dovecot hangs up without a word. */
function refused(t: ExecutionContext, tried: Outcome, message: string): void {
  t.is(agreed(tried), undefined, message);
  t.regex(tried.stdout, /SSL handshake has read \d+ bytes and written [1-9]\d+ bytes/, message);
  t.regex(tried.stderr, /alert handshake failure|alert protocol version|unexpected eof/, message);
}

test('intermediate: every port offers what the policy says, best first, and nothing else', async (t) => {
  await offersExactly(t, await box('intermediate'), tlsPolicies.intermediate);
});

/** What testssl.sh minds and a box's policy can't mend, each with the reason. */
const excepted: Readonly<Record<string, string>> = {
  cert_chain_of_trust: 'the certificate is self-signed',
  cert_revocation: 'a self-signed certificate has nobody who could revoke it',
  sessionresumption_ticket:
    'a WARN: the client that testssl.sh drives leaves before TLS 1.3 brings its ticket, so it has none to try',
  engine_problem: 'a WARN: the client that testssl.sh drives has no GOST, which no port of a box offers',
};

test('intermediate: testssl finds nothing of MEDIUM or worse but what comes of a self-signed certificate', async (t) => {
  const on = await box('intermediate');
  await inTwos(await scanned(on), async (port) => {
    const headers = port.offer === 'web' ? ['-h'] : [];
    const found = await testssl(port, on.folder, ['-p', '-s', '-f', '-P', '-S', '-U', ...headers]);
    const said = (id: string) => found.find((each) => each.id === id);
    const serious = found.filter(({ severity }) => !['OK', 'INFO', 'LOW', 'DEBUG'].includes(severity));
    t.deepEqual(serious.filter(({ id }) => excepted[id] === undefined).map(told), [], `port ${port.port}`);
    // It did look: it minds the self-signed certificate, and says something of every weakness it knows.
    t.is(said('cert_chain_of_trust')?.severity, 'CRITICAL', `port ${port.port}`);
    for (const id of weaknesses) t.truthy(said(id), `port ${port.port}: nothing about ${id}`);
    if (port.offer === 'web') t.is(said('HSTS_time')?.severity, 'OK');
  });
});

const weaknesses = [
  ...[
    'SSLv2',
    'SSLv3',
    'cipherlist_NULL',
    'cipherlist_aNULL',
    'cipherlist_EXPORT',
    'cipherlist_LOW',
    'cipher_order',
  ],
  ...[
    'heartbleed',
    'CCS',
    'ROBOT',
    'secure_renego',
    'secure_client_renego',
    'CRIME_TLS',
    'POODLE_SSL',
    'SWEET32',
  ],
  ...['FREAK', 'DROWN', 'LOGJAM', 'BEAST', 'LUCKY13', 'RC4'],
] as const;

const told = ({ id, severity, finding }: Finding) => `${severity} ${id}: ${finding}`;

/** The best group of a policy on this release, and what everybody has. */
const groupsOf = (policy: TlsPolicy) => new Set([...offeredGroups(policy, release).slice(0, 1), 'X25519']);

/**
 * Each port agrees on the best group with whoever has it, be it that client's second choice, and on X25519 with others. The box asks
 * itself, with this release's openssl(1): the building machine's may be too old for the best one.
 */
async function agreesOnBest(t: ExecutionContext, on: LabBox, policy: TlsPolicy): Promise<void> {
  const [best = '', ...others] = groupsOf(policy);
  const shares = others.length === 0 ? [best] : [best, `${best}:X25519`, `*X25519:*${best}`, 'X25519'];
  for (const { port, starttls } of await tlsPorts(on)) {
    const begins = starttls ?? (port === 4190 ? 'sieve' : undefined);
    const client = `openssl s_client -connect ${on.host}:${port} ${begins ? `-starttls ${begins}` : ''}`;
    for (const share of shares) {
      const { stdout } = await on.outcome(`${client} -groups '${share}'`);
      const group = /(?:Negotiated TLS1\.3 group|(?:Server|Peer) Temp Key): (\w+)/.exec(stdout)?.[1];
      const expected = share.includes(best) ? best : 'X25519';
      t.is(group?.toLowerCase(), expected.toLowerCase(), `port ${port}, ${share}:\n${stdout}`);
    }
  }
}

test('intermediate: with ML-KEM beside X25519 on every port, where the release has it, and X25519 with who has not', async (t) => {
  await agreesOnBest(t, await box('intermediate'), tlsPolicies.intermediate);
});

test('intermediate: so it is with mail that goes out, and no server is asked twice', async (t) => {
  const { mta, owner } = await lab;
  const on = await box('intermediate');
  for (const group of groupsOf(tlsPolicies.intermediate)) {
    const domain = `${group.toLowerCase()}.example`;
    const settings = { tls_eecdh_auto_curves: group, smtpd_tls_loglevel: '2' };
    const server = await mta({ domain, tls: 'self-signed', settings });
    const mail = { from: owner.email, to: `you@${domain}`, subject: `by ${group}`, auth: owner } as const;
    await deliver(on, 587, { ...mail, tls: 'required' });
    const arrived = await server.mail(mail.subject);
    t.regex(arrived, new RegExp(`key-exchange ${group}\\b`, 'i'));
    // A client that sent no share of what the server has says its hello again.
    t.is(server.log().match(/SSL_accept:.*read client hello/g)?.length, 1, server.log());
  }
});

test('every port shows the same certificate: RSA with 2048 bits, signed with SHA-256', async (t) => {
  const on = await box('intermediate');
  const prints = new Set<string>();
  for (const port of await tlsPorts(on)) {
    const { pem, sha256 } =
      port.starttls === undefined
        ? await certificateAt({ ...on, host: port.host, prefix: port.prefix }, port.port, hostname)
        : await certificateAfterStarttls(on, port.port);
    prints.add(sha256);
    const text = await output(['openssl', 'x509', '-noout', '-text'], { input: pem });
    t.regex(text, /Public Key Algorithm: rsaEncryption\n\s+Public-Key: \(2048 bit\)/, `port ${port.port}`);
    t.regex(text, /Signature Algorithm: sha256WithRSAEncryption/, `port ${port.port}`);
  }
  t.deepEqual([...prints], [(await on.console.outcome(5)).certificateSha256]);
});

test('587 takes neither a password nor a mail before STARTTLS, and 25 no password at all', async (t) => {
  const on = await box('intermediate');
  const say = async (port: number, tls: 'clear' | 'starttls', lines: readonly string[]) => {
    const program = new URL('world/smtp-dialogue.py', import.meta.url).pathname;
    const argv = [...on.prefix, 'python3', program, on.host, String(port), tls];
    return JSON.parse(await output(argv, { input: lines.join('\n') })) as { code: number; text: string }[];
  };
  // "AG5vYm9keQBub3RoaW5n" is nobody with the password "nothing".
  const tried = [
    'EHLO client.outside.example',
    'AUTH PLAIN AG5vYm9keQBub3RoaW5n',
    'MAIL FROM:<me@example.com>',
  ];
  const [hello587, auth587, mail587] = await say(587, 'clear', tried);
  t.regex(hello587?.text ?? '', /^STARTTLS$/m);
  t.notRegex(hello587?.text ?? '', /AUTH/);
  t.is(auth587?.code, 530);
  t.regex(auth587?.text ?? '', /Must issue a STARTTLS command first/);
  t.is(mail587?.code, 530);
  for (const tls of ['clear', 'starttls'] as const) {
    const [hello, auth] = await say(25, tls, tried.slice(0, 2));
    t.is(hello?.code, 250);
    t.notRegex(hello?.text ?? 'AUTH', /AUTH/, tls);
    t.is(auth?.code, 503, `${tls}: ${auth?.text}`);
  }
  // The other side: under TLS, 587 does offer it.
  t.regex((await say(587, 'starttls', tried.slice(0, 1)))[0]?.text ?? '', /^AUTH PLAIN LOGIN$/m);
});

test('465 speaks TLS from the first byte, and has the rules of 587', async (t) => {
  const on = await box('intermediate');
  const { owner } = await lab;
  const reader = await Reader.of(on, hostname, owner, on.folder);
  const subject = `implicit TLS ${Date.now()}`;
  const mail = { from: owner.email, to: owner.email, subject, auth: owner, tls: 'implicit' } as const;
  await deliver(on, 465, mail);
  const got = await reader.imap(subject);
  t.regex(got, /^DKIM-Signature:/m);
  t.notRegex(got, /client\.outside\.example|198\.51\.100\.1\]/);
  const log = await on.run('cat /var/log/mail.log');
  t.regex(log, /postfix\/submissions\/smtpd\[\d+\]: .*TLS connection established from .*TLSv1\.3/);

  const refused = { ...mail, subject: 'must not arrive' };
  const without = await smtp(on, 465, {
    from: mail.from,
    to: mail.to,
    subject: refused.subject,
    tls: 'implicit',
  });
  t.regex(without.stdout, /^<~\* +[45]\d\d /m, `without a password:\n${without.stdout}`);
  const guessed = await smtp(on, 465, { ...refused, auth: { ...owner, password: 'a guess' } });
  t.regex(guessed.stdout, /^<~\* +535 /m, `with a wrong password:\n${guessed.stdout}`);
  const disguised = await smtp(on, 465, { ...refused, from: 'you@outside.example' });
  t.regex(disguised.stdout, /^<~\* +[45]5\d .*not owned by user/im, `as another:\n${disguised.stdout}`);

  const clear = ['curl', '--disable', '--silent', '--max-time', '5', `telnet://${on.host}:465`];
  t.is((await outcome([...on.prefix, ...clear])).stdout, '', 'not a word in clear');
});

test('guide-2016: every port offers the guide’s versions and suites, and nothing else; Diffie-Hellman has 2048 bits', async (t) => {
  await offersExactly(t, await box('guide'), tlsPolicies['guide-2016']);
});

test('guide-2016: testssl, which tries 370 suites by itself, sees the same; no export, aNULL, eNULL or RC4', async (t) => {
  const on = await box('guide');
  const ports = (await scanned(on)).filter(({ port }) => [25, 443, 587].includes(port));
  await inTwos(ports, async (port) => {
    const found = await testssl(port, on.folder, ['-p', '-s', '-E']);
    const offer = tlsPolicies['guide-2016'][port.offer];
    for (const [version, word] of [
      ['TLSv1', 'tls1'],
      ['TLSv1.1', 'tls1_1'],
      ['TLSv1.2', 'tls1_2'],
      ['TLSv1.3', 'tls1_3'],
    ] as const) {
      // "TLS 1.2   xc030   ECDHE-RSA-AES256-GCM-SHA384   ECDH 256   AESGCM   256   TLS_..."
      const rows = found
        .filter(({ id }) => id.startsWith(`cipher-${word}_x`))
        .map(({ finding }) => / x\S+ +(\S+) +(\S+)(?: (\d+))? +\S+ +(\d+)/.exec(finding) ?? []);
      const expected = offeredSuites(offer, version, release).filter((suite) => !suite.includes('ECDSA'));
      t.deepEqual(
        rows.map(([, suite]) => suite).sort(),
        [...expected].sort(),
        `port ${port.port}, ${version}`,
      );
      const least = port.port === 587 ? 128 : 112;
      for (const [row, , exchange, size, bits] of rows) {
        t.true(Number(bits) >= least && Number(bits) <= 256, `port ${port.port}: ${row}`);
        if (exchange === 'DH') t.is(size, '2048', `port ${port.port}: ${row}`);
      }
    }
    for (const id of [
      'SSLv2',
      'SSLv3',
      ...['NULL', 'aNULL', 'EXPORT', 'LOW'].map((each) => `cipherlist_${each}`),
    ])
      t.is(found.find((each) => each.id === id)?.finding, 'not offered', `port ${port.port}: ${id}`);
  });
});

test('guide-2016: openssl gets no anonymous and no clear-text suite, old and new', async (t) => {
  const on = await box('guide');
  for (const port of await tlsPorts(on)) {
    for (const version of ['-tls1', '-tls1_2']) {
      for (const cipher of ['aNULL:@SECLEVEL=0', 'eNULL:@SECLEVEL=0']) {
        const tried = await handshake(port, [version, '-cipher', cipher]);
        refused(t, tried, `port ${port.port}: ${version} ${cipher}`);
      }
    }
  }
});

test('guide-2016: clients of that time are served, over https and for mail', async (t) => {
  const on = await box('guide');
  const https = await portOf(on, 443);
  const named = ['Android 2.3.7', 'Java 7u25', 'IE 7 Vista', 'IE 8 XP'];
  t.deepEqual(await simulateClients(https, on.folder, named), {
    'Android 2.3.7': 'TLSv1.0 DHE-RSA-AES128-SHA',
    'Java 7u25': 'TLSv1.0 ECDHE-RSA-AES128-SHA',
    'IE 7 Vista': 'TLSv1.0 ECDHE-RSA-AES256-SHA',
    // It knows RC4 and 3DES only, and this release's OpenSSL has no 3DES: docs/tls.md.
    'IE 8 XP': 'No connection',
  });
  for (const port of await tlsPorts(on)) {
    // Firefox 1 has this one, and the OpenSSL 0.9 of its day.
    const old = await handshake(port, ['-tls1', '-cipher', 'DHE-RSA-AES256-SHA:@SECLEVEL=0']);
    t.is(agreed(old), 'DHE-RSA-AES256-SHA', `port ${port.port}: ${old.stderr}`);
    const plain = await handshake(port, ['-tls1', '-cipher', 'AES128-SHA:@SECLEVEL=0']);
    t.is(
      agreed(plain),
      port.offer === 'web' ? undefined : 'AES128-SHA',
      `port ${port.port}: ${plain.stderr}`,
    );
  }
});

test('guide-2016: a mail that goes out takes the newest version that the other side has', async (t) => {
  const [guide, intermediate] = [await box('guide'), await box('intermediate')];
  const { owner } = await lab;
  const you = neighbour(owner).owner;
  const subject = `to the newer ${Date.now()}`;
  await deliver(guide, 587, { from: you.email, to: owner.email, subject, auth: you, tls: 'required' });
  // What comes after the handshake is no matter of TLS.
  const line = (from: LabBox, peer: string) =>
    waitFor(`a connection to ${peer}`, async () => {
      const log = await from.run('cat /var/log/mail.log');
      return new RegExp(`postfix/smtp\\[\\d+\\]: .*TLS connection established to ${peer}.*`).exec(log)?.[0];
    });
  t.regex(await line(guide, 'box\\.example\\.com'), /TLSv1\.3 with cipher/);
  const back = { from: owner.email, to: you.email, subject: `to the older ${Date.now()}` };
  await deliver(intermediate, 587, { ...back, auth: owner, tls: 'required' });
  t.regex(await line(intermediate, 'box\\.outside\\.example'), /TLSv1\.2 with cipher/);
  await guide.stop();
  await intermediate.stop();
});

test('intermediate with inbound.legacyTls: TLS 1.0 and 1.1 on port 25 alone', async (t) => {
  const on = await box('legacy');
  const { exchange, ...others } = tlsPolicies.intermediate;
  await offersExactly(t, on, { ...others, exchange: { ...exchange, oldest: 'TLSv1' } });
  await on.stop();
});

test('modern: TLS 1.3 alone for people, TLS 1.2 and forward secrecy for mail servers', async (t) => {
  const on = await box('modern');
  await offersExactly(t, on, tlsPolicies.modern);
  await agreesOnBest(t, on, tlsPolicies.modern);
  for (const port of (await tlsPorts(on)).filter(({ offer }) => offer !== 'exchange')) {
    refused(t, await handshake(port, ['-tls1_2']), `port ${port.port}`);
    t.regex(agreed(await handshake(port, [])) ?? '', /^TLS_/, `port ${port.port}`);
  }
  const rsa = await handshake(await portOf(on, 25), ['-tls1_2', '-cipher', 'kRSA']);
  refused(t, rsa, 'port 25: no suite without forward secrecy');
});

/** The box answers for its own zone: delegated and vouched for by the lab's signed root, asked and validated from outside. */
import { createHash, X509Certificate } from 'node:crypto';
import { readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import anyTest from 'ava';
import { artefacts } from '../rig/artefacts.ts';
import { trustClients } from '../rig/behaviour.ts';
import { certificateAfterStarttls, certificateAt, deliver } from '../rig/mail.ts';
import { documentsOf, hostname, settingsOf } from '../rig/owner.ts';
import { outcome, output } from '../rig/program.ts';
import { waitFor } from '../rig/wait.ts';
import { makeLab, neighbour } from './world/lab.ts';
import type { LabBox } from './world/nspawn.ts';
import { faketimeLibrary } from './world/validator.ts';

const test = anyTest.serial;
const lab = makeLab(artefacts(anyTest, 'lab-dns'));
const zone = 'example.com';
const zones = '/home/user-data/dns/zones';
const keys = '/home/user-data/dns/dnssec';

/** The box in question. */
const mine = lab.then(({ box, owner }) => box('box', owner));
/** Somebody else's box: its resolver follows the lab's root, and its programs are the outside world. */
const theirs = Promise.all([lab, mine]).then(([{ box, owner }]) => {
  const other = neighbour(owner);
  return box('neighbour', other.owner, other.settings);
});
const started = Promise.all([mine, theirs]).then(async (boxes) => {
  for (const box of boxes) {
    await box.start();
    const said = await box.console.outcome();
    if (said.stage !== 'ready') throw new Error(`${said.step}: ${said.error}`);
  }
});

/** Asks the box's name server from the outside host. */
const ask = async (...question: string[]): Promise<string> => {
  const { outside } = await lab;
  const { stdout } = await outcome([
    ...outside.prefix,
    ...['dig', `@${(await mine).host}`, '+tries=2', '+time=5', ...question],
  ]);
  return stdout;
};

const delv = `delv @127.0.0.1 -a /tmp/anchor +root=.`;

/** Gives the neighbour's delv the lab's trust anchor. */
async function trustTheLab(box: LabBox): Promise<void> {
  const [, tag, algorithm, type, digest] =
    /DS\s+(\d+) (\d+) (\d+) (\S+)/.exec((await lab).zone.trustAnchor) ?? [];
  const anchor = `trust-anchors { . static-ds ${tag} ${algorithm} ${type} "${digest?.toUpperCase()}"; };\n`;
  await box.run('cat >/tmp/anchor', anchor);
}

test('both boxes become ready, and NSD answers', async (t) => {
  await started;
  await trustClients(await mine);
  t.regex(
    await ask('+norecurse', zone, 'SOA'),
    /flags: qr aa;.*\n[\s\S]*IN\tSOA\tns1\.box\.example\.com\. hostmaster/,
  );
});

test('what `box dns ds` prints makes the parent vouch for the zone, and `box dns check` is content', async (t) => {
  const box = await mine;
  const before = await box.outcome('box dns check');
  t.is(before.code, 1);
  t.regex(before.stdout, /^error {4}delegation of example\.com: .*\n +-> at your registrar, set ns1\.box/m);
  const all = JSON.parse(await box.run('box dns ds --json')) as Record<string, string | number>[];
  t.deepEqual(
    all.map(({ digestType }) => digestType),
    [2, 4],
  );
  await (await lab).zone.publish([
    `${zone}. NS ns1.${hostname}.`,
    `${zone}. NS ns2.${hostname}.`,
    `ns1.${hostname}. A ${box.host}`,
    `ns2.${hostname}. A ${box.host}`,
    ...all.map((ds) => `${zone}. DS ${ds.keyTag} ${ds.algorithm} ${ds.digestType} ${ds.digest}`),
  ]);
  // What the two resolvers asked before the delegation was there.
  for (const each of [box, await theirs]) await each.run('systemctl restart unbound');
  const after = await box.outcome('box dns check');
  t.is(after.code, 0, after.stdout);
  t.regex(after.stdout, /^ok {7}DNSSEC of example\.com: validated$/m);
});

test('every record of the zone validates from the root, as seen from outside', async (t) => {
  const outside = await theirs;
  await trustTheLab(outside);
  const shown = JSON.parse(await (await mine).run('box dns show --json')) as {
    zones: { records: { name: string; type: string; value: string }[] }[];
  };
  const records = shown.zones.flatMap(({ records }) => records);
  const sets = [...new Set(records.map(({ name, type }) => `${name} ${type}`))];
  t.true(sets.length > 40, `${sets.length} sets of records`);
  const script = `while read -r name type; do echo "== $name $type"; ${delv} "$name" "$type" 2>&1; done`;
  const answers = (await outside.run(script, `${sets.join('\n')}\n`, 300)).split('== ').slice(1);
  t.is(answers.length, sets.length);
  for (const answer of answers) {
    const [set = '', verdict] = answer.split('\n');
    t.is(verdict, '; fully validated', answer);
    const lines = answer.split('\n').filter((line) => !line.startsWith(';') && !/\sRRSIG\s/.test(line));
    const wanted = records.filter(({ name, type }) => `${name} ${type}` === set).length;
    t.is(lines.filter((line) => /\sIN\s/.test(line)).length, wanted, answer);
  }
});

test('what is not there is proven not to be there, by NSEC3', async (t) => {
  const outside = await theirs;
  for (const [question, verdict] of [
    [`nothere.${zone} A`, /; negative response, fully validated/],
    [`a.b.c.${zone} TXT`, /; negative response, fully validated/],
    [`${zone} HINFO`, /; negative response, fully validated/],
    [`_imaps._tcp.${hostname} SRV`, /; negative response, fully validated/],
  ] as const) {
    t.regex(await outside.run(`${delv} ${question} 2>&1 || true`), verdict, question);
  }
  const nothing = await ask('+dnssec', `nothere.${zone}`, 'A');
  t.regex(nothing, /status: NXDOMAIN/);
  t.is([...nothing.matchAll(/\sNSEC3\s+1 0 0 - /g)].length, 3, 'no salt, no iterations, no opt-out');
});

test('a signature that is wrong would be noticed: the same questions with another trust anchor', async (t) => {
  const outside = await theirs;
  await outside.run(`sed 's/"[0-9A-F]\\{8\\}/"00000000/' /tmp/anchor >/tmp/wrong-anchor`);
  const { stdout, stderr } = await outside.outcome(
    `delv @127.0.0.1 -a /tmp/wrong-anchor +root=. ${hostname} A`,
  );
  t.regex(stdout + stderr, /resolution failed|broken trust chain|no valid/);
  t.notRegex(stdout, /fully validated/);
});

test('it answers for nobody else, gives its zones to nobody, and says nothing of itself', async (t) => {
  const recursion = await ask('outside.example', 'A');
  t.regex(recursion, /status: REFUSED/);
  t.regex(recursion, /flags: qr rd;/, 'no recursion available');
  for (const type of ['AXFR', 'IXFR=1']) {
    const transfer = await ask('+tcp', zone, type);
    t.notRegex(transfer, /\sMX\s/, type);
    t.regex(transfer, /Transfer failed|REFUSED/, type);
  }
  const any = await ask('+notcp', '+ignore', '+bufsize=4096', zone, 'ANY');
  t.regex(any, /flags: qr tc/);
  t.regex(any, /ANSWER: 0,/);
  for (const name of ['version.bind', 'version.server', 'id.server', 'hostname.bind']) {
    const answer = await ask('CH', 'TXT', name);
    t.regex(answer, /status: REFUSED/, name);
  }
});

test('SPF and DMARC say what the guide says, also for names without mail', async (t) => {
  const text = async (name: string, type = 'TXT') => (await ask('+short', '+norecurse', name, type)).trim();
  for (const domain of [zone, hostname]) {
    t.is(await text(domain), '"v=spf1 mx -all"');
    t.is(await text(`_dmarc.${domain}`), `"v=DMARC1; p=quarantine; rua=mailto:mail-reports@${hostname}"`);
    t.is(await text(domain, 'MX'), `10 ${hostname}.`);
  }
  for (const host of [`www.${zone}`, `mta-sts.${zone}`, `ns1.${hostname}`]) {
    t.is(await text(host), '"v=spf1 -all"');
    t.is(await text(`_dmarc.${host}`), '"v=DMARC1; p=reject;"');
    t.is(await text(host, 'MX'), '0 .');
  }
});

test('TLSA is the key of the certificate on each port', async (t) => {
  const box = await mine;
  const certificates = {
    25: await certificateAfterStarttls(box, 25),
    443: await certificateAt(box, 443, hostname),
    587: await certificateAfterStarttls(box, 587),
    993: await certificateAt(box, 993, hostname),
    995: await certificateAt(box, 995, hostname),
  };
  for (const [port, { pem }] of Object.entries(certificates)) {
    const spki = new X509Certificate(pem).publicKey.export({ type: 'spki', format: 'der' });
    const hash = createHash('sha256').update(spki).digest('hex').toUpperCase();
    const found = (await ask('+short', '+norecurse', `_${port}._tcp.${hostname}`, 'TLSA')).trim();
    t.is(found.replace(/(?<=^\d \d \d .*) /g, ''), `3 1 1 ${hash}`, port);
  }
});

test('a sender delivers with DANE verified', async (t) => {
  const outside = await theirs;
  const { owner } = await lab;
  const other = neighbour(owner);
  const subject = `dane ${Date.now()}`;
  await deliver(outside, 587, {
    from: 'you@outside.example',
    to: owner.email,
    subject,
    auth: other.owner,
    tls: 'required',
  });
  const sent = await waitFor('the neighbour to have sent the mail', async () => {
    const { stdout } = await outside.outcome(
      'grep -A3 "Verified TLS connection established to box.example.com" /var/log/mail.log',
    );
    return /status=sent/.test((await outside.outcome('grep "to=<me@example.com>" /var/log/mail.log')).stdout)
      ? stdout
      : undefined;
  });
  t.regex(sent, /Verified TLS connection established to box\.example\.com\[198\.51\.100\.\d+\]:25/);
});

test('SSHFP is what ssh-keyscan sees, and ssh verifies the host key by it without asking', async (t) => {
  const [box, outside] = [await mine, await theirs];
  const seen = await output([...box.prefix, 'ssh-keyscan', '-D', box.host]);
  const scanned = seen
    .split('\n')
    .flatMap((line) => /IN SSHFP (\d) 2 ([0-9a-f]+)/.exec(line)?.slice(1, 3).join(' ') ?? []);
  const found = (await ask('+short', '+norecurse', hostname, 'SSHFP'))
    .trim()
    .split('\n')
    .map((line) =>
      line
        .toLowerCase()
        .replace(/^(\d) 2 (.*)$/, (_, algorithm, hex) => `${algorithm} ${hex.replace(/ /g, '')}`),
    );
  t.deepEqual(found.sort(), [...new Set(scanned)].sort());
  const { stderr } = await outside.outcome(
    `ssh -v -o VerifyHostKeyDNS=yes -o StrictHostKeyChecking=yes -o UserKnownHostsFile=/dev/null -o BatchMode=yes ${hostname} true`,
  );
  t.regex(stderr, /found \d+ secure fingerprints in DNS/);
  t.regex(stderr, /matching host key fingerprint found in DNS/);
  t.regex(stderr, /Permission denied \(publickey\)/, 'the key of the host was taken; ours is none');
});

test('the DKIM key in the zone is the box’s, and its record is secure', async (t) => {
  const [box, outside] = [await mine, await theirs];
  // libunbound's own resolver: the lab's root in the place of the world's.
  const conf = ['ResolverConfiguration /tmp/unbound.conf', 'TrustAnchorFile /tmp/root.ds', ''].join('\n');
  await outside.run('cat >/tmp/root.ds', `${(await lab).zone.trustAnchor}\n`);
  await outside.run(
    'cat >/tmp/unbound.conf',
    'server:\nstub-zone:\n  name: "."\n  stub-addr: 198.51.100.1\n',
  );
  await outside.run('cat >/tmp/testkey.conf', conf);
  const key = await box.run('cat /home/user-data/mail/dkim/mail.private');
  await outside.run('umask 077; cat >/tmp/dkim.private', key);
  const { stdout, stderr } = await outside.outcome(
    `opendkim-testkey -vvv -x /tmp/testkey.conf -d ${zone} -s mail -k /tmp/dkim.private; rm /tmp/dkim.private`,
  );
  t.regex(stdout + stderr, /key secure/);
  t.regex(stdout + stderr, /key OK/);
});

test('the MTA-STS policy is where senders look, and not announced for a self-signed certificate', async (t) => {
  const box = await mine;
  const curl = ['curl', '--disable', '-sS', '--insecure', '--connect-to', `::${box.host}`];
  const policy = await output([...box.prefix, ...curl, `https://mta-sts.${zone}/.well-known/mta-sts.txt`]);
  t.regex(policy, /^version: STSv1\nmode: enforce\nmx: box\.example\.com\n/);
  t.is((await ask('+short', '+norecurse', `_mta-sts.${zone}`, 'TXT')).trim(), '');
});

test('a custom record is served and signed; a bad one is named and stops nothing', async (t) => {
  const [box, outside] = [await mine, await theirs];
  const custom = `www.${zone}:\n  TXT: hello\nsub.${zone}:\n  CNAME: www\n  TXT: beside\n`;
  await box.run('cat >/home/user-data/dns/custom.yaml', custom);
  t.regex(await box.run('box dns update'), /^updated DNS: example\.com$/m);
  await waitFor('the record to be served', async () =>
    (await ask('+short', '+norecurse', `www.${zone}`, 'TXT')).includes('"hello"') ? true : undefined,
  );
  t.regex(
    await outside.run(`${delv} sub.${zone} TXT`),
    /; fully validated\nsub\.example\.com\.\t\d+\tIN\tTXT\t"beside"/,
  );
  t.regex(
    await box.run('box dns show'),
    /REFUSED sub\.example\.com CNAME "www\.example\.com\.": an alias can’t/,
  );
  t.regex(await box.run('box dns update'), /^every zone is up to date$/m);
});

test('a text pasted in quotes is served as the text, with no default SPF beside it, and the MX that comes first alone', async (t) => {
  const box = await mine;
  const custom = `${zone}:\n  TXT: '"v=spf1 include:provider.example " "-all"'\n  MX: 1 mx.provider.example\n`;
  await box.run('cat >/home/user-data/dns/custom.yaml', custom);
  await box.run('box dns update');
  const answers = async (type: string) => (await ask('+short', '+norecurse', zone, type)).trim();
  await waitFor('the record to be served', async () =>
    (await answers('MX')) === '1 mx.provider.example.' ? true : undefined,
  );
  t.is(await answers('TXT'), '"v=spf1 include:provider.example -all"');
  const check = await box.outcome('box dns check');
  t.regex(
    check.stdout,
    /^warning {2}custom DNS records: example\.com MX 1 .*: mail for example\.com goes to others/m,
  );
  t.regex(
    check.stdout,
    /^warning {2}custom DNS records: example\.com MX 1 .*: the box finds no address of mx\.provider/m,
  );
  t.regex(await box.run(`box dns custom remove ${zone} MX`), /^now: example\.com MX 10 box\.example\.com\./m);
  await box.run(`box dns custom remove ${zone} TXT --value 'v=spf1 include:provider.example -all'`);
  await waitFor('the default to be served', async () =>
    (await answers('TXT')) === '"v=spf1 mx -all"' ? true : undefined,
  );
});

test('an account of a new domain brings a zone, which goes with it', async (t) => {
  const box = await mine;
  await box.run('box account add you@second.example', 'correct-horse\n');
  t.regex(
    await ask('+norecurse', '+dnssec', 'second.example', 'MX'),
    /\tMX\t10 box\.example\.com\.\n.*\tRRSIG\tMX 13 2 /,
  );
  await box.run('box account remove you@second.example');
  t.regex(await ask('+norecurse', 'second.example', 'MX'), /status: REFUSED/);
});

test('a new IPv6 address: published, and NSD answers there too', async (t) => {
  const box = await mine;
  const address = '2001:db8::10';
  await (await lab).outside.ip('-6', 'address', 'add', '2001:db8::1/64', 'dev', 'br0', 'nodad');
  await box.run(`ip -6 address add ${address}/64 dev host0 nodad && box dns update`);
  t.is(await ask('+short', '+norecurse', hostname, 'AAAA'), `${address}\n`);
  const { outside } = await lab;
  const answer = await output([
    ...outside.prefix,
    ...['dig', `@${address}`, '+norecurse', '+dnssec', hostname, 'AAAA'],
  ]);
  t.regex(answer, /flags: qr aa;[\s\S]*\sRRSIG\s+AAAA 13 3 /);
});

test('the daily run is due, and its unit does its work', async (t) => {
  const box = await mine;
  t.is(
    (await box.run('systemctl is-enabled box-dns.timer && systemctl is-active box-dns.timer')).trim(),
    'enabled\nactive',
  );
  await box.run(
    `printf 'www.${zone}:\\n  TXT: later\\n' >/home/user-data/dns/custom.yaml && systemctl start box-dns.service`,
  );
  await waitFor('the record to be served', async () =>
    (await ask('+short', '+norecurse', `www.${zone}`, 'TXT')).includes('"later"') ? true : undefined,
  );
  t.pass();
});

test('signatures of a clock that was ahead are made anew by the hourly run, as soon as the clock is right', async (t) => {
  await started;
  const box = await mine;
  const inception = async () => {
    const [, time = ''] =
      /RRSIG\s+SOA \d+ \d+ \d+ \d{14} (\d{14})/.exec(await ask('+norecurse', '+dnssec', zone, 'SOA')) ?? [];
    return time.slice(0, 4);
  };
  const year = String(new Date().getFullYear());
  const hourly = () => box.run('systemctl start box-dns.service');
  await box.run('base64 -d >/root/libfaketime.so', readFileSync(faketimeLibrary()).toString('base64'));
  const clock = 'LD_PRELOAD=/root/libfaketime.so DONT_FAKE_MONOTONIC=1 FAKETIME=+1800d';
  await box.run(`${clock} box dns update --force`);
  await waitFor('NSD to serve it', async () => ((await inception()) === year ? undefined : true));
  await hourly();
  t.not(await inception(), year, 'nobody says that the clock is right: the lab has no time server');
  const chronyc = '/usr/bin/chronyc';
  await box.run(`mv ${chronyc} ${chronyc}.own && ln -s /usr/bin/true ${chronyc}`);
  await hourly();
  await waitFor('NSD to serve it', async () => ((await inception()) === year ? true : undefined));
  await box.run(`mv ${chronyc}.own ${chronyc}`);
  const their = await theirs;
  await their.run('systemctl restart unbound');
  t.regex(await their.run(`dig +tries=2 +time=5 ${zone} SOA`), /flags: qr rd ra ad;/);
});

test('no program but the box’s own has seen a private key', async (t) => {
  const box = await mine;
  t.is((await box.run(`stat -c '%U %a' ${keys} ${keys}/*.private | sort -u`)).trim(), 'root 600\nroot 700');
  const nsd = (await box.run('systemctl show -p MainPID --value nsd')).trim();
  const seen = await box.run(`ls -R /proc/${nsd}/root/home`);
  t.regex(seen, /example\.com\.signed/);
  t.notRegex(seen, /dnssec|mail|ssl/);
  t.is(
    (await box.run('ls /etc/nsd')).trim().split('\n').sort().join(' '),
    'box nsd.conf nsd.conf.d',
    'no key of a control channel',
  );
});

test('to one source it does not answer the same at any rate', async (t) => {
  const { outside } = await lab;
  const flood = `
import socket, struct, sys
name = b"".join(bytes([len(l)]) + l.encode() for l in "${zone}".split(".")) + b"\\0"
query = struct.pack(">HHHHHH", 1, 0, 1, 0, 0, 0) + name + struct.pack(">HH", 6, 1)
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
s.settimeout(1)
sent, whole, cut = 3000, 0, 0
for burst in range(30):
    for i in range(100): s.sendto(query, (sys.argv[1], 53))
    s.setblocking(False)
    while True:
        try: answer = s.recv(4096)
        except BlockingIOError: break
        if answer[2] & 2: cut += 1
        else: whole += 1
s.settimeout(1)
while True:
    try: answer = s.recv(4096)
    except socket.timeout: break
    if answer[2] & 2: cut += 1
    else: whole += 1
print(whole, cut)
`;
  const argv = [...outside.prefix, 'python3', '-', (await mine).host];
  const [whole = 0, cut = 0] = (await output(argv, { input: flood })).split(' ').map(Number);
  t.true(whole > 0 && whole < 1500, `${whole} whole answers to 3000 questions`);
  t.true(cut > 0, 'a real client is told to come by TCP');
  t.true(whole + cut < 3000, `${whole} whole, ${cut} cut short`);
});

test('off for 60 days, then on: no answer that comes is old', async (t) => {
  const box = await mine;
  await box.kill();
  const state = (file: string) => path.join(box.folder, 'upper', file);
  // The same zone as it would lie there after 60 days: its signatures ended a month ago.
  const days = (n: number) => new Date(Date.now() + n * 86_400_000).toISOString().replace(/[-T:]|\..*$/g, '');
  const work = path.join(box.folder, 'aged');
  const bases = readdirSync(state(keys)).filter((name) => name.endsWith('.private'));
  for (const name of bases) {
    const key = name.replace(/\.private$/, '');
    writeFileSync(
      path.join(box.folder, `${key}.key`),
      readFileSync(state(`${keys}/${key}.key`), 'utf8').replace('_domain_', zone),
    );
    writeFileSync(path.join(box.folder, name), readFileSync(state(`${keys}/${name}`)), { mode: 0o600 });
  }
  await output([
    ...['ldns-signzone', '-n', '-t', '0', '-i', days(-60), '-e', days(-30), '-o', zone, '-f', work],
    ...[
      state(`${zones}/${zone}.txt`),
      ...bases.map((name) => path.join(box.folder, name.replace(/\.private$/, ''))),
    ],
  ]);
  const served = readFileSync(state(`${zones}/${zone}.signed`), 'utf8');
  const soa = /RRSIG\tSOA 13 2 3600 (\d+)/;
  renameSync(work, state(`${zones}/${zone}.signed`));
  t.not(soa.exec(readFileSync(state(`${zones}/${zone}.signed`), 'utf8'))?.[1], soa.exec(served)?.[1]);
  const answers: string[] = [];
  let polling = true;
  const poller = (async () => {
    while (polling) answers.push(await ask('+norecurse', '+dnssec', '+tries=1', '+time=1', zone, 'SOA'));
  })();
  const { owner, zone: root } = await lab;
  await box.start(
    documentsOf(
      owner,
      settingsOf(owner, { lab: { rootHints: ['198.51.100.1'], trustAnchor: root.trustAnchor } }),
    ),
  );
  const said = await box.console.outcome();
  t.is(said.stage, 'ready', said.error);
  await waitFor('an answer after the start', () =>
    answers.some((answer) => soa.test(answer)) ? true : undefined,
  );
  polling = false;
  await poller;
  const came = answers.flatMap((answer) => soa.exec(answer)?.[1] ?? []);
  t.true(came.length > 0 && came.every((expiration) => expiration > days(20)), came.join());
  const report = JSON.parse(await box.run('cat /run/box/ready.json')) as {
    steps: { title: string; result: string }[];
  };
  t.deepEqual(report.steps.find(({ title }) => title === 'DNS zones')?.result, 'ran');
  t.regex(await (await theirs).run(`${delv} ${hostname} A`), /; fully validated/);
});

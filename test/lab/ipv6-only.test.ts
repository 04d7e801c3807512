/** A box in a network that has IPv6 alone: with an address that its datasource tells, and with one that a router's advertisement makes. */
import path from 'node:path';
import anyTest from 'ava';
import { artefacts } from '../rig/artefacts.ts';
import { knowClients } from '../rig/behaviour.ts';
import { certificateAt } from '../rig/mail.ts';
import { documentsOf, hostname, settingsOf } from '../rig/owner.ts';
import { outcome, output, start } from '../rig/program.ts';
import { waitFor } from '../rig/wait.ts';
import { disguise, runCloud, seedOf } from './world/cloud.ts';
import { makeLab, outsideIpv6 } from './world/lab.ts';
import { LabMta } from './world/mta.ts';
import { LabBox } from './world/nspawn.ts';
import { ptr } from './world/senders.ts';

const test = anyTest.serial;
const kept = artefacts(anyTest, 'lab-ipv6-only');
const lab = makeLab(kept, { ipv6: true });

const address = '2001:db8::10';
const stranger = 'six.outside.example';
const elsewhere = { domain: 'elsewhere.example', address: '2001:db8::101' };

/** The same card in the same lab, and no IPv4 address anywhere in what it is told. */
async function sixOnly(name: string, networkConfig: object | undefined): Promise<LabBox> {
  const { box: makeBox, owner, zone } = await lab;
  const { options } = await makeBox(name, owner);
  await zone.withdraw([`${hostname}. A ${options.address}`]);
  const settings = settingsOf(owner, { lab: { rootHints: [outsideIpv6], trustAnchor: zone.trustAnchor } });
  const documents = documentsOf(owner, settings);
  const own = networkConfig === undefined ? {} : { networkConfig };
  return kept.own(new LabBox(kept.folder, { ...options, ...own, name, address, documents }));
}

/** A program on the outside host, which reaches the box by IPv6 alone. */
const outside = async (...argv: string[]) => output([...(await lab).outside.prefix, ...argv]);
const asked = async (...question: string[]) =>
  outside('dig', `@${address}`, '+short', '+norecurse', '+tries=2', '+time=5', ...question);

const mine = (async () => {
  const { zone } = await lab;
  const gateway = { gateway6: outsideIpv6 };
  const box = await sixOnly('static', {
    version: 2,
    ethernets: { host0: { addresses: [`${address}/64`], ...gateway } },
  });
  await zone.publish([
    `${hostname}. AAAA ${address}`,
    ptr(address, hostname),
    `${stranger}. AAAA ${outsideIpv6}`,
    `${stranger}. TXT "v=spf1 ip6:${outsideIpv6} -all"`,
    ptr(outsideIpv6, stranger),
  ]);
  await box.start();
  return { box, said: await box.console.outcome() };
})();

test('it becomes ready, and has no IPv4 address but loopback’s', async (t) => {
  const { box, said } = await mine;
  t.is(said.stage, 'ready', `${said.step}: ${said.error} (${said.hint})`);
  t.is((await box.run('ip -4 -oneline address show scope global')).trim(), '');
  const failed = (await box.run('systemctl list-units --failed --no-legend --plain')).split('\n');
  // A container has no root file system of its own to remount.
  t.deepEqual(
    failed.filter((line) => line !== '' && !line.startsWith('systemd-remount-fs.service ')),
    [],
  );
});

test('its zone has AAAA records and no A, SPF leads to them, and NSD answers at them', async (t) => {
  await mine;
  t.is(await asked(hostname, 'AAAA'), `${address}\n`);
  t.is(await asked(hostname, 'A'), '');
  t.is(await asked('example.com', 'MX'), `10 ${hostname}.\n`);
  t.regex(await asked('example.com', 'TXT'), /"v=spf1 mx -all"/);
});

test('every door answers at its address: web, mail in, mail programs, ssh', async (t) => {
  const { box, said } = await mine;
  for (const port of [443, 465, 993, 995])
    t.is(
      (await certificateAt({ ...reached(box), host: `[${address}]` }, port, hostname)).sha256,
      said.certificateSha256 ?? '',
      `${port}`,
    );
  const status = JSON.parse(await box.run('box status --json --all || true')) as Status;
  t.like(found(status, 'addresses'), { state: 'ok' });
  t.like(found(status, `name of ${address}`), { state: 'ok' });
  t.like(found(status, 'IPv4 address'), { state: 'warning' });
  const wrong = status.filter(
    ({ state, title, text }) => state === 'error' && /IPv4|\bA\b/.test(title + text),
  );
  t.deepEqual(wrong, [], 'that there is no IPv4 is no fault');
});

test('mail comes in by IPv6 and is read by it', async (t) => {
  const { box } = await mine;
  const { owner } = await lab;
  await knowClients(box);
  const subject = `by six ${Date.now()}`;
  const mail = `From: someone@${stranger}\r\nTo: ${owner.email}\r\nSubject: ${subject}\r\n\r\nHello.\r\n`;
  const envelope = ['--mail-from', `someone@${stranger}`, '--mail-rcpt', owner.email];
  const sent = await outcome(
    [
      ...(await lab).outside.prefix,
      ...['curl', '--disable', '--silent', '--show-error', '--max-time', '60', '--ssl-reqd', '--insecure'],
      ...[...envelope, '--upload-file', '-', `smtp://[${address}]:25/${stranger}`],
    ],
    { input: mail },
  );
  t.is(sent.code, 0, sent.stderr);
  const headers = await waitFor('the mail', async () => {
    const text = await box.run(`doveadm fetch -u ${owner.email} hdr mailbox INBOX subject '${subject}'`);
    return text.includes(subject) ? text : undefined;
  });
  t.regex(headers, /^Received: from six\.outside\.example .*\[IPv6:2001:db8::1\]/m);
  t.regex(headers, /spf=pass/i);
});

test('mail goes out by IPv6, to a server that has nothing else', async (t) => {
  const { box } = await mine;
  const { outside: host, zone, image, owner } = await lab;
  await host.ip('-6', 'address', 'add', `${elsewhere.address}/64`, 'dev', 'br0', 'nodad');
  const mx = `mx.${elsewhere.domain}`;
  await zone.publish([
    `${mx}. AAAA ${elsewhere.address}`,
    `${elsewhere.domain}. MX 10 ${mx}.`,
    ptr(elsewhere.address, mx),
  ]);
  const mta = await kept
    .own(new LabMta(kept.folder, image, host, { ...elsewhere, hostname: mx, tls: undefined }))
    .start();
  const subject = `out by six ${Date.now()}`;
  await box.run(
    `printf 'From: ${owner.email}\\nTo: you@${elsewhere.domain}\\nSubject: ${subject}\\n\\nHello.\\n' | sendmail -f ${owner.email} you@${elsewhere.domain}`,
  );
  t.regex(await mta.mail(subject), new RegExp(`\\[IPv6:${address}\\]`));
});

test('where a router advertises its network, a box that is told nothing of one has an address of it', async (t) => {
  const { box: first } = await mine;
  await first.stop();
  const { outside: host, zone } = await lab;
  await zone.withdraw([`${hostname}. AAAA ${address}`]);
  const box = await sixOnly('advertised', undefined);
  const { mac, documents } = box.options;
  const folder = path.join(kept.folder, 'router');
  const instance = {
    ...{ hostname: 'advertised', userData: documents.userData, mac, address },
    ...{ publicAddress: '', sshKey: '' },
  };
  const cloud = {
    datasource: 'NoCloud',
    firmware: {},
    services: [],
    dhcp: false,
    answers: () => ({}),
    seed: () => ({ 'nocloud/user-data': documents.userData, 'nocloud/meta-data': documents.metaData }),
  } as const;
  await box.lay([...disguise, ...seedOf(cloud, instance)]);
  const running = await runCloud(await lab, folder, cloud, instance);
  const router = start(
    [
      ...host.prefix,
      ...['dnsmasq', '--keep-in-foreground', '--log-facility=-', '--conf-file=/dev/null', '--user=root'],
      ...['--port=0', '--pid-file', '--leasefile-ro', '--interface=br0', '--bind-interfaces'],
      ...['--enable-ra', '--dhcp-range=2001:db8::,ra-only,64,1h', '--ra-param=br0,4,1800'],
    ],
    path.join(folder, 'router.log'),
  );
  try {
    await box.start(running);
    const said = await box.console.outcome();
    t.is(said.stage, 'ready', `${said.step}: ${said.error} (${said.hint})`);
    const own =
      /2001:db8:\S*(?=\/64)/.exec(await box.run('ip -6 -oneline address show scope global'))?.[0] ?? '';
    t.not(own, '', 'an address of the advertised network');
    t.regex(await box.run('ip -6 route show default'), /proto ra/);
    t.is((await outside('dig', `@${own}`, '+short', '+norecurse', hostname, 'AAAA')).trim(), own);
  } finally {
    await box.stop();
    router.kill('SIGKILL');
    await running.stop();
  }
});

type Status = readonly { readonly title: string; readonly state: string; readonly text: string }[];
const found = (status: Status, title: string) =>
  status.find((check) => check.title === title) ?? { state: 'absent' };
const reached = (box: LabBox) => ({ port: box.port, prefix: box.prefix, stranger: box.stranger });

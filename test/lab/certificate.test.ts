/** The owner replaces the self-signed certificate with one of an authority; and what box status says of ssh. */
import { X509Certificate } from 'node:crypto';
import anyTest from 'ava';
import { artefacts } from '../rig/artefacts.ts';
import { certificateAfterStarttls, certificateAt } from '../rig/mail.ts';
import { hostname } from '../rig/owner.ts';
import { output } from '../rig/program.ts';
import { waitFor } from '../rig/wait.ts';
import { makeLab } from './world/lab.ts';
import { started } from './world/started.ts';

const test = anyTest.serial;
const kept = artefacts(anyTest, 'lab-certificate');
const lab = makeLab(kept);
const mine = lab.then(async (it) => started(it, 'box', it.owner));

const served = async () => {
  const box = await mine;
  return Promise.all([
    ...[443, 465, 993, 995].map((port) => certificateAt(box, port, hostname)),
    ...[25, 587].map((port) => certificateAfterStarttls(box, port)),
  ]);
};
const tlsa = async () => {
  const { prefix, host } = await mine;
  const ask = ['dig', '+short', `@${host}`, `_25._tcp.${hostname}`, 'TLSA'];
  return output([...prefix, ...ask]);
};
const answer = async (name: string) => {
  const { prefix, host } = await mine;
  return output([...prefix, 'dig', '+short', `@${host}`, name, 'TXT']);
};

test('a certificate of an authority: asked for by box tls csr, and refused whole while nobody stands behind it', async (t) => {
  const box = await mine;
  const { ca } = await lab;
  const request = await box.run('box tls csr');
  const names = [hostname, `mta-sts.${hostname}`, 'mta-sts.example.com'];
  await box.run('cat >/root/new.pem', await ca.sign(request, ...names));
  const before = await box.run('ls -lR --time-style=full-iso /home/user-data/ssl');
  const refused = await box.outcome('box tls install /root/new.pem');
  t.is(refused.code, 1);
  t.regex(
    refused.stderr,
    /^box: no authority that this box trusts stands behind the certificate -> [^\n]+\n$/,
  );
  t.is(await box.run('ls -lR --time-style=full-iso /home/user-data/ssl'), before);
  t.is(await answer('_mta-sts.example.com'), '');
});

test('installed, every port serves it, the TLSA record is as it was, and MTA-STS is announced', async (t) => {
  const box = await mine;
  const { ca } = await lab;
  const [old] = await served();
  const record = await tlsa();
  t.regex(record, /^3 1 1 /);
  await box.run(ca.install.script, ca.install.input);
  t.regex(await box.run('box tls install /root/new.pem'), /^installed: valid for (29|30) days$/m);
  const { fingerprint256 } = new X509Certificate(await box.run('cat /root/new.pem'));
  // A daemon that was told takes a moment.
  await waitFor('the new certificate on every port', async () =>
    (await served()).every(({ sha256 }) => sha256 === fingerprint256) ? true : undefined,
  );
  t.not(old?.sha256, fingerprint256);
  await waitFor('the announcement of MTA-STS', async () =>
    (await answer('_mta-sts.example.com')).includes('v=STSv1') ? true : undefined,
  );
  t.is(await tlsa(), record);
  const curl = ['curl', '--disable', '-sS', '--max-time', '20', '--cacert', ca.pair.certificate];
  const page = await output([
    ...box.prefix,
    ...curl,
    '--connect-to',
    `::${box.host}`,
    `https://${hostname}/`,
  ]);
  t.regex(page, /box\.example\.com/);
  t.regex(await box.run('box tls show'), /^issuer {3}CN=The lab.*authority$/m);
  // The lab's authority gives thirty days, and box status warns that long before the end.
  t.regex(
    (await box.outcome('box status')).stdout,
    /^warning {2}TLS certificate: expires in (29|28) days\n {9}-> install a new one$/m,
  );
});

test('the administrator is warned if ssh takes passwords', async (t) => {
  const box = await mine;
  const status = async () => (await box.outcome('box status')).stdout;
  t.regex(await status(), /^ok {7}ssh: takes keys only$/m);
  await box.run("echo 'PasswordAuthentication yes' >/etc/ssh/sshd_config.d/00-owner.conf");
  t.regex(await status(), /^warning {2}ssh: takes passwords: .*\n {9}-> set PasswordAuthentication no/m);
});

test('box status looks at the queue, the clock, updates and memory', async (t) => {
  const said = (await (await mine).outcome('box status')).stdout;
  t.regex(said, /^ok {7}mail queue: empty$/m);
  // No time server answers in the lab.
  t.regex(said, /^warning {2}clock: follows no time server; it says 20/m);
  t.regex(said, /^ok {7}security updates: none waits$/m);
  t.regex(said, /^ok {7}memory: \d+% is left$/m);
  t.regex(said, /^ok {7}pop3s, port 995: answers$/m);
});

/** `box tls new-key` on a box of files of its own: its phases, who brings the certificate, and power cuts at every write. */
import { createPrivateKey, X509Certificate } from 'node:crypto';
import { existsSync } from 'node:fs';
import test, { type ExecutionContext } from 'ava';
import { runSteps } from '../../box/init/runner.ts';
import { keyChangeStep } from '../../box/init/steps/key-change.ts';
import { certificateStep, tlsKeyStep } from '../../box/init/steps/tls.ts';
import { keyHash } from '../../box/keys/tls/private-key.ts';
import { paths } from '../../box/machine/paths.ts';
import { Authority } from '../unit/box/renew/authority.ts';
import { image, settings, TemporaryBox } from '../unit/box/temporary-box.ts';
import { cutPower } from './power-cut.ts';

const authority = new Authority();
const hour = 3_600_000;
const signedZone = '/home/user-data/dns/zones/example.com.signed';
const port25 = '_25._tcp.box.example.com.';

async function make(t: ExecutionContext): Promise<TemporaryBox> {
  const box = await TemporaryBox.booted(t);
  box.now = new Date(Date.now() + 60_000);
  const smtpd = { port: 25, protocol: 'tcp', name: 'smtpd', role: 'postfix', public: true } as const;
  box.write(paths.image, JSON.stringify({ ...image, ports: [smtpd] }));
  t.is(await box.box('dns', 'update'), 0, box.complaints.join());
  box.answer = (argv) => {
    if (argv[0] !== 'dig') return undefined;
    const [name = '', type] = argv.slice(-2);
    const lines = box
      .read(signedZone)
      .split('\n')
      .filter((line) => line.startsWith(`${name}.\t`) && new RegExp(`\\t${type}\\t`).test(line));
    const header = `;; ->>HEADER<<- opcode: QUERY, status: NOERROR, id: 1\n;; flags: qr aa; QUERY: 1, ANSWER: ${lines.length}\n\n`;
    return { out: `${header};; ANSWER SECTION:\n${lines.join('\n')}\n` };
  };
  return box;
}
const published = (box: TemporaryBox) =>
  box
    .read(signedZone)
    .split('\n')
    .flatMap((line) =>
      line.startsWith(`${port25}\t`) ? (/\tTLSA\t3 1 1 ([0-9a-f]{64})/.exec(line)?.[1] ?? []) : [],
    );
const key = (box: TemporaryBox, path: string = paths.tlsKey) => keyHash(createPrivateKey(box.read(path)));
const certificate = (box: TemporaryBox) => new X509Certificate(box.read(paths.certificate));
const pass = (box: TemporaryBox, time: number) => {
  box.now = new Date(box.now.getTime() + time);
};
async function show(box: TemporaryBox): Promise<string> {
  await box.box('tls', 'new-key', '--show');
  return box.said.join('\n');
}

test('self-signed: both keys are published, then the new one serves, then the old one’s records go', async (t) => {
  const box = await make(t);
  const old = key(box);
  t.deepEqual(published(box), [old]);
  t.is(await box.box('tls', 'new-key'), 0, box.complaints.join());
  t.regex(box.said.join('\n'), /^introducing: waits for the world to learn/);
  const next = key(box, paths.nextTlsKey);
  t.deepEqual(published(box).sort(), [old, next].sort());
  t.is(await box.box('tls', 'new-key'), 1, 'one at a time');
  pass(box, 5 * hour);
  t.is(await box.box('tls', 'renew'), 0);
  t.is(key(box), old, 'too early');
  pass(box, 1.1 * hour);
  t.is(await box.box('tls', 'renew'), 0, box.complaints.join());
  t.is(key(box), next);
  t.true(certificate(box).checkPrivateKey(createPrivateKey(box.read(paths.tlsKey))));
  for (const service of ['dovecot', 'postfix', 'nginx'])
    t.true(box.ran.includes(`service ${service} reload`));
  t.deepEqual(published(box).sort(), [old, next].sort());
  t.regex(await show(box), /^retiring: waits for the world to forget/);
  t.is(await box.box('init'), 0, box.said.join('\n'));
  t.is(key(box), next, 'a reboot changes nothing');
  pass(box, 6.1 * hour);
  t.is(await box.box('tls', 'renew'), 0);
  t.deepEqual(published(box), [next]);
  t.regex(await show(box), /^the key is not being changed/);
  for (const path of [paths.keyChange, paths.nextTlsKey, paths.previousTlsKey])
    t.false(existsSync(box.at(path)), path);
});

test('a reboot begins the wait anew, since secondaries could fetch nothing meanwhile', async (t) => {
  const box = await make(t);
  const old = key(box);
  box.write(paths.bootId, 'one\n');
  await box.init(t);
  await box.box('tls', 'new-key');
  pass(box, 5.9 * hour);
  box.write(paths.bootId, 'two\n');
  await box.init(t);
  pass(box, 0.2 * hour);
  await box.box('tls', 'renew');
  t.is(key(box), old);
  pass(box, 6.1 * hour);
  await box.box('tls', 'renew');
  t.not(key(box), old);
});

test('given up: the next key leaves as if it had never been; once it serves that is too late', async (t) => {
  const box = await make(t);
  const old = key(box);
  await box.box('tls', 'new-key');
  t.is(await box.box('tls', 'new-key', '--cancel'), 0);
  t.deepEqual(published(box), [old]);
  t.false(existsSync(box.at(paths.nextTlsKey)));
  await box.box('tls', 'new-key');
  pass(box, 6.1 * hour);
  await box.box('tls', 'renew');
  t.is(await box.box('tls', 'new-key', '--cancel'), 1);
  t.regex(box.complaints.join(), /the new key serves already/);
});

test('with a certificate that the owner brought, the owner brings one for the next key, and not too early', async (t) => {
  const box = await make(t);
  const install = async (...csr: string[]) => {
    t.is(await box.box('tls', 'csr', ...csr), 0, box.complaints.join());
    box.write(
      '/root/new.pem',
      authority.sign(`${box.said.join('\n')}\n`, ['box.example.com']) + authority.issuer,
    );
    return box.box('tls', 'install', '/root/new.pem');
  };
  t.is(await box.box('tls', 'csr', '--next'), 1);
  t.is(await install(), 0);
  const old = key(box);
  await box.box('tls', 'new-key');
  const before = box.tree('/home/user-data/ssl');
  t.is(await install('--next'), 1);
  t.regex(box.complaints.join(), /the world may not know .* -> try again after 20/);
  t.deepEqual(box.tree('/home/user-data/ssl'), before);
  pass(box, 6.1 * hour);
  t.is(await box.box('tls', 'renew'), 0);
  t.is(key(box), old);
  await box.box('status');
  t.regex(
    box.said.join('\n'),
    /^warning {2}change of the TLS key: introducing: .*\n {9}-> box tls csr --next; then: box tls install FILE$/m,
  );
  t.is(await install('--next'), 0, box.complaints.join());
  t.not(key(box), old);
  t.true(certificate(box).checkPrivateKey(createPrivateKey(box.read(paths.tlsKey))));
});

test('a daemon that can’t load the new key: both files come back, and box status says why', async (t) => {
  const box = await make(t);
  const old = key(box);
  const fingerprint = certificate(box).fingerprint256;
  await box.box('tls', 'new-key');
  pass(box, 6.1 * hour);
  const dns = box.answer;
  box.answer = (argv, input) =>
    argv.join(' ') === 'service dovecot reload' ? { code: 1, err: 'dovecot: bad' } : dns(argv, input);
  t.is(await box.box('tls', 'renew'), 1);
  t.is(key(box), old);
  t.is(certificate(box).fingerprint256, fingerprint);
  await box.box('status');
  t.regex(box.said.join('\n'), /^warning {2}change of the TLS key: introducing: .*dovecot: bad/m);
  box.answer = dns;
  t.is(await box.box('tls', 'renew'), 0);
  t.not(key(box), old);
});

test('the power is cut at one write after the other: what boots is a pair, and every key that serves is published', async (t) => {
  const box = await make(t);
  const old = key(box);
  let cuts = 0;
  for (let boot = 0, over = false; boot < 80 && !over; boot++) {
    // Each boot gets a little further; a zone is two writes.
    const left = boot % 4;
    const power = cutPower(box.machine, left);
    const before = key(box);
    for (const words of before === old && !existsSync(box.at(paths.keyChange))
      ? [['new-key'], ['renew']]
      : [['renew']]) {
      if ((await box.box('tls', ...words)) !== 0) break;
      pass(box, 6.1 * hour);
    }
    over = power.writes() <= left && key(box) !== old && !existsSync(box.at(paths.keyChange));
    if (power.writes() > left) cuts++;
    power.end();
    // At boot, before a daemon reads them.
    const steps = [keyChangeStep, tlsKeyStep, certificateStep];
    for await (const _ of runSteps(steps, { machine: box.machine, settings, now: () => box.now }));
    t.true(certificate(box).checkPrivateKey(createPrivateKey(box.read(paths.tlsKey))));
    t.true(published(box).includes(key(box)), `${boot}`);
    pass(box, 6.1 * hour);
  }
  t.true(cuts > 5, `${cuts} cuts`);
  t.not(key(box), old);
  t.deepEqual(published(box), [key(box)]);
});

/** Certificates by ACME from an authority of the lab: the first one, its successor, and what becomes of a try that fails. */
import type { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import anyTest from 'ava';
import { artefacts } from '../rig/artefacts.ts';
import { hostname } from '../rig/owner.ts';
import { acmeLab, day, hashOf, hour, zone } from './world/acme-lab.ts';

const test = anyTest.serial;
const kept = artefacts(anyTest, 'lab-acme');
const {
  ready,
  zoneIsValidated,
  moveClocks,
  boxTls,
  timerRuns,
  status,
  trustAuthority,
  served,
  tlsa,
  everyPortServes,
} = acmeLab(kept);

let first: X509Certificate;
let key: string;

test('http-01: one certificate for every name that leads to the box; others are left out, with the reason', async (t) => {
  const { box } = await ready;
  await zoneIsValidated();
  key = hashOf(await served(443));
  t.deepEqual(await tlsa(), [key]);
  await box.run('box alias add info@elsewhere.example me@example.com');
  await trustAuthority();
  const dry = await boxTls('provision --dry-run');
  t.regex(dry.stdout, /^due {6}the certificate is self-signed$/m);
  const done = await boxTls('provision');
  t.is(done.code, 0, done.stderr);
  t.regex(done.stdout, /^left out mta-sts\.elsewhere\.example: it has no address in the DNS$/m);
  first = await served(443);
  for (const name of [hostname, zone, `mta-sts.${zone}`, `autoconfig.${zone}`, `www.${zone}`])
    t.truthy(first.checkHost(name), name);
  await everyPortServes(({ fingerprint256 }) => fingerprint256 === first.fingerprint256);
  t.is(hashOf(first), key);
  t.deepEqual(await tlsa(), [key]);
  t.is(await box.run('stat -c %a /home/user-data/ssl/acme/account.pem'), '600\n');
  t.is(await box.run('find /home/user-data/ssl/lets_encrypt -type f'), '');
  t.regex((await boxTls('provision')).stdout, /^nothing to do: the certificate in service will do$/m);
});

test('near its end the timer’s unit renews it, by dns-01 this time: another certificate for the same key', async (t) => {
  const { box, pebble } = await ready;
  await box.run(
    'cat >/root/change.py && python3 /root/change.py',
    `import json
path = '/etc/box/settings.json'
settings = json.load(open(path))
settings['acme']['challenge'] = 'dns-01'
json.dump(settings, open(path, 'w'))
`,
  );
  const fetched = () => box.run('grep -c acme-challenge /var/log/nginx/access.log');
  const before = await fetched();
  t.regex(before, /^[1-9]/);
  t.is(await timerRuns(), 0);
  t.is((await served(443)).fingerprint256, first.fingerprint256, 'not yet due');
  await pebble.start(60 * day);
  await trustAuthority();
  await moveClocks(2 * hour + 60);
  t.is(await timerRuns(), 0, await box.run('journalctl -u box-tls.service --no-pager | tail -n 20'));
  const second = await served(443);
  t.not(second.fingerprint256, first.fingerprint256);
  t.is(hashOf(second), key);
  t.deepEqual(await tlsa(), [key]);
  await everyPortServes(({ fingerprint256 }) => fingerprint256 === second.fingerprint256);
  t.is(await fetched(), before, 'no file was asked for');
  t.is(await box.run('grep -c acme-challenge /home/user-data/dns/zones/example.com.txt || true'), '0\n');
  first = second;
});

test('what the authority can’t see: the old certificate goes on, box status says why, and the box does not ask again at once', async (t) => {
  const { box, pebble, zone: dns } = await ready;
  await box.run(`sed -i 's/, "challenge": "dns-01"//' /etc/box/settings.json`);
  await box.run(
    'nft add table inet broken && nft add chain inet broken input "{ type filter hook input priority -300; }" && nft add rule inet broken input tcp dport 80 reject with tcp reset',
  );
  // One more name leads here now, so that another certificate is due.
  await dns.publish([`mta-sts.elsewhere.example. A ${box.host}`]);
  await box.run('systemctl restart unbound');
  t.not(await timerRuns(), 0);
  t.is((await served(443)).fingerprint256, first.fingerprint256);
  const said = await status();
  // Which name the authority tried first is its own affair.
  t.regex(
    said,
    /^warning {2}certificate by ACME: \S*example\.com could not be proven: .*1 tries failed, the next is not before .*\n {9}-> .*box tls provision/m,
  );
  const asked = readFileSync(pebble.log, 'utf8').match(/POST \/order-plz/g)?.length;
  t.is(await timerRuns(), 0);
  t.is(readFileSync(pebble.log, 'utf8').match(/POST \/order-plz/g)?.length, asked);
  t.regex(
    (await boxTls('provision')).stdout,
    /^nothing to do: the last try failed, and the next one is not before/m,
  );
  await box.run('nft delete table inet broken');
});

test('a daemon that does not take it: all serve the old one again; once mended, the new one', async (t) => {
  const { box } = await ready;
  await moveClocks(16 * 60);
  await box.run('echo "no directive;" >/etc/nginx/box.d/broken.conf');
  const failed = await boxTls('provision');
  t.is(failed.code, 1);
  t.regex(failed.stderr, /the certificate was taken back: .*nginx/);
  await everyPortServes(({ fingerprint256 }) => fingerprint256 === first.fingerprint256);
  await box.run('rm /etc/nginx/box.d/broken.conf');
  t.is((await box.outcome('nginx -t')).code, 0);
  await moveClocks(16 * 60);
  const mended = await boxTls('provision');
  t.regex(mended.stdout, /^installed: .*mta-sts\.elsewhere\.example/, mended.stderr);
  t.regex(await status(), /^ok {7}certificate by ACME: is renewed on 20/m);
});

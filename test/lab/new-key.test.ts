/** A change of the TLS key, with certificates by ACME, while a validator outside looks all the time. */
import { setTimeout as sleep } from 'node:timers/promises';
import anyTest from 'ava';
import { artefacts } from '../rig/artefacts.ts';
import { hostname } from '../rig/owner.ts';
import { output } from '../rig/program.ts';
import { waitFor } from '../rig/wait.ts';
import { acmeLab, hashOf, hour } from './world/acme-lab.ts';

const test = anyTest.serial;
const kept = artefacts(anyTest, 'lab-new-key');
const { ready, moveClocks, boxTls, timerRuns, provisioned, served, tlsa, everyPortServes } = acmeLab(kept);

test('a new key: its TLSA record comes first, and at no moment does a record not match what is served', async (t) => {
  await provisioned();
  const { box } = await ready;
  const key = hashOf(await served(443));
  const [seen, faults]: [Set<string>, string[]] = [new Set(), []];
  let over = false;
  const looking = (async () => {
    while (!over) {
      // As a mail server does: it asks, and then connects. Not so often that it is turned away.
      const records = await tlsa();
      const certificate = await served(25).catch(() => undefined);
      const shown = certificate && hashOf(certificate);
      if (shown !== undefined) seen.add(`${records.length} ${shown === key ? 'old' : 'new'}`);
      if (shown !== undefined && !records.includes(shown)) faults.push(`${records.join(' ')} but ${shown}`);
      await sleep(700);
    }
  })();
  const phase = async () => (await boxTls('new-key --show')).stdout;
  t.regex((await boxTls('new-key')).stdout, /^introducing: waits for the world to learn/);
  t.is((await boxTls('new-key')).code, 1);
  const atBox = ['dig', '+short', `@${box.host}`, `_25._tcp.${hostname}`, 'TLSA'];
  t.is((await output([...box.prefix, ...atBox])).match(/^3 1 1 /gm)?.length, 2);
  await moveClocks(5 * hour);
  await timerRuns();
  t.is(hashOf(await served(443)), key, 'too early');
  await moveClocks(hour + 60);
  t.is(await timerRuns(), 0, await box.run('journalctl -u box-tls.service --no-pager | tail -n 5'));
  t.regex(await phase(), /^retiring: /);
  await everyPortServes((certificate) => hashOf(certificate) !== key);
  await box.run(
    'openssl verify -CAfile /etc/ssl/certs/ca-certificates.crt -untrusted /home/user-data/ssl/ssl_certificate.pem /home/user-data/ssl/ssl_certificate.pem',
  );
  const before = key;
  await waitFor('a look at the new key', async () => (seen.has('2 new') ? true : undefined));
  await moveClocks(6 * hour + 60);
  t.is(await timerRuns(), 0);
  t.notRegex(await output([...box.prefix, ...atBox]), new RegExp(before, 'i'));
  await moveClocks(hour + 60);
  await waitFor('the old record to be forgotten', async () =>
    (await tlsa()).includes(before) ? undefined : true,
  );
  over = true;
  await looking;
  t.deepEqual(faults, []);
  t.true(
    ['2 old', '2 new'].every((each) => seen.has(each)),
    [...seen].join(),
  );
  t.is((await tlsa()).length, 1);
  t.regex(await phase(), /^the key is not being changed/);
  t.is(await box.run('ls /home/user-data/ssl | grep -c private'), '1\n');
});

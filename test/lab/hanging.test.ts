/** Services that run and answer nothing: each is started anew, by what it is for, and no other is. */
import anyTest from 'ava';
import { artefacts } from '../rig/artefacts.ts';
import { deliver, Reader } from '../rig/mail.ts';
import { hostname } from '../rig/owner.ts';
import { makeLab } from './world/lab.ts';
import type { LabBox } from './world/nspawn.ts';
import { started } from './world/started.ts';

const test = anyTest.serial;
const ready = makeLab(artefacts(anyTest, 'lab-hanging')).then(async (lab) => {
  const box = await started(lab, 'box', lab.owner);
  // The looks of these tests are counted.
  await box.run('systemctl is-active box-watch.timer && systemctl stop box-watch.timer');
  // The lab's boxes see the load of the machine of the tests.
  const unit = '/run/systemd/system/box-watch.service.d';
  await box.run(
    `echo '0.50 0.50 0.50 1/100 1' >/run/loadavg && mkdir -p ${unit} && cat >${unit}/load.conf && systemctl daemon-reload`,
    '[Service]\nBindReadOnlyPaths=/run/loadavg:/proc/loadavg\n',
  );
  return { box, me: lab.owner };
});

/** All that `box watch` has a question for. */
const asked = [
  'nsd',
  'opendkim',
  'opendmarc',
  'postgrey',
  'dovecot',
  'spampd',
  'box-outbound-tls',
  'box-senders',
].concat(['postfix', 'box-keeper', 'box-panel', 'sogo', 'box-webmail', 'nginx', 'unbound']);

/** Of Debian 12's Postfix the unit with processes in it is another. */
const unitOf = async (box: LabBox, service: string) =>
  service === 'postfix' && (await box.outcome("systemctl is-active --quiet 'postfix@-'")).code === 0
    ? 'postfix@-'
    : service;

async function starts(box: LabBox): Promise<Map<string, string>> {
  const all = new Map<string, string>();
  for (const service of asked) {
    const unit = await unitOf(box, service);
    all.set(
      service,
      (await box.run(`systemctl show --value -p ActiveEnterTimestampMonotonic '${unit}'`)).trim(),
    );
  }
  return all;
}

const signal = async (box: LabBox, name: string, service: string) =>
  box.run(`systemctl kill --signal=${name} '${await unitOf(box, service)}'`);

/** Many new starts take their time, one after the other. */
const look = (box: LabBox) =>
  box.run('systemctl start box-watch; journalctl -q -u box-watch -n 30 -o cat', '', 900);

test('a box that is well: each service answers its question, and a look changes nothing', async (t) => {
  const { box } = await ready;
  const before = await starts(box);
  for (let i = 0; i < 4; i++) t.notRegex(await look(box), /silent|hangs/);
  t.deepEqual(await starts(box), before);
  t.is((await box.run('cat /run/box/watch.json')).trim(), '{}');
});

test('slow is not broken: silent at two looks, and then it answers', async (t) => {
  const { box } = await ready;
  const before = await starts(box);
  await signal(box, 'STOP', 'nginx');
  t.regex(await look(box), /nginx is silent, for the first time/);
  await look(box);
  t.regex(
    (await box.outcome('box status')).stdout,
    /^error {4}hanging services: nginx runs and does not answer/m,
  );
  await signal(box, 'CONT', 'nginx');
  await look(box);
  t.deepEqual(await starts(box), before);
});

for (const hung of [
  ['dovecot'],
  ['unbound'],
  asked.filter((name) => !['dovecot', 'unbound', 'opendmarc'].includes(name)),
]) {
  test(`${hung.join(', ')}: at the third look it is started anew, and nothing else is`, async (t) => {
    const { box } = await ready;
    const before = await starts(box);
    for (const service of hung) await signal(box, 'STOP', service);
    for (let i = 0; i < 3; i++) await look(box);
    const after = await starts(box);
    const changed = asked.filter((service) => after.get(service) !== before.get(service));
    t.deepEqual(
      changed,
      asked.filter((service) => hung.includes(service)),
    );
    const status = (await box.outcome('box status')).stdout;
    for (const service of hung)
      t.regex(status, new RegExp(`^warning {2}hanging services: ${service} hung and was started anew`, 'm'));
  });
}

test('then mail comes in, is signed, filtered and read', async (t) => {
  const { box, me } = await ready;
  const reader = await Reader.of(box, hostname, me, box.folder);
  await deliver(box, 25, { from: box.stranger, to: me.email, subject: 'after all that' });
  t.regex(await reader.imap('after all that'), /^X-Spam-/m);
  await deliver(box, 587, { from: me.email, to: me.email, subject: 'and out', auth: me, tls: 'required' });
  t.regex(await reader.imap('and out'), /^DKIM-Signature:/m);
});

test('what hangs again at once is not started anew at every look', async (t) => {
  const { box } = await ready;
  await signal(box, 'STOP', 'opendkim');
  const before = await starts(box);
  for (let i = 0; i < 4; i++) await look(box);
  t.deepEqual(await starts(box), before);
  t.regex(
    (await box.outcome('box status')).stdout,
    /hanging services: opendkim hangs again, after 1 new starts/,
  );
  await signal(box, 'CONT', 'opendkim');
});

/**
 * Another image on the state of a box, and the former one again: mail comes in all the time, some waits to go out, and an image that
 * does not work gives the state back. The images are the one under test, told apart by their ids and by what is laid over them.
 */
import anyTest from 'ava';
import { compile } from '../../builder/compile.ts';
import { loadConfig } from '../../builder/config/load.ts';
import type { PlanFile } from '../../builder/plan/file.ts';
import { artefacts } from '../rig/artefacts.ts';
import { trustClients } from '../rig/behaviour.ts';
import { deliver, Reader } from '../rig/mail.ts';
import { PouredMail } from '../rig/poured-mail.ts';
import { release } from '../rig/release.ts';
import { waitFor } from '../rig/wait.ts';
import { blankDisk, onDisk, stateDevice } from './world/disk.ts';
import { keptState } from './world/kept-state.ts';
import { makeLab } from './world/lab.ts';
import { LabBox } from './world/nspawn.ts';
import { queueIsEmpty } from './world/started.ts';

const test = anyTest.serial;
const kept = artefacts(anyTest, 'lab-image-swap');
const world = (async () => {
  const lab = await makeLab(kept);
  const { options } = await lab.box('box', lab.owner, { storage: { device: stateDevice } });
  const plan = (await compile({ ...loadConfig('example.yaml').config, release: release.name })).plan;
  return { lab, options, plan, disk: await blankDisk(kept), me: lab.owner };
})();

const file = (path: string, text: string): PlanFile => ({
  path,
  text,
  mode: '0644',
  owner: 'root',
  group: 'root',
  from: 'this test',
});

/** Of the program that sends all the time, and how often the box is shut down meanwhile. */
const [connections, shutdowns] = [2, 2];

let boots = 0;
let running: LabBox | undefined;
/** A new root disk of an image, with the one disk of state. */
async function launch(id: string, laid: readonly PlanFile[] = []) {
  const { options, disk } = await world;
  // Where a test failed, the disk is still in use.
  await running?.kill();
  const name = `box-${++boots}-${id}`;
  const box = kept.own(new LabBox(kept.folder, { ...options, name, devices: { [stateDevice]: disk } }));
  running = box;
  await box.lay([file('/usr/lib/box/image-id', `${id}\n`), ...laid]);
  await box.start();
  return { box, said: await box.console.outcome() };
}

async function ready(id: string): Promise<LabBox> {
  const { box, said } = await launch(id);
  if (said.stage !== 'ready') throw new Error(`${id}: ${said.step}: ${said.error} (${said.hint})`);
  return box;
}

/** A mail of the person's goes out, or waits to. */
async function sends(box: LabBox, mail: { readonly to: string; readonly subject: string }): Promise<void> {
  const { me } = await world;
  await deliver(box, 587, { ...mail, from: me.email, auth: me, tls: 'required' });
}

const letterbox = async (box: LabBox) => JSON.parse(await box.run('cat /home/user-data/letterbox.json'));

test('to another image and back, with mail coming in all the time: each is there once, and what waited goes out once', async (t) => {
  const { lab, me } = await world;
  const box = await ready('one');
  await trustClients(box);
  const keys = await box.run('cat /etc/ssh/ssh_host_*_key.pub');
  // Nobody is there yet who takes it.
  await lab.zone.publish(['away.example. MX 10 mx.away.example.', 'mx.away.example. 1 A 198.51.100.99']);
  const waiting = `it waits ${Date.now()}`;
  await sends(box, { to: 'them@away.example', subject: waiting });
  await waitFor('it to wait', async () =>
    (await box.run('mailq')).includes('them@away.example') ? true : undefined,
  );

  const pour = kept.own(new PouredMail(box, me.email, 10_000, { connections, pause: 200 }));
  await pour.accepts(20);
  await box.powerOff();
  const closed = Date.now();
  const other = await ready('two');
  t.log(`closed for ${((Date.now() - closed) / 1000).toFixed(0)} s`);
  t.like(await letterbox(other), { healthy: { id: 'two' } });
  t.is(await other.run('cat /etc/ssh/ssh_host_*_key.pub'), keys, 'who logs in by ssh knows the box again');
  await pour.accepts(pour.accepted().length + 20);
  t.true((await other.run('mailq')).includes('them@away.example'), 'it still waits');
  t.is(await other.run('ls /home/user-data/backup | grep -E "before|back|given" || true'), '');
  await other.powerOff();

  const back = await ready('one');
  await pour.accepts(pour.accepted().length + 20);
  const away = await lab.mta({ domain: 'away.example', tls: 'none' });
  await back.run('postqueue -f');
  await away.mail(waiting);
  await pour.stop();
  await queueIsEmpty(back);
  t.is(away.mails().filter((text) => text.includes(waiting)).length, 1);
  const { inQueue, inMailboxes } = await pour.look(back);
  t.deepEqual(inQueue, []);
  t.log(`${pour.accepted().length} mails were accepted, ${pour.unsure()} answers were lost`);
  t.deepEqual(
    pour.accepted().filter((number) => !inMailboxes.includes(number)),
    [],
    'none is lost',
  );
  // Between two of the box's own programs a mail that was taken and not yet noted as taken is handed over again.
  const twice = inMailboxes.length - new Set(inMailboxes).size;
  t.log(`${twice} are there twice`);
  t.true(twice <= pour.unsure() + shutdowns * connections, 'no more than were on their way at a shutdown');
});

test('an image that lets nobody log in stays closed, and the state is given back as it was; the former one says why', async (t) => {
  const { lab, me, plan, disk } = await world;
  const before = await ready('one');
  const waiting = `it waits again ${Date.now()}`;
  await lab.zone.publish(['gone.example. MX 10 mx.gone.example.', 'mx.gone.example. 1 A 198.51.100.98']);
  await sends(before, { to: 'them@gone.example', subject: waiting });
  await waitFor('it to wait', async () =>
    (await before.run('mailq')).includes('them@gone.example') ? true : undefined,
  );
  const state = await keptState(before);
  await before.powerOff();

  // Its tables of people are others: who logs in is asked for where nobody is.
  const broken = plan.files
    .filter(({ path, text }) => path.startsWith('/etc/dovecot/') && text.includes('FROM users'))
    .map((one) => ({ ...one, text: one.text.replaceAll('FROM users', 'FROM nobody') }));
  t.true(broken.length > 0);
  const { box: closed, said } = await launch('three', broken);
  t.like(said, { stage: 'failed', step: 'state format' });
  t.regex(
    said.error ?? '',
    /\(three\) does not work on this state: first look: no mail goes through: submission: .*; the state is as it was/,
  );
  t.regex(said.hint ?? '', /launch Letterbox \S+ for \S+ \(one\) again/);
  await t.throwsAsync(deliver(closed, 25, { from: closed.stranger, to: me.email, subject: 'closed' }));
  t.regex(await closed.run('cat /etc/motd'), /stays CLOSED: state format: .*\(three\) does not work/);
  t.regex(await closed.run('systemctl is-active dovecot postfix nginx sogo || true'), /^(inactive\n){4}$/);
  t.is((await closed.outcome('systemctl restart box-init && systemctl restart box-ready')).code === 0, false);
  await closed.powerOff();
  t.is(await onDisk(disk, 'ls backup | grep -E "before|back|given" || true'), '');

  const back = await ready('one');
  const { mailboxes: _counts, mails, uids, ...others } = await keptState(back);
  const { mailboxes: _before, mails: mailsBefore, uids: uidsBefore, ...othersBefore } = state;
  t.deepEqual(others, othersBefore);
  // The mail that says why has come.
  const without = (now: string, then: string) =>
    then.split('\n').filter((line) => !now.split('\n').includes(line));
  t.deepEqual([without(mails, mailsBefore), without(uids, uidsBefore)], [[], []]);
  const reader = await Reader.of(back, 'box.example.com', me, back.folder);
  const told = await reader.imap('[box.example.com] problems: 1 new');
  const text = Buffer.from(told.split(/\r?\n\r?\n/)[1] ?? '', 'base64').toString();
  t.regex(text, /WARNING replaced image: .*\(three\) did not work on this state/);
  t.regex(await back.run('box status'), /warning +replaced image: .*\(three\) did not work/);
  const gone = await lab.mta({ domain: 'gone.example', tls: 'none' });
  await back.run('postqueue -f');
  await gone.mail(waiting);
  await queueIsEmpty(back);
  t.is(gone.mails().filter((mail) => mail.includes(waiting)).length, 1);
});

test('power cuts while another image is on trial: it goes on, or the former one finds its state', async (t) => {
  const { me } = await world;
  const before = await ready('one');
  const state = await keptState(before);
  await before.powerOff();
  // Each later in the boot of the other image than the one before.
  for (const seconds of [1.5, 2.5, 3.5, 5, 7]) {
    const { options, disk } = await world;
    const name = `box-${++boots}-cut`;
    const box = kept.own(new LabBox(kept.folder, { ...options, name, devices: { [stateDevice]: disk } }));
    running = box;
    await box.lay([file('/usr/lib/box/image-id', 'four\n')]);
    await box.start();
    await new Promise((resolve) => setTimeout(resolve, seconds * 1000));
    await box.kill();
  }
  const back = await ready('one');
  t.deepEqual(await keptState(back), state);
  await deliver(back, 25, { from: back.stranger, to: me.email, subject: 'after the cuts' });
  await back.powerOff();
});

/**
 * A state goes on under another release's image, and back under the first: with its own PostgreSQL, Dovecot, SOGo, Roundcube
 * and duplicity each time. The images are the one under test and the one that LETTERBOX_OTHER_IMAGE names.
 */
import anyTest, { type ExecutionContext } from 'ava';
import { artefacts } from '../rig/artefacts.ts';
import { knockedPorts, refuses, servesOnly, showsWhatItSaid, trustClients } from '../rig/behaviour.ts';
import { otherImage } from '../rig/image.ts';
import { deliver, Reader, smtp } from '../rig/mail.ts';
import { hostname } from '../rig/owner.ts';
import { request } from '../rig/request.ts';
import { waitFor } from '../rig/wait.ts';
import { Browser } from './world/browser.ts';
import { blankDisk, onDisk, stateDevice } from './world/disk.ts';
import { event } from './world/icalendar.ts';
import { type RawImage, rawImage } from './world/image.ts';
import { type KeptState, keptState } from './world/kept-state.ts';
import { makeLab } from './world/lab.ts';
import { LabBox } from './world/nspawn.ts';
import { addAccount, queueIsEmpty } from './world/started.ts';
import { WebmailPerson } from './world/webmail-person.ts';

const test = anyTest.serial;
const kept = artefacts(anyTest, 'lab-other-release');
const other = otherImage();
const skipped = 'SKIPPED: LETTERBOX_OTHER_IMAGE names no image of another release';
const world = (async () => {
  if (other === undefined) throw new Error(skipped);
  const lab = await makeLab(kept);
  const { options } = await lab.box('box', lab.owner, { storage: { device: stateDevice } });
  const images = { first: lab.image, other: await rawImage(kept.folder, other, 'other.raw') };
  return { lab, options, images, disk: await blankDisk(kept), me: lab.owner };
})();
world.catch(() => undefined);

let boots = 0;
let running: LabBox | undefined;
/** A new root disk of an image, with the one disk of state. */
async function boot(which: keyof Awaited<typeof world>['images']) {
  const { options, images, disk } = await world;
  const image: RawImage = images[which];
  const name = `box-${++boots}-${which}`;
  // Where a test failed, the disk is still in use.
  await running?.kill();
  const box = kept.own(
    new LabBox(kept.folder, { ...options, image, name, devices: { [stateDevice]: disk } }),
  );
  running = box;
  await box.start();
  return { box, said: await box.console.outcome() };
}

async function ready(which: 'first' | 'other'): Promise<LabBox> {
  const { box, said } = await boot(which);
  if (said.stage !== 'ready') throw new Error(`${which}: ${said.step}: ${said.error} (${said.hint})`);
  return box;
}

const releaseOf = async (box: LabBox): Promise<string> =>
  JSON.parse(await box.run('cat /usr/lib/box/image.json')).release;
const dav = (email: string, what: string) => `/SOGo/dav/${email}/${what}`;
const card = (name: string) =>
  ['BEGIN:VCARD', 'VERSION:3.0', `UID:${name}`, `FN:${name}`, `N:${name};;;;`, 'END:VCARD', ''].join('\r\n');

/** A day of the person's: mail with flags in folders, filters, an event, a contact, the webmail, spam, a backup. */
async function lives(box: LabBox, word: string): Promise<void> {
  const { me } = await world;
  await trustClients(box);
  for (const what of ['kept', 'marked', 'deleted', 'spam', 'filed'])
    await deliver(box, 25, {
      from: box.stranger,
      to: me.email,
      subject: `${word} ${what}`,
      body: `Something ${word}ish to look for.\n`,
    });
  await queueIsEmpty(box);
  const found = (what: string) => `mailbox INBOX header Subject '${word} ${what}'`;
  const doveadm = (words: string) => box.run(`set -- ${me.email}; doveadm ${words}`);
  await doveadm(`flags add -u "$1" '\\Seen \\Flagged $Forwarded ${word}' ${found('marked')}`);
  await doveadm(`expunge -u "$1" ${found('deleted')}`);
  await doveadm(`mailbox create -s -u "$1" 'Grüße.${word}'`);
  await doveadm(`copy -u "$1" 'Grüße.${word}' ${found('marked')}`);
  await box.run(
    `doveadm sieve put -u ${me.email} -a ${word}`,
    `require ["fileinto", "mailbox"]; if header :contains "subject" "after ${word}" { fileinto :create "${word}"; }\n`,
  );
  for (const [place, type, text] of [
    [`Calendar/personal/${word}.ics`, 'text/calendar', event(word, `An event ${word} ä€`, '20270301T09')],
    [`Contacts/personal/${word}.vcf`, 'text/vcard', card(word)],
  ] as const) {
    const { status, body } = await request(box, `PUT ${dav(me.email, place)}`, {
      as: me,
      body: text,
      headers: [`Content-Type: ${type}`],
    });
    if (status !== 201) throw new Error(`${place}: ${status} ${body}`);
  }
  const reader = await Reader.of(box, hostname, me, box.folder);
  const learned = () =>
    box.run('runuser -u spampd -- sa-learn --dump magic 2>/dev/null | grep nspam || true');
  const before = await learned();
  await reader.move(`${word} spam`, 'INBOX', 'Spam');
  await waitFor('the filter to learn', async () => ((await learned()) === before ? undefined : true));
  const browser = await Browser.of(box);
  const person = new WebmailPerson(await browser.page());
  await person.logIn(me);
  if (await person.isOut()) throw new Error(`the webmail lets nobody in: ${await person.told()}`);
  if (!(await person.read(`${word} kept`)).includes(`${word}ish`))
    throw new Error('the webmail shows no mail');
  await browser.stop();
  await box.run(
    `/usr/lib/box/as-webmail sqlite3 /home/user-data/mail/roundcube/roundcube.sqlite "UPDATE identities SET signature = coalesce(signature, '') || '${word} '"`,
  );
  await runsBackup(box);
}

async function runsBackup(box: LabBox): Promise<void> {
  const { code, stdout, stderr } = await box.outcome('box backup run');
  if (code !== 0) throw new Error(`${stdout}${stderr}`);
}

/** What was done with this word is there for the person, by each door. */
async function finds(t: ExecutionContext, box: LabBox, word: string): Promise<void> {
  const { me } = await world;
  const get = (place: string) => request(box, `GET ${dav(me.email, place)}`, { as: me });
  t.regex((await get(`Calendar/personal/${word}.ics`)).body, new RegExp(`SUMMARY:An event ${word} ä€`));
  t.regex((await get(`Contacts/personal/${word}.vcf`)).body, new RegExp(`FN:${word}`));
  // While an index is being filled it answers nobody.
  await waitFor(`what was kept, marked and filed on ${word}`, async () => {
    const { stdout } = await box.outcome(`doveadm search -u ${me.email} mailbox INBOX text ${word}ish`);
    return stdout.trim().split('\n').length === 3 ? true : undefined;
  });
}

/** What the state disk holds when a box has been shut down. */
let left: KeptState | undefined;
/** Of which release the first image is. */
let release = '';
/** Somebody whom the first box asked to come again, and when that was. */
const early = { from: 'early@client.outside.example', subject: 'asked to come again' };
let asked = 0;

test('first: a person’s state is made, and keys are being replaced', async (t) => {
  if (other === undefined) return t.pass(t.log(skipped) as undefined);
  const { me } = await world;
  const { box, said } = await boot('first');
  await showsWhatItSaid(t, box, said, hostname);
  t.regex((await smtp(box, 25, { ...early, to: me.email })).stdout, /come again/);
  asked = Date.now();
  await addAccount(box, me, 'you@example.com');
  await box.run('box dns rollover ksk && box dns rollover zsk && box dns rollover dkim');
  await lives(box, 'erst');
  release = await releaseOf(box);
  left = await keptState(box);
  t.regex(left.rollover, /^dkim introducing .*\nksk introducing .*\nzsk introducing /);
  t.regex(left.spam, /[1-9]\d* +\d+ +non-token data: nspam/);
  await box.powerOff();
});

test('under the other release all of it is there, with the same DS records, and goes on', async (t) => {
  if (other === undefined) return t.pass(t.log(skipped) as undefined);
  const { me } = await world;
  const box = await ready('other');
  t.not(await releaseOf(box), release, 'the images are of two releases');
  t.deepEqual(await keptState(box), left);
  await finds(t, box, 'erst');
  await new Promise((resolve) => setTimeout(resolve, Math.max(0, asked + 61_000 - Date.now())));
  t.is((await smtp(box, 25, { ...early, to: me.email })).code, 0, 'who was asked to come again is known');
  await lives(box, 'zweit');
  await deliver(box, 25, { from: box.stranger, to: me.email, subject: 'after zweit' });
  await queueIsEmpty(box);
  t.is((await box.run(`doveadm search -u ${me.email} mailbox zweit all | wc -l`)).trim(), '1', 'it is filed');
  t.regex(await box.run('box backup verify'), /^\d+ files of the last backup were read/);
  const { ds, rollover, keys } = left ?? {};
  left = await keptState(box);
  t.deepEqual([left.ds, left.rollover, left.keys], [ds, rollover, keys]);
  await box.powerOff();
});

test('back under the first: what was there, and what was added; and it refuses what it must', async (t) => {
  if (other === undefined) return t.pass(t.log(skipped) as undefined);
  const { me } = await world;
  const box = await ready('first');
  t.deepEqual(await keptState(box), left);
  await finds(t, box, 'erst');
  await finds(t, box, 'zweit');
  await servesOnly(t, box, knockedPorts);
  await trustClients(box);
  await refuses(t, box, me, await Reader.of(box, hostname, me, box.folder));
  await runsBackup(box);
  t.regex(await box.run('box backup verify'), /^\d+ files of the last backup were read/);
  await box.powerOff();
});

test('a box that was cut off goes on under the other release with what was written down last, and says so', async (t) => {
  if (other === undefined) return t.pass(t.log(skipped) as undefined);
  const { me } = await world;
  const cut = await ready('first');
  await puts(t, cut, 'early');
  await cut.run('systemctl start box-dump-groupware');
  const dump = () => cut.run('stat -c %Y.%i /home/user-data/groupware/groupware.sql');
  // The database notes things of its own for a while.
  await waitFor('nothing new to write down', async () => {
    const before = await dump();
    await cut.run('systemctl start box-dump-groupware');
    return (await dump()) === before ? true : undefined;
  });
  await puts(t, cut, 'late');
  await cut.kill();
  const after = await ready('other');
  const get = (name: string) =>
    request(after, `GET ${dav(me.email, `Calendar/personal/${name}.ics`)}`, { as: me });
  t.regex((await get('early')).body, /SUMMARY:Just before the end/);
  t.is((await get('late')).status, 404);
  t.regex(
    await after.run('box status || true'),
    /warning +calendars: the box was cut off under postgresql \d+/,
  );
  await after.run('rm -r /home/user-data/groupware/postgresql.*');
  t.notRegex(await after.run('box status || true'), /calendars:/);
  await after.powerOff();
});

test('a disk that is full at the end: another image is refused, says how much it needs, and nothing is lost', async (t) => {
  if (other === undefined) return t.pass(t.log(skipped) as undefined);
  const { disk } = await world;
  const box = await ready('first');
  await box.run('fallocate -l $(df --output=avail -B1 /home/user-data | tail -1) /home/user-data/filler');
  await box.powerOff();
  const { box: closed, said } = await boot('other');
  t.is(said.step, 'state format');
  t.regex(
    said.error ?? '',
    /the state can’t be kept as it is, which another image needs: \d+ MiB are needed, and \d+ free/,
  );
  await closed.powerOff();
  t.is(await onDisk(disk, 'rm filler; ls groupware'), 'groupware.sql\npostgresql\n');
});

test('a power cut in the middle of the exchange does no harm', async (t) => {
  if (other === undefined) return t.pass(t.log(skipped) as undefined);
  const { disk } = await world;
  const box = await ready('first');
  await finds(t, box, 'zweit');
  await box.powerOff();
  t.is((await onDisk(disk, "stat -c '%a %F' groupware/at-rest.sql")).trim(), '600 regular file');
  // Between the two names.
  await onDisk(disk, 'mv groupware/postgresql groupware/postgresql.other; mkdir groupware/postgresql.new');
  const after = await ready('other');
  for (const word of ['erst', 'zweit']) await finds(t, after, word);
  t.is(await after.run('ls /home/user-data/groupware'), 'groupware.sql\npostgresql\n');
});

async function puts(t: ExecutionContext, box: LabBox, name: string): Promise<void> {
  const { me } = await world;
  const { status } = await request(box, `PUT ${dav(me.email, `Calendar/personal/${name}.ics`)}`, {
    as: me,
    body: event(name, 'Just before the end', '20270302T09'),
    headers: ['Content-Type: text/calendar'],
  });
  t.is(status, 201);
}

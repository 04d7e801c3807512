/** The first hour of an owner: each first step is open on a new box, and done by what they do elsewhere and in the panel, without a command on the box. */
import anyTest from 'ava';
import { Secret, TOTP } from 'otpauth';
import { artefacts } from '../rig/artefacts.ts';
import { waitFor } from '../rig/wait.ts';
import { domain, firstHour } from './world/first-hour.ts';

const test = anyTest.serial;
const ready = firstHour(artefacts(anyTest, 'lab-first-steps'));

const titles = [
  ...['Name servers', 'DS record', 'Reverse name', 'Certificate', 'Mail to others (port 25)'],
  ...['Backups elsewhere', 'Key of the backups', 'Second factor', 'First user'],
];

/** Which steps the page says are open. */
async function open(): Promise<string[]> {
  const { person } = await ready;
  return person.page.$$eval('.checks > li', (all) =>
    all
      .filter((one) => one.querySelector('.state')?.textContent === 'To do')
      .map((one) => one.querySelector('h2')?.textContent ?? ''),
  );
}

/** Presses the page's button once, and waits until it has looked. */
async function lookAgain(): Promise<void> {
  const { person } = await ready;
  await person.press('Check again');
  await person.sees('.above button', /^Check again$/);
}

/** What others remember of before is waited for, as an owner would: by looking again. */
async function turnsDone(title: string): Promise<void> {
  const { person } = await ready;
  if ((await person.text('h1')) !== 'First steps') await person.go('First steps');
  await waitFor(`${title} to be done`, async () => {
    await lookAgain();
    return (await open()).includes(title) ? undefined : true;
  }).catch(async (error: Error) => {
    throw new Error(`${error.message}; the page: ${await person.text()}`);
  });
}

/** What the page DNS says that a registrar must be told. */
async function toldToRegistrar() {
  const { person } = await ready;
  await person.go('DNS');
  await person.unfold(/At the registrar/);
  const said = await person.page.$$eval('.steps code', (all) => all.map((one) => one.textContent ?? ''));
  return {
    names: said.filter((one) => /^\S+\.[a-z]+$/.test(one)),
    glue: said.filter((one) => /^\S+ [\d.]+$/.test(one)),
    ds: said.find((one) => /^\d+ \d+ 2 [0-9a-f]{64}$/.test(one)) ?? '',
  };
}

test('a new box begins with its first steps, and all of them are open', async (t) => {
  const { person, owner } = await ready;
  await person.open();
  await person.logIn(owner);
  await person.said(/^Logged in/);
  await person.sees('h1', /^First steps$/);
  await person.sees('main', /9 of 9 steps are open\./);
  t.deepEqual(await open(), titles);
  t.regex(await person.text(), /the world finds no name server/);
  t.regex(await person.text(), /it has none \(PTR\)/);
  t.regex(await person.text(), /mx\.gmail\.com can’t be reached on port 25/);
  await person.picture('first-hour-begins');
});

test('name servers and glue at the registrar, by what the page DNS shows', async (t) => {
  const { registrar } = await ready;
  const { names, glue } = await toldToRegistrar();
  t.is(names.length, 2);
  t.is(glue.length, 2);
  await registrar.nameServers(names, glue);
  await turnsDone('Name servers');
  t.deepEqual(await open(), titles.slice(1), 'and nothing else');
});

test('the reverse name, where the machine is rented', async (t) => {
  const { provider } = await ready;
  await provider.setReverseName();
  await turnsDone('Reverse name');
  t.true((await open()).includes('DS record'));
});

test('the DS record at the registrar: the one that the page DNS shows', async (t) => {
  const { registrar, validator } = await ready;
  const { ds } = await toldToRegistrar();
  t.not(ds, '');
  await registrar.ds(ds);
  await turnsDone('DS record');
  const { secure } = await waitFor('the world to validate the zone', async () => {
    const answer = await validator.ask(domain, 'MX');
    return answer.secure ? answer : undefined;
  });
  t.true(secure);
});

test('a certificate, by the page’s button', async (t) => {
  const { person } = await ready;
  await person.go('Certificate');
  await person.named('checkbox', 'I agree to the authority’s terms, and to its publishing the names').click();
  await person.press('Get a certificate');
  await person.said(/^A new certificate is in service, for .*box\.example\.com/);
  await turnsDone('Certificate');
  t.false((await open()).includes('Certificate'));
});

test('port 25: once the provider opens it, the box sees that mail can leave', async (t) => {
  const { provider } = await ready;
  await provider.openPort25();
  await turnsDone('Mail to others (port 25)');
  t.true((await open()).includes('Backups elsewhere'));
});

test('backups elsewhere: a target typed into the panel, and the first one made by its button', async (t) => {
  const { person, backups } = await ready;
  await person.go('Backups');
  await person.fill('Target', backups.target);
  await person.fill('User, or id of the key (optional)', backups.user);
  await person.fill('Password, or key (optional)', backups.password);
  await person.press('Save target');
  await person.said(/^Backups go to webdavs:/);
  await person.go('First steps');
  await lookAgain();
  t.true((await open()).includes('Backups elsewhere'), 'a target without a backup is none');
  await person.go('Backups');
  await person.press('Make one now');
  await person.said(/^It has begun/);
  await turnsDone('Backups elsewhere');
});

test('the key of the backups: on its sheet, by one’s password', async (t) => {
  const { person, owner } = await ready;
  await person.go('Backups');
  await person.fill('Your password', owner.password);
  await person.press('Show the sheet');
  await person.sees('.sheet', /To get box\.example\.com back/);
  await person.go('First steps');
  t.deepEqual(await open(), ['Second factor', 'First user'], 'it counts at once');
  await person.picture('first-hour-nearly-done');
});

test('a first user, then a second factor: with the last step all are done, and the page leaves the menu', async (t) => {
  const { person, owner } = await ready;
  await person.go('Users');
  await person.fill('Email address', 'you@example.com');
  await person.fill('Password', 'correct-horse');
  await person.press('Add user');
  await person.said(/^Added you@example\.com\.$/);
  await person.go('Second factor');
  const secret = await person.text('#secret');
  const codeAt = (time: number) =>
    new TOTP({ secret: Secret.fromBase32(secret) }).generate({ timestamp: time });
  await person.fill('One-time code', codeAt(Date.now()));
  await person.press('Turn on');
  await person.said(/second factor is on/);
  await person.logIn(owner);
  await person.said(/second factor: enter the code/);
  await person.fill('One-time code', codeAt(Date.now() + 30_000));
  await person.press('Log in');
  await person.said(/^Logged in/);
  // With that all are done: the menu of this log-in has them no more, and the next look remembers it.
  t.notRegex(await person.text('nav'), /First steps/);
  await person.open('#/first-steps');
  await turnsDone('Second factor');
  await person.sees('main', /All steps are done\./);
  t.deepEqual(await open(), []);
  await person.picture('first-hour-done');
  await person.go('Status');
  t.notRegex(await person.text('nav'), /First steps/);
  await person.open();
  await person.sees('h1', /^Status$/);
  t.notRegex(await person.text('nav'), /First steps/);
});

test('what breaks later is a hint at Status, which leads back to the step, and goes when it is mended', async (t) => {
  const { person, provider } = await ready;
  const says = (words: RegExp, isThere: boolean) =>
    waitFor(`the hint ${isThere ? 'to come' : 'to go'}`, async () => {
      await lookAgain();
      return words.test(await person.text()) === isThere ? true : undefined;
    });
  const hint = /Was done once, and is open again: Reverse name\./;
  await provider.takeReverseName();
  await says(hint, true);
  await person.picture('first-hour-broken');
  t.notRegex(await person.text('nav'), /First steps/);
  await person.named('link', 'Go to First steps').click();
  await person.sees('main', /1 of 9 steps is open again\./);
  t.deepEqual(await open(), ['Reverse name']);
  await provider.setReverseName();
  await turnsDone('Reverse name');
  await person.go('Status');
  await says(hint, false);
});

test('the browser complained of nothing', async (t) => {
  t.deepEqual((await ready).person.complaints, []);
});

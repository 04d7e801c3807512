/** The control panel’s pages of users, aliases and their mail, in a browser: each action by its effect on the box. */
import anyTest from 'ava';
import { artefacts } from '../rig/artefacts.ts';
import { waitFor } from '../rig/wait.ts';
import { account, alias, complainsOfNothing, panelLab } from './world/panel-lab.ts';
import { PanelPerson } from './world/panel-person.ts';

const test = anyTest.serial;
const ready = panelLab(artefacts(anyTest, 'lab-panel-people'));

test('users: add, password, privileges, quota, remove, and many at once', async (t) => {
  const { box, person } = await ready;
  await person.go('Users');
  await person.fill('Email address', 'new@fresh.example');
  await person.fill('Password', 'short');
  await person.press('Add user');
  await person.sees('.wrong', /8 characters/);
  t.is(await person.page.evaluate('document.activeElement.name'), 'password');
  await person.fill('Password', 'long-enough-horse');
  await person.fill('Quota (optional)', '2G');
  await person.press('Add user');
  await person.said(/^Added new@fresh\.example\.$/);
  t.like(await account(box, 'new@fresh.example'), { admin: false, quota: '2G' });

  await person.press('Make admin of new@fresh.example');
  await person.said(/new@fresh\.example is an administrator/);
  t.true((await account(box, 'new@fresh.example'))?.admin);
  await person.press('Undo');
  await person.said(/no administrator any more/);
  t.false((await account(box, 'new@fresh.example'))?.admin);
  await person.press('Take admin away of me@example.com');
  await person.said(/only administrator/);

  await person.press('Quota of new@fresh.example');
  await person.sees('dialog h2', /^Quota of new@fresh\.example$/);
  await person.page.$eval('dialog input', (input) => (input as unknown as { select(): void }).select());
  await person.page.type('dialog input', '500M');
  await person.press('Change quota');
  await person.said(/^The quota of new@fresh\.example is 500M\.$/);
  t.is((await account(box, 'new@fresh.example'))?.quota, '500M');
  await person.press('Undo');
  await person.said(/is 2G/);
  t.is((await account(box, 'new@fresh.example'))?.quota, '2G');

  const works = async (password: string) =>
    (await box.outcome('read -r p; doveadm auth test new@fresh.example "$p"', `${password}\n`)).code === 0;
  t.true(await works('long-enough-horse'));
  await person.press('Password of new@fresh.example');
  await person.page.type('dialog input', 'another-long-horse');
  await person.press('Change password');
  await person.said(/^new@fresh\.example has a new password\.$/);
  t.deepEqual([await works('another-long-horse'), await works('long-enough-horse')], [true, false]);

  await person.press('Remove of new@fresh.example');
  await person.sees('dialog h2', /^Remove new@fresh\.example\?$/);
  await person.press('Cancel');
  t.truthy(await account(box, 'new@fresh.example'));
  await person.press('Remove of new@fresh.example');
  await person.press('Remove');
  await person.said(/^Removed new@fresh\.example\./);
  t.is(await account(box, 'new@fresh.example'), undefined);

  await person.unfold(/many users/);
  await person.fill('Users, one a line', 'a@many.example, good-enough-1, 1G\nb@many.example');
  await person.press('Add all');
  await person.sees('.wrong', /Line 2: no password for b@many\.example/);
  t.is(await account(box, 'a@many.example'), undefined);
  await person.fill(
    'Users, one a line',
    'a@many.example\tgood-enough-1\t1G\nb@many.example\tgood-enough-2\t\tadmin',
  );
  await person.press('Add all');
  await person.said(/^Added 2 of 2 users\.$/);
  t.like(await account(box, 'a@many.example'), { quota: '1G', admin: false });
  t.true((await account(box, 'b@many.example'))?.admin);
});

test('aliases: the automatic ones are shown; add, edit and remove, each with the way back', async (t) => {
  const { box, person } = await ready;
  await person.go('Aliases');
  t.regex(await person.text(), /postmaster@example\.com\s*made by the box/);
  await person.fill('Alias', 'sales@example.com');
  await person.fill('Mail goes to', 'nowhere');
  await person.press('Add alias');
  await person.sees('.wrong', /nowhere/);
  await person.fill('Mail goes to', 'me@example.com\nyou@example.com');
  await person.press('Add alias');
  await person.said(/^Added the alias sales@example\.com\.$/);
  t.deepEqual((await alias(box, 'sales@example.com'))?.destinations, ['me@example.com', 'you@example.com']);

  await person.press('Edit sales@example.com');
  await person.sees('dialog h2', /sales@example\.com/);
  await person.page.$$eval('dialog textarea', (areas) => {
    for (const area of areas as unknown as { name: string; value: string }[])
      area.value = area.name === 'forwards_to' ? 'me@example.com' : 'you@example.com';
  });
  await person.press('Change alias');
  await person.said(/^Changed the alias sales@example\.com\.$/);
  const changed = await alias(box, 'sales@example.com');
  t.deepEqual([changed?.destinations, changed?.permittedSenders], [['me@example.com'], ['you@example.com']]);

  await person.press('Remove sales@example.com');
  await person.said(/^Removed the alias sales@example\.com\.$/);
  t.is(await alias(box, 'sales@example.com'), undefined);
  await person.press('Undo');
  await person.said(/is back/);
  t.deepEqual(await alias(box, 'sales@example.com'), changed);
});

test('the mail log tells what became of a mail, and finds one by an address', async (t) => {
  const { box, person, me } = await ready;
  const send = (to: string) => box.run(`printf 'Subject: x\\n\\nx\\n' | sendmail -f ${me.email} ${to}`);
  await send('you@example.com');
  await send('somebody@nowhere.example');
  await waitFor('both in the log', async () => {
    const log = await box.run('cat /var/log/mail.log');
    return /to=<you@example\.com>.*status=sent/.test(log) && /to=<somebody@.*status=/.test(log)
      ? true
      : undefined;
  });
  await person.go('Mail log');
  t.regex(await person.text(), /Delivered\s+you@example\.com from me@example\.com/);
  t.regex(await person.text(), /(Waits|Bounced)\s+somebody@nowhere\.example from me@example\.com/);
  await person.fill('Part of a sender, recipient or server (optional)', 'SOMEBODY@');
  await person.press('Search');
  await person.said(/^Found (one entry|\d+ entries)\.$/);
  t.regex(await person.text('h2'), /./);
  t.notRegex(await person.text(), /Delivered\s+you@/);
  t.regex(await person.text(), /somebody@nowhere\.example/);
});

test('who is no administrator sees their own account alone', async (t) => {
  const { browser, me } = await ready;
  const person = new PanelPerson(await browser.page());
  await person.forgetSession();
  await person.open();
  await person.logIn({ ...me, email: 'you@example.com' });
  await person.sees('h1', /^My account$/);
  t.is((await person.page.$$('nav a')).length, 2);
  await person.press('Log out');
  await person.said(/logged out/);
  await person.page.close();
});

complainsOfNothing(test, ready);

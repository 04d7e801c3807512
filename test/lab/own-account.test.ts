/** One's own account: a person without rights at the panel, and an app password from its making to its end, at every door. */
import anyTest from 'ava';
import { artefacts } from '../rig/artefacts.ts';
import { Reader } from '../rig/mail.ts';
import { hostname } from '../rig/owner.ts';
import { outcome } from '../rig/program.ts';
import { waitFor } from '../rig/wait.ts';
import { panelLab } from './world/panel-lab.ts';
import { PanelPerson } from './world/panel-person.ts';
import { WebClient } from './world/web-client.ts';

const test = anyTest.serial;
const ready = panelLab(artefacts(anyTest, 'lab-own-account'), false).then(async (it) => {
  const you = { ...it.me, email: 'you@example.com' };
  const web = await WebClient.of(it.box);
  /** What a program gets as an answer that asks for calendars, and one that asks for mail. */
  const calendars = async (password: string) => {
    const { davPath } = JSON.parse(await it.box.run('cat /usr/lib/box/image.json')).groupware as {
      davPath: string;
    };
    const config = `user = ${JSON.stringify(`${you.email}:${password}`)}\n`;
    const { stdout } = await outcome(
      [
        ...it.box.prefix,
        ...[
          'curl',
          '--disable',
          '-s',
          '--cacert',
          `${it.box.folder}/web.pem`,
          '--max-time',
          '60',
          '-o',
          '/dev/null',
          '-w',
          '%{http_code}',
          '-K',
          '-',
        ],
        ...['-X', 'PROPFIND', '-H', 'Depth: 0', '--resolve', `${hostname}:443:${it.box.host}`],
        `https://${hostname}${davPath}`,
      ],
      { input: config, seconds: 70 },
    );
    return Number(stdout);
  };
  const mail = async (password: string) => {
    const reader = await Reader.of(it.box, hostname, { ...you, password }, it.box.folder);
    const { code, stderr } = await reader.curl(`imaps://${hostname}:993/INBOX`);
    // curl(1): 67 is a log-in that was not taken.
    return code === 0 ? 'opens' : code === 67 ? 'refused' : `curl: ${code} ${stderr}`;
  };
  return { ...it, you, web, calendars, mail };
});

let app = '';

test('who is no administrator has pages of their own at the panel, and axe finds nothing there', async (t) => {
  const { person, you, web } = await ready;
  await person.open();
  await person.logIn(you);
  await person.said(/^Logged in as you@example\.com\.$/);
  await person.sees('h1', /^My account$/);
  await person.sees('main', /Mailbox/);
  t.is((await person.page.$$('nav a')).length, 2);
  const look = async (name: string) => {
    for (const scheme of ['light', 'dark'] as const) {
      await person.colours(scheme);
      t.deepEqual(await person.barriers(), [], `${name}, ${scheme}`);
    }
    await person.page.setViewport({ width: 390, height: 844, isMobile: false });
    t.true(
      Number(await person.page.evaluate('document.documentElement.scrollWidth - innerWidth')) <= 0,
      name,
    );
    await person.page.setViewport({ width: 1280, height: 900 });
  };
  await look('My account');
  await person.picture('my-account');
  await person.go('Second factor');
  await look('Second factor');
  for (const route of ['GET /mail/users', 'POST /mail/users/password', 'GET /tokens', 'POST /system/status'])
    t.is(
      (await web.ask(route, { as: you, headers: ['x-requested-with: XMLHttpRequest'] })).status,
      403,
      route,
    );
});

test('in a German browser the person’s pages are German', async (t) => {
  const { browser } = await ready;
  const page = await browser.page();
  await page.evaluateOnNewDocument(
    "Object.defineProperty(navigator, 'languages', { get: () => ['de-DE', 'en'] })",
  );
  const other = new PanelPerson(page);
  await other.open('#/account');
  await other.sees('h1', /^Mein Konto$/);
  t.is(await page.evaluate('document.documentElement.lang'), 'de');
  await page.close();
});

test('an app password is made at the panel, and opens mail and calendars, and nothing else', async (t) => {
  const { box, person, you, web, calendars, mail } = await ready;
  await person.open('#/account');
  await person.fill('Which device it is for', 'my phone');
  await person.fill('Your password', 'wrong-horse');
  await person.press('Make app password');
  await person.sees('.wrong', /^Incorrect password/);
  await person.fill('Your password', you.password);
  await person.press('Make app password');
  await person.said(/^Made an app password for “my phone”/);
  app = await person.text('#app-password');
  t.regex(app, /^([a-z2-9]{5}-){4}[a-z2-9]{5}$/);
  t.is(await mail(app), 'opens');
  t.is(await calendars(app), 207);
  t.is(await calendars(you.password), 207, 'the password goes on');

  const as = { ...you, password: app };
  t.is(JSON.parse((await web.ask('POST /login', { as })).body).status, 'invalid');
  t.is((await web.ask('POST /me/password', { as, form: { password: 'another-horse' } })).status, 401);
  // The webmail's own door to the mailboxes, as the webmail comes to it.
  const port = JSON.parse(await box.run('cat /usr/lib/box/image.json')).ports.find(
    ({ name }: { name: string }) => name === 'webmail-imap',
  ).port as number;
  const door = `import base64, imaplib, ssl, sys
me, secret = sys.stdin.read().split()
door = imaplib.IMAP4_SSL('127.0.0.1', ${port}, ssl_context=ssl._create_unverified_context())
try:
    door.authenticate('PLAIN', lambda _: ('\\0' + me + '\\0' + secret).encode())
    print('opens')
except imaplib.IMAP4.error:
    print('refused')`;
  const atDoor = async (secret: string) =>
    (
      await box.run(
        `python3 -c "$(echo ${Buffer.from(door).toString('base64')} | base64 -d)"`,
        `${you.email} ${secret}\n`,
      )
    ).trim();
  t.is(await atDoor(app), 'refused');
  t.is(await atDoor(you.password), 'opens');

  await person.open('#/account');
  await waitFor('the use to be shown', async () => {
    await person.open('#/account');
    return /last used on/.test(await person.text()) ? true : undefined;
  });
  t.false((await person.text()).includes(app), 'it is not shown again');
});

test('what is revoked opens nothing any more: mail at once, calendars within half a minute', async (t) => {
  const { person, calendars, mail } = await ready;
  await person.press('Revoke my phone');
  await person.press('Revoke');
  await person.said(/^Revoked the app password “my phone”\.$/);
  t.is(await mail(app), 'refused');
  await waitFor('calendars to refuse it', async () => ((await calendars(app)) === 401 ? true : undefined));
  t.deepEqual(person.complaints, []);
});

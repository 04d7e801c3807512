/** Who can use the control panel’s pages, all of them: by eye, by screen reader, on a phone, by the keyboard alone; and how they are served. */
import anyTest from 'ava';
import { artefacts } from '../rig/artefacts.ts';
import { account, alias, complainsOfNothing, panelLab, putInUse } from './world/panel-lab.ts';
import { PanelPerson } from './world/panel-person.ts';
import { WebClient } from './world/web-client.ts';

const test = anyTest.serial;
const ready = panelLab(artefacts(anyTest, 'lab-panel-pages'));

const inUse = ready.then(({ box }) => putInUse(box));

const titles = [
  ...['First steps', 'Status', 'Charts', 'Mail log', 'Reports', 'Users', 'Aliases', 'DNS', 'Certificate'],
  ...['Web sites', 'Mail set-up', 'My account', 'Second factor', 'Tokens', 'Backups', 'System'],
];

test('axe finds nothing serious on any page, in light and dark; each page fits a phone', async (t) => {
  const { browser, me } = await ready;
  await inUse;
  const person = new PanelPerson(await browser.page());
  const look = async (name: string) => {
    const file = name.toLowerCase().replaceAll(' ', '-');
    await person.page.setViewport({ width: 1280, height: 900 });
    for (const scheme of ['light', 'dark'] as const) {
      await person.colours(scheme);
      t.deepEqual(await person.barriers(), [], `${name}, ${scheme}`);
      await person.picture(`${file}-${scheme}`);
    }
    const excess = await person.widerThanPhone();
    t.true(excess <= 0, `${name} is ${excess} pixels wider than a phone`);
    await person.colours('light');
    await person.picture(`${file}-phone`);
    await person.page.setViewport({ width: 1280, height: 900 });
  };
  await person.forgetSession();
  await person.open();
  await look('Log in');
  await person.logIn(me);
  await person.said(/^Logged in/);
  for (const title of titles) {
    await person.go(title);
    await person.unfold(/./);
    if (title === 'Status') await person.sees('.above', /Checked/);
    await look(title);
  }
  await person.go('Users');
  await person.press('Remove of you@example.com');
  await look('Remove a user');
  await person.page.keyboard.press('Escape');
  t.is(
    await person.page.evaluate('document.activeElement.textContent'),
    'Remove of you@example.com',
    'a closed dialog gives the focus back',
  );
  t.deepEqual(person.complaints, []);
  await person.page.close();
});

test('the keyboard alone logs in, adds a user and an alias, makes and revokes a token, makes a request, and logs out', async (t) => {
  const { box, browser, me } = await ready;
  const person = new PanelPerson(await browser.page());
  await person.forgetSession();
  const { keyboard } = person.page;
  const focused = async () =>
    String(
      await person.page.evaluate(
        `(() => { const e = document.activeElement; return (e.labels?.[0] ?? e).innerText.replace(/\\s+/g, ' ').trim(); })()`,
      ),
    );
  /** By the Tab key, at most once around the page; what is reached must show that it has the focus. */
  const tabTo = async (name: string) => {
    for (let i = 0; i < 120; i++) {
      await keyboard.press('Tab');
      if ((await focused()) !== name) continue;
      const outline = await person.page.evaluate('getComputedStyle(document.activeElement).outlineStyle');
      t.is(outline, 'solid', `${name} shows that it has the focus`);
      return;
    }
    throw new Error(`no way to “${name}” by the Tab key; at ${await focused()}`);
  };
  await person.open();
  await tabTo('Email address');
  await keyboard.type(me.email);
  await keyboard.press('Tab');
  await keyboard.type(me.password);
  await keyboard.press('Enter');
  await person.sees('h1', /^First steps$/);
  await tabTo('Users');
  await keyboard.press('Enter');
  await person.sees('h1', /^Users$/);
  t.is(await focused(), 'Users', 'the page’s heading has the focus');
  await person.sees('main', /you@example\.com/);
  await tabTo('Email address');
  await keyboard.type('keys@example.com');
  await tabTo('Password');
  await keyboard.type('typed-by-keys-alone');
  await keyboard.press('Enter');
  await person.said(/^Added keys@example\.com\.$/);
  t.truthy(await account(box, 'keys@example.com'));
  await tabTo('Aliases');
  await keyboard.press('Enter');
  await person.sees('main', /postmaster@example\.com/);
  await tabTo('Alias');
  await keyboard.type('typed@example.com');
  await tabTo('Mail goes to');
  await keyboard.type('keys@example.com');
  await tabTo('Add alias');
  await keyboard.press('Space');
  await person.said(/^Added the alias typed@example\.com\.$/);
  t.deepEqual((await alias(box, 'typed@example.com'))?.destinations, ['keys@example.com']);
  await tabTo('Tokens');
  await keyboard.press('Enter');
  await person.sees('h1', /^Tokens$/);
  await tabTo('What it is for');
  await keyboard.type('typed');
  await tabTo('What it may');
  await keyboard.type('status');
  await tabTo('Make token');
  await keyboard.press('Enter');
  await person.said(/^Made the token “typed”/);
  t.regex(await focused(), /^The new token “typed”$/, 'where the token is shown, one goes on');
  await keyboard.press('Tab');
  t.is(await focused(), 'Copy token');
  await tabTo('Revoke typed');
  await keyboard.press('Enter');
  await tabTo('Revoke token');
  await keyboard.press('Enter');
  await person.said(/^Revoked the token “typed”/);
  await tabTo('Certificate');
  await keyboard.press('Enter');
  await person.sees('main', /A certificate from elsewhere/);
  await tabTo('A certificate from elsewhere');
  await keyboard.press('Enter');
  await tabTo('Make a request');
  await keyboard.press('Enter');
  await person.said(/^Made a request/);
  await tabTo('Log out');
  await keyboard.press('Enter');
  await person.said(/^You are logged out\.$/);
  await person.open('#/users');
  await person.sees('h1', /^Log in$/);
  t.deepEqual(person.complaints, []);
  await person.page.close();
});

test('each file of the pages has the strict headers; the first page comes fast, the others are kept by the browser', async (t) => {
  const { box, person } = await ready;
  t.deepEqual(person.complaints, []);
  const web = await WebClient.of(box);
  const pages = [];
  for (let i = 0; i < 9; i++) pages.push(await web.ask('GET /'));
  const [first] = pages;
  const files = [...(first?.body ?? '').matchAll(/(?:href|src)="(assets\/[^"]+)"/g)].map(([, file]) => file);
  t.is(files.length, 2);
  for (const path of ['/', ...files.map((file) => `/${file}`)]) {
    const { status, headers, body } = await web.ask(`GET ${path}`);
    t.is(status, 200, path);
    t.is(headers['strict-transport-security'], 'max-age=31536000', path);
    t.is(headers['x-content-type-options'], 'nosniff', path);
    t.is(headers['x-frame-options'], 'DENY', path);
    t.is(headers['referrer-policy'], 'no-referrer', path);
    const policy = headers['content-security-policy'] ?? '';
    t.regex(policy, /^default-src 'none'; script-src 'self'; style-src 'self';/, path);
    t.regex(policy, /require-trusted-types-for 'script'/);
    t.notRegex(policy, /unsafe|https?:|\*/, path);
    t.regex(headers['cache-control'] ?? '', path === '/' ? /^no-cache$/ : /^max-age=\d{8,}$/, path);
    t.notRegex(body, /(?:src|href)="(?:https?:)?\/\//, `${path} loads nothing from elsewhere`);
  }
  t.is((await web.ask('GET /assets/../../../../etc/passwd')).status, 400);
  t.is((await web.ask('GET /assets/none.js')).status, 404);
  const median = pages.map(({ seconds }) => seconds).sort()[4] ?? 1;
  t.log(`first page: ${Math.round(median * 1000)} ms with a new TLS connection each`);
});

complainsOfNothing(test, ready);

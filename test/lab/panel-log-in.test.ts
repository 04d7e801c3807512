/** Who opens the control panel: by password, one-time code and passkey, and what programs get of it. */
import anyTest from 'ava';
import { Secret, TOTP } from 'otpauth';
import { artefacts } from '../rig/artefacts.ts';
import { hostname } from '../rig/owner.ts';
import { SoftwarePasskey } from '../unit/box/accounts/log-in/software-passkey.ts';
import { complainsOfNothing, panelLab } from './world/panel-lab.ts';
import { addAccount } from './world/started.ts';
import { WebClient } from './world/web-client.ts';

const test = anyTest.serial;
const ready = panelLab(artefacts(anyTest, 'lab-panel-log-in'), false);

test('log-in: a wrong password is told at its field; the right one opens the panel and is kept nowhere', async (t) => {
  const { person, me } = await ready;
  await person.open();
  await person.sees('h1', /^Log in$/);
  await person.logIn({ email: me.email, password: 'wrong-horse' });
  await person.sees('.wrong', /^Incorrect email address or password\.$/);
  t.is(await person.page.evaluate('document.activeElement.name'), 'password');
  t.is(await person.page.evaluate('document.activeElement.getAttribute("aria-invalid")'), 'true');
  await person.logIn(me);
  await person.said(/^Logged in as me@example\.com\.$/);
  await person.sees('h1', /^First steps$/);
  t.is(await person.page.title(), `First steps · ${hostname}`);
  t.is(
    await person.page.evaluate('JSON.stringify([{...localStorage}, {...sessionStorage}, document.cookie])'),
    '[{},{},""]',
  );
  // The cookie carries on over a reload.
  await person.open('#/users');
  await person.sees('h1', /^Users$/);
});

test('first steps: a new box begins with them, sees by itself what is done, and says the same in a terminal', async (t) => {
  const { box, person } = await ready;
  await box.run('box account remove you@example.com');
  await person.go('First steps');
  await person.sees('main', /\d of 9 steps are open/);
  await person.sees('main', /To do\s*First user/);
  await person.go('Users');
  await person.fill('Email address', 'you@example.com');
  await person.fill('Password', 'correct-horse');
  await person.press('Add user');
  await person.said(/^Added you@example\.com\.$/);
  await person.go('First steps');
  await person.sees('main', /Done\s*First user/);
  await person.press('Check again');
  await person.said(/^Checked\.$/);
  t.regex(
    await person.text(),
    /To do\s+Second factor\s+What to do: Each administrator, at the page Second factor/,
  );
  const { stdout } = await box.outcome('box status --cached');
  t.regex(stdout, /^first steps: \d of 9 are open$/m);
  t.regex(stdout, /^to do {4}Second factor: /m);
  t.notRegex(stdout, /^to do {4}First user/m);
  // As on a box where all was done once: then a hint leads there.
  await box.run('touch /home/user-data/first-steps-done');
  await person.open();
  await person.sees('h1', /^Status$/);
  await person.sees('main', /open again: .*Second factor/);
  t.notRegex(await person.text('nav'), /First steps/);
  await person.named('link', 'Go to First steps').click();
  await person.sees('h1', /^First steps$/);
  await person.sees('main', /steps are open again/);
  await box.run('rm /home/user-data/first-steps-done');
});

test('tokens: made for one thing, shown once, good for that and no more, and revoked', async (t) => {
  const { box, person } = await ready;
  const web = await WebClient.of(box);
  // What is typed while the list is still on its way stays.
  await person.page.evaluate(`{
    const now = fetch;
    window.fetch = (...what) => new Promise((go) => setTimeout(go, 2000)).then(() => now(...what));
  }`);
  await person.named('link', 'Tokens').click();
  await person.fill('What it is for', 'the monitor');
  await person.sees('.waiting', /Loading/);
  await person.sees('main', /In force/);
  const typed = `document.querySelector('[name=label]').value`;
  t.is(await person.page.evaluate(typed), 'the monitor');
  await person.open('#/tokens');
  await person.fill('What it is for', 'the monitor');
  await person.fill('What it may', 'everything');
  await person.press('Make token');
  await person.sees('.wrong', /everything is no scope/);
  t.is(await person.page.evaluate('document.activeElement.name'), 'scopes');
  await person.fill('What it may', 'status');
  await person.fill('Days that it lives (optional)', '30');
  await person.press('Make token');
  await person.said(/^Made the token “the monitor”/);
  const key = await person.text('#token');
  await person.press('Copy token');
  t.is(await person.page.evaluate('navigator.clipboard.readText()'), key);
  const asked = async (what: string) =>
    (await web.ask(what, { headers: [`authorization: Bearer ${key}`] })).status;
  t.deepEqual([await asked('GET /system/version'), await asked('GET /mail/users')], [200, 401]);
  await person.press('I have it');
  await person.open('#/tokens');
  await person.sees('main', /the monitor/);
  t.false((await person.text()).includes(key), 'it is not shown again');
  t.regex(await person.text(), /ends on \w+ \d+, 20\d\d/);
  await person.press('Revoke the monitor');
  await person.press('Revoke token');
  await person.said(/^Revoked the token “the monitor”\.$/);
  t.is(await asked('GET /system/version'), 401);
  t.is(JSON.parse(await box.run('box token list --json')).length, 0);
});

test('a second factor: on with the app’s code, asked for at the next log-in, and off again', async (t) => {
  const { box, person, me } = await ready;
  const factors = async () =>
    (
      await box.run(
        `python3 -c "import sqlite3; print(sqlite3.connect('/home/user-data/mail/users.sqlite').execute('select count(*) from mfa').fetchone()[0])"`,
      )
    ).trim();
  await person.go('Second factor');
  const width = await person.page.evaluate('document.querySelector(".qr").naturalWidth');
  t.true(Number(width) > 100, 'the QR code is shown');
  const secret = await person.text('#secret');
  const codeAt = (time: number) =>
    new TOTP({ secret: Secret.fromBase32(secret) }).generate({ timestamp: time });
  await person.fill('One-time code', '000000');
  await person.press('Turn on');
  await person.sees('.wrong', /does not belong/);
  t.is(await factors(), '0');
  await person.fill('One-time code', codeAt(Date.now()));
  await person.press('Turn on');
  await person.said(/second factor is on/);
  t.is(await factors(), '1');
  await person.sees('h1', /^Log in$/);
  await person.logIn(me);
  await person.said(/second factor: enter the code/);
  // The code that turned it on counts no second time; the next one is valid already.
  await person.fill('One-time code', codeAt(Date.now() + 30_000));
  await person.press('Log in');
  await person.said(/^Logged in/);
  await person.go('Second factor');
  await person.press('Turn off One-time codes');
  await person.said(/second factor is off/);
  t.is(await factors(), '0');
  await person.logIn(me);
  await person.said(/^Logged in/);
});

test('a passkey: added with the password, it opens the panel with it and by itself; the password alone opens nothing', async (t) => {
  const { box, person, me } = await ready;
  const web = await WebClient.of(box);
  const debug = await person.page.createCDPSession();
  await debug.send('WebAuthn.enable');
  await debug.send('WebAuthn.addVirtualAuthenticator', {
    options: {
      protocol: 'ctap2',
      transport: 'internal',
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified: true,
      automaticPresenceSimulation: true,
    },
  });
  await person.go('Second factor');
  await person.fill('Name of the passkey', 'this laptop');
  await person.fill('Your password', 'wrong-horse');
  await person.press('Add a passkey');
  await person.sees('.wrong', /^Incorrect password\./);
  t.is(await person.page.evaluate('document.activeElement.name'), 'password');
  await person.fill('Your password', me.password);
  await person.press('Add a passkey');
  await person.said(/passkey is added/);
  await person.sees('h1', /^Log in$/);

  const refused = await web.ask('GET /mail/users', { as: me });
  t.is(refused.status, 401);
  t.regex(refused.body, /logs in with a passkey.*API key or a token/);
  // After the password the page asks for the passkey by itself.
  await person.logIn(me);
  await person.said(/^Logged in as me@example\.com\.$/);
  await person.press('Log out');
  await person.said(/logged out/);
  const sent: string[] = [];
  person.page.on('request', (request) => {
    if (request.url().endsWith('/admin/login/passkey')) sent.push(request.postData() ?? '');
  });
  await person.press('Log in with a passkey');
  await person.said(/^Logged in as me@example\.com\.$/);
  const credential = new URLSearchParams(sent[0]).get('credential') ?? '';
  t.regex(credential, /signature/);
  const again = await web.ask('POST /login/passkey', { form: { credential } });
  t.like(JSON.parse(again.body), { status: 'invalid' }, 'a replayed answer is refused');

  await person.go('Second factor');
  t.regex(await person.text(), /this laptop\s*Passkey/);
  await person.picture('second-factor-in-use');
  await person.press('Turn off this laptop');
  await person.said(/second factor is off/);
  await person.press('Log in with a passkey');
  await person.said(/not accepted/);
  await debug.send('WebAuthn.disable');
  await person.logIn(me);
  await person.said(/^Logged in/);
});

test('a passkey’s answer counts for its challenge, its page and its key alone, and once', async (t) => {
  const { box, owner } = await ready;
  const web = await WebClient.of(box);
  await addAccount(box, owner, 'keys@passkeys.example');
  await box.run('box account promote keys@passkeys.example');
  const as = { ...owner, email: 'keys@passkeys.example' };
  const begin = async () =>
    JSON.parse((await web.ask('POST /login/passkey/begin')).body) as { challenge: string; rpId: string };
  const logIn = async (credential: string) =>
    JSON.parse((await web.ask('POST /login/passkey', { form: { credential } })).body) as { status: string };
  const key = new SoftwarePasskey(hostname);
  const options = await web.ask('POST /mfa/webauthn/begin', { as, form: { password: as.password } });
  const { challenge } = JSON.parse(options.body) as { challenge: string };
  const added = await web.ask('POST /mfa/webauthn/enable', {
    as,
    form: { credential: key.register(challenge), label: 'software' },
  });
  t.is(added.body, 'OK');
  t.is((await begin()).rpId, hostname);
  const good = key.answer((await begin()).challenge);
  t.like(await logIn(good), { status: 'ok', email: as.email });
  for (const [what, credential] of [
    ['replayed', good],
    ['of another page', key.answer((await begin()).challenge, { origin: 'https://evil.example' })],
    ['for another name', key.answer((await begin()).challenge, { rpId: 'evil.example' })],
    ['for no challenge of the box', key.answer('A'.repeat(43))],
    ['without PIN, finger or face', key.answer((await begin()).challenge, { flags: 0x01 })],
    ['signed by another key', key.answer((await begin()).challenge, {}, new SoftwarePasskey(hostname))],
    ['by a key that nobody has', new SoftwarePasskey(hostname).answer((await begin()).challenge)],
    ['of a copy, whose count is behind', key.answer((await begin()).challenge, { counter: 1 })],
  ] as const)
    t.deepEqual(
      await logIn(credential),
      { status: 'invalid', reason: 'The passkey is not accepted. Try again.', hostname } as never,
      what,
    );
  t.like(await logIn(key.answer((await begin()).challenge)), { status: 'ok' });
  // Whoever has lost it is let in again by who is root.
  await box.run('box account codes-off keys@passkeys.example');
  t.is((await web.ask('GET /mail/users', { as })).status, 200);
});

complainsOfNothing(test, ready);

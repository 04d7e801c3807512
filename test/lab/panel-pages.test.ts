/** The control panel's pages in a browser: each page and each action once, by its effect on the box; who can use them. */
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import anyTest from 'ava';
import { Secret, TOTP } from 'otpauth';
import { artefacts } from '../rig/artefacts.ts';
import { hostname } from '../rig/owner.ts';
import { outcome } from '../rig/program.ts';
import { waitFor } from '../rig/wait.ts';
import { SoftwarePasskey } from '../unit/box/accounts/log-in/software-passkey.ts';
import { LabBrowser } from './world/browser.ts';
import { makeLab } from './world/lab.ts';
import { PanelPerson } from './world/panel-person.ts';
import { addAccount, started } from './world/started.ts';
import { WebClient } from './world/web-client.ts';

const test = anyTest.serial;
const kept = artefacts(anyTest, 'lab-panel-pages');
const ready = makeLab(kept).then(async (lab) => {
  const box = await started(lab, 'box', lab.owner);
  await addAccount(box, lab.owner, 'you@example.com');
  const browser = kept.own(await LabBrowser.of(box));
  const person = new PanelPerson(await browser.page());
  await person.page.setViewport({ width: 1280, height: 900 });
  return { box, browser, person, owner: lab.owner, me: lab.owner, ca: lab.ca, folder: kept.folder };
});

const accounts = async () =>
  JSON.parse(await (await ready).box.run('box account list --json')) as {
    email: string;
    admin: boolean;
    quota: string;
  }[];
const account = async (email: string) => (await accounts()).find((one) => one.email === email);
const aliases = async () =>
  JSON.parse(await (await ready).box.run('box alias list --json')) as {
    source: string;
    destinations: string[];
    permittedSenders: string[] | null;
  }[];
const alias = async (source: string) => (await aliases()).find((one) => one.source === source);

test('log-in: a wrong password is told at its field; the right one opens the status page and is kept nowhere', async (t) => {
  const { person, me } = await ready;
  await person.open();
  await person.sees('h1', /^Log in$/);
  await person.logIn({ email: me.email, password: 'wrong-horse' });
  await person.sees('.wrong', /^Incorrect email address or password\.$/);
  t.is(await person.page.evaluate('document.activeElement.name'), 'password');
  t.is(await person.page.evaluate('document.activeElement.getAttribute("aria-invalid")'), 'true');
  await person.logIn(me);
  await person.said(/^Logged in as me@example\.com\.$/);
  await person.sees('h1', /^Status$/);
  t.is(await person.page.title(), `Status · ${hostname}`);
  t.is(
    await person.page.evaluate('JSON.stringify([{...localStorage}, {...sessionStorage}, document.cookie])'),
    '[{},{},""]',
  );
  // The cookie carries on over a reload.
  await person.open('#/users');
  await person.sees('h1', /^Users$/);
});

test('status: every check with its meaning, and what to do; the re-check sees what changed', async (t) => {
  const { box, person } = await ready;
  await person.go('Status');
  await person.sees('.above', /Checked less than a minute ago/);
  const seen = await box.outcome('box status --cached --json');
  const found = JSON.parse(seen.stdout) as { title: string }[];
  t.is((await person.page.$$('.fact')).length, found.length);
  t.regex(await person.text(), /mail queue empty/);
  await box.run('systemctl stop postgrey');
  await person.press('Check again');
  await person.said(/^Checked: \d+ errors?, /);
  const text = await person.text();
  t.regex(text, /Error\s+postgrey does not run/);
  t.regex(text, /What to do: .*postgrey/);
  await box.run('systemctl start postgrey');
  // Another page and back: what was seen is there at once.
  await person.go('Mail set-up');
  await person.named('link', 'Status').click();
  await person.sees('.above', /Checked (less than a minute|\d+ minutes?) ago/);
});

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
  t.like(await account('new@fresh.example'), { admin: false, quota: '2G' });

  await person.press('Make admin of new@fresh.example');
  await person.said(/new@fresh\.example is an administrator/);
  t.true((await account('new@fresh.example'))?.admin);
  await person.press('Undo');
  await person.said(/no administrator any more/);
  t.false((await account('new@fresh.example'))?.admin);
  await person.press('Take admin away of me@example.com');
  await person.said(/only administrator/);

  await person.press('Quota of new@fresh.example');
  await person.sees('dialog h2', /^Quota of new@fresh\.example$/);
  await person.page.$eval('dialog input', (input) => (input as unknown as { select(): void }).select());
  await person.page.type('dialog input', '500M');
  await person.press('Change quota');
  await person.said(/^The quota of new@fresh\.example is 500M\.$/);
  t.is((await account('new@fresh.example'))?.quota, '500M');
  await person.press('Undo');
  await person.said(/is 2G/);
  t.is((await account('new@fresh.example'))?.quota, '2G');

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
  t.truthy(await account('new@fresh.example'));
  await person.press('Remove of new@fresh.example');
  await person.press('Remove');
  await person.said(/^Removed new@fresh\.example\./);
  t.is(await account('new@fresh.example'), undefined);

  await person.unfold(/many users/);
  await person.fill('Users, one a line', 'a@many.example, good-enough-1, 1G\nb@many.example');
  await person.press('Add all');
  await person.sees('.wrong', /Line 2: no password for b@many\.example/);
  t.is(await account('a@many.example'), undefined);
  await person.fill(
    'Users, one a line',
    'a@many.example\tgood-enough-1\t1G\nb@many.example\tgood-enough-2\t\tadmin',
  );
  await person.press('Add all');
  await person.said(/^Added 2 of 2 users\.$/);
  t.like(await account('a@many.example'), { quota: '1G', admin: false });
  t.true((await account('b@many.example'))?.admin);
});

test('aliases: the automatic ones are shown; add, edit and remove, each with the way back', async (t) => {
  const { person } = await ready;
  await person.go('Aliases');
  t.regex(await person.text(), /postmaster@example\.com\s*made by the box/);
  await person.fill('Alias', 'sales@example.com');
  await person.fill('Mail goes to', 'nowhere');
  await person.press('Add alias');
  await person.sees('.wrong', /nowhere/);
  await person.fill('Mail goes to', 'me@example.com\nyou@example.com');
  await person.press('Add alias');
  await person.said(/^Added the alias sales@example\.com\.$/);
  t.deepEqual((await alias('sales@example.com'))?.destinations, ['me@example.com', 'you@example.com']);

  await person.press('Edit sales@example.com');
  await person.sees('dialog h2', /sales@example\.com/);
  await person.page.$$eval('dialog textarea', (areas) => {
    for (const area of areas as unknown as { name: string; value: string }[])
      area.value = area.name === 'forwards_to' ? 'me@example.com' : 'you@example.com';
  });
  await person.press('Change alias');
  await person.said(/^Changed the alias sales@example\.com\.$/);
  const changed = await alias('sales@example.com');
  t.deepEqual([changed?.destinations, changed?.permittedSenders], [['me@example.com'], ['you@example.com']]);

  await person.press('Remove sales@example.com');
  await person.said(/^Removed the alias sales@example\.com\.$/);
  t.is(await alias('sales@example.com'), undefined);
  await person.press('Undo');
  await person.said(/is back/);
  t.deepEqual(await alias('sales@example.com'), changed);
});

test('DNS: records and their reasons, the registrar’s steps, and one’s own records', async (t) => {
  const { box, person } = await ready;
  const seen = async (name: string, type: string) =>
    (await box.run(`dig +short @${box.host} ${name} ${type}`)).trim();
  await person.go('DNS');
  await person.unfold(/Add a record/);
  await person.fill('Name', 'files.example.com');
  await person.fill('Value', 'no address');
  await person.press('Add record');
  await person.sees('.wrong', /address/);
  await person.fill('Value', '192.0.2.7');
  await person.press('Add record');
  await person.said(/^Added A of files\.example\.com\. updated DNS: example\.com$/);
  t.is(await seen('files.example.com', 'A'), '192.0.2.7');
  await person.press('Remove A of files.example.com');
  await person.said(/^Removed A of files\.example\.com\./);
  t.is(await seen('files.example.com', 'A'), '');
  await person.press('Undo');
  await person.said(/^Added A/);
  t.is(await seen('files.example.com', 'A'), '192.0.2.7');

  await person.unfold(/At the registrar of example\.com/);
  const ds = (await box.run('box dns ds')).toLowerCase();
  await person.press('Copy DS record of example.com');
  await person.said(/^Copied: DS record of example\.com\.$/);
  const copied = String(await person.page.evaluate('navigator.clipboard.readText()'));
  t.regex(copied, /^\d+ \d+ 2 [0-9a-f]{64}$/);
  t.true(ds.includes(copied), `${copied} in ${ds}`);
  t.regex(await person.text(), new RegExp(`ns1\\.${hostname.replaceAll('.', '\\.')} ${box.host}`));

  await person.unfold(/records of example\.com/);
  await person.press('Copy MX of example.com');
  t.is(await person.page.evaluate('navigator.clipboard.readText()'), `10 ${hostname}.`);
});

test('certificate, mail set-up and system tell what is true of this box; a reboot is offered where one is due', async (t) => {
  const { box, person } = await ready;
  await person.go('Certificate');
  const print = await box.run(
    'openssl x509 -noout -fingerprint -sha256 -in /home/user-data/ssl/ssl_certificate.pem | sed s/.*=//',
  );
  t.true((await person.text()).includes(print.trim()));
  await person.go('Mail set-up');
  const guide = await person.text();
  t.true(guide.includes(hostname));
  t.is(
    (await (await WebClient.of(box)).ask('GET /../mail/')).status,
    200,
    'the webmail that it leads to is there',
  );
  t.is(
    await person.page.$eval('main a[href="/mail/"]', (link) => link.textContent),
    'read and write mail in the browser',
  );
  // Each port that it names answers.
  const ports = [...guide.matchAll(/Port (\d+),/g)].map(([, port = '']) => port);
  t.deepEqual([...ports].sort(), ['4190', '465', '587', '993', '995']);
  for (const port of ports) await box.run(`bash -c ': </dev/tcp/127.0.0.1/${port}'`);

  await person.go('System');
  t.true((await person.text()).includes(JSON.parse(await box.run('cat /usr/lib/box/image.json')).version));
  t.regex(await person.text(), /No reboot is needed/);
  await box.run('touch /run/reboot-required');
  await person.go('Status');
  await person.go('System');
  await person.press('Reboot…');
  await person.press('Reboot');
  await person.said(/reboots in a minute/);
  t.regex(await box.run('cat /run/systemd/shutdown/scheduled'), /MODE=reboot/);
  await box.run('shutdown -c; rm /run/reboot-required');
});

test('DNS: secondary name servers are the whole list anew, with the way back', async (t) => {
  const { box, person } = await ready;
  const list = async () => (await box.run('box dns secondary list')).trim();
  await person.go('DNS');
  await person.unfold(/Secondary name servers/);
  await person.fill('Servers (optional)', 'not a name!');
  await person.press('Save servers');
  await person.sees('.wrong', /neither a host name nor/);
  await person.fill('Servers (optional)', 'xfr:192.0.2.53');
  await person.press('Save servers');
  await person.said(/^Saved the secondary name servers; /);
  t.regex(await list(), /xfr:192\.0\.2\.53/);
  await person.press('Undo');
  await waitFor('the list as it was', async () => ((await list()).includes('192.0.2.53') ? undefined : true));
  t.notRegex(await list(), /192\.0\.2\.53/);
});

test('a certificate of an authority: the request, what is wrong with an answer, and the right one in service', async (t) => {
  const { box, person, ca } = await ready;
  await person.go('Certificate');
  t.regex(await person.text(), /Warning\s+box\.example\.com\s+The certificate is self-signed/);
  await person.press('Get a certificate');
  await person.sees('.wrong', /please tick this/);
  await person.named('checkbox', 'I agree to the authority’s terms, and to its publishing the names').click();
  await person.press('Get a certificate');
  // No authority can be reached from the lab; acme.test.ts has one.
  await person.sees('.wrong', /\(.+\)$/);
  await person.unfold(/A certificate from elsewhere/);
  await person.press('Make a request');
  await person.said(/^Made a request/);
  const request = await person.text('#request');
  await person.press('Copy request');
  t.is(String(await person.page.evaluate('navigator.clipboard.readText()')).trim(), request.trim());
  const names = [hostname, `mta-sts.${hostname}`, 'mta-sts.example.com'];
  const signed = await ca.sign(request, ...names);
  const install = async (cert: string) => {
    await person.fill('Certificate', cert);
    await person.press('Install certificate');
  };
  await install('nothing of the kind');
  await person.sees('details .wrong', /there is no certificate in the file/);
  t.is(await person.page.evaluate('document.activeElement.name'), 'cert');
  await install(signed);
  await person.sees('details .wrong', /no authority that this box trusts stands behind/);
  t.is(await person.page.evaluate('document.activeElement.name'), 'chain');
  await box.run(ca.install.script, ca.install.input);
  await install(signed);
  await person.said(/^The certificate is in service\.$/);
  t.regex(await box.run('box tls show'), /^issuer {3}CN=The lab.*authority$/m);
  t.regex(await person.text(), /box\.example\.com\s+The certificate expires in (29|28) days/);
});

test('web sites: pages by an archive and by a folder, and a change by hand', async (t) => {
  const { box, person, folder } = await ready;
  const shown = async (where = '/') => {
    const asked = await outcome([
      ...[...box.prefix, 'curl', '--disable', '-sS', '--insecure', '--max-time', '20'],
      ...['--resolve', `example.com:443:${box.host}`, `https://example.com${where}`],
    ]);
    return asked.stdout;
  };
  const pages = path.join(folder, 'pages');
  mkdirSync(path.join(pages, 'deep', '.git'), { recursive: true });
  writeFileSync(path.join(pages, 'index.html'), '<p>from an archive</p>');
  writeFileSync(path.join(pages, 'deep', 'ä.txt'), 'deep');
  writeFileSync(path.join(pages, 'deep', '.git', 'config'), 'hidden');
  const archive = path.join(folder, 'pages.tar.gz');
  await outcome(['tar', 'czf', archive, '-C', pages, '--exclude=.git', '.']);
  const choose = async (field: string, file: string) => {
    const input = await person.page.waitForSelector(`input[name=${field}]`);
    await (input as unknown as { uploadFile(...paths: string[]): Promise<void> }).uploadFile(file);
  };
  await person.go('Web sites');
  t.regex(await person.text(), /example\.com\s+shows the default pages/);
  await person.press('Upload archive');
  await person.sees('.wrong', /Archive.*please fill in/);
  await choose('archive', path.join(pages, 'index.html'));
  await person.press('Upload archive');
  await person.sees('.wrong', /the archive is no tar archive/);
  await choose('archive', archive);
  await person.press('Upload archive');
  await person.said(/^example\.com: web site updated: 2 files\.$/);
  t.regex(await person.text(), /example\.com\s+shows \/home\/user-data\/www\/example\.com/);
  await waitFor('the page to be served', async () =>
    (await shown()) === '<p>from an archive</p>' ? true : undefined,
  );
  t.is(await shown('/deep/%C3%A4.txt'), 'deep');

  writeFileSync(path.join(pages, 'index.html'), '<p>from a folder</p>');
  await person.unfold(/Put a folder there/);
  await choose('folder', pages);
  await person.press('Upload folder');
  await person.said(/^example\.com: web site updated: 2 files\.$/);
  await waitFor('the new page to be served', async () =>
    (await shown()) === '<p>from a folder</p>' ? true : undefined,
  );
  t.is(await box.run('find /home/user-data/www/example.com -name .git'), '');

  await person.press('Bring up to date');
  await person.said(/^The web sites were up to date\.$/);
  await box.run('rm -r /home/user-data/www/example.com');
  await person.press('Bring up to date');
  await person.said(/^The web sites are up to date now\.$/);
  t.regex(await person.text(), /example\.com\s+shows the default pages/);
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
  t.regex(await person.text(), /ends on 20\d\d-/);
  await person.press('Revoke the monitor');
  await person.press('Revoke token');
  await person.said(/^Revoked the token “the monitor”\.$/);
  t.is(await asked('GET /system/version'), 401);
  t.is(JSON.parse(await box.run('box token list --json')).length, 0);
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

test('charts: what was counted, drawn for a day, a week and two months, and the same as a table', async (t) => {
  const { box, person } = await ready;
  // Nine days of a box at work, every five minutes.
  const made = `
import json, os, time, math
now = int(time.time())
folder = '/var/lib/box-keeper/samples/'
days = {}
for i in range(9 * 288, 0, -1):
    at = now - i * 300
    if 20 < i % 288 < 26: continue
    busy = 1 + math.sin(at / 86400 * 6.283)
    days.setdefault(time.strftime('%Y-%m-%d', time.gmtime(at)), []).append(json.dumps(dict(time=at, load=round(busy, 2),
        memory=40 + int(9 * busy), disk=23, queue=int(3 * busy), accepted=int(8 * busy), refused=int(20 * busy), postponed=i % 7,
        delivered=int(7 * busy), deferred=i % 3, bounced=1 if i % 50 == 0 else 0)))
for day, lines in days.items():
    open(folder + day + '.jsonl', 'w').write(chr(10).join(lines) + chr(10))
`;
  await box.run('python3 -', made);
  await person.go('Charts');
  const web = await WebClient.of(box);
  const told = async (days: number) =>
    JSON.parse((await web.ask(`GET /system/samples?days=${days}`, { as: (await ready).me })).body)
      .samples as Record<string, number>[];
  for (const [name, days] of [
    ['A week', 7],
    ['Two months', 60],
    ['A day', 1],
  ] as const) {
    await person.press(name);
    const sum = (await told(days)).reduce((all, sample) => all + (sample.accepted ?? 0), 0);
    await person.sees('main', new RegExp(`accepted: ${sum}`));
    const drawn = await person.page.$$eval('.plot path:not(.grid)', (all) =>
      all.map((one) => one.getAttribute('d') ?? ''),
    );
    t.is(drawn.length, 10);
    for (const line of drawn) t.regex(line, /^M-?[\d. ]+L/);
  }
  await person.unfold(/As a table/);
  t.true((await person.page.$$('tbody tr')).length >= 11);
  t.regex(await person.text('thead'), /accepted\s+delivered\s+refused/);
});

test('backups: the list, the target with its way back, and how to restore; the key is not shown', async (t) => {
  const { box, person } = await ready;
  await person.go('Backups');
  await person.sees('main', /There is none yet/);
  await box.run('box backup run');
  await person.go('Users');
  await person.go('Backups');
  await person.sees(
    '.rows li',
    /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC\s*full, [\d.]+ [KM]B\s*0 hours, \d minutes? ago; goes: approx\. 31 days/,
  );
  const text = await person.text();
  t.regex(text, /They lie on this box alone/);
  t.regex(text, /scp root@box\.example\.com:\/home\/user-data\/backup\/secret_key\.txt/);
  t.regex(text, /ssh-ed25519 \S+ backup of box\.example\.com/);
  const key = (await box.run('head -n 1 /home/user-data/backup/secret_key.txt')).trim();
  t.false((await person.page.content()).includes(key));

  const written = () => box.run('cat /home/user-data/backup/custom.yaml 2>/dev/null || true');
  await person.fill('Target', 's3://bucket');
  await person.press('Save target');
  await person.sees('.wrong', /no backups to s3: targets yet/);
  t.is(await person.page.evaluate('document.activeElement.name'), 'target');
  await person.fill('Target', 'off');
  await person.fill('Days that a backup is kept', '7');
  await person.press('Save target');
  await person.said(/^Backups are off\.$/);
  t.is(await written(), 'target: off\nmin_age_in_days: 7\n');
  await person.sees('main', /what is lost on this box is lost/);
  await person.press('Undo');
  await person.said(/^Backups go to local from the next night on\.$/);
  t.is(await written(), 'target: local\nmin_age_in_days: 3\n');
  await person.sees('main', /They lie on this box alone/);
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
      { status: 'invalid', reason: 'The passkey is not accepted. Try again.' } as never,
      what,
    );
  t.like(await logIn(key.answer((await begin()).challenge)), { status: 'ok' });
  // Whoever has lost it is let in again by who is root.
  await box.run('box account codes-off keys@passkeys.example');
  t.is((await web.ask('GET /mail/users', { as })).status, 200);
});

const titles = [
  ...['Status', 'Charts', 'Mail log', 'Users', 'Aliases', 'DNS', 'Certificate', 'Web sites', 'Mail set-up'],
  ...['Second factor', 'Tokens', 'Backups', 'System'],
];

test('axe finds nothing serious on any page, in light and dark; each page fits a phone', async (t) => {
  const { browser, me } = await ready;
  const person = new PanelPerson(await browser.page());
  const look = async (name: string) => {
    const file = name.toLowerCase().replaceAll(' ', '-');
    await person.page.setViewport({ width: 1280, height: 900 });
    for (const scheme of ['light', 'dark'] as const) {
      await person.colours(scheme);
      t.deepEqual(await person.barriers(), [], `${name}, ${scheme}`);
      await person.picture(`${file}-${scheme}`);
    }
    await person.page.setViewport({ width: 390, height: 844, isMobile: false });
    const excess = await person.page.evaluate('document.documentElement.scrollWidth - innerWidth');
    t.true(Number(excess) <= 0, `${name} is ${excess} pixels wider than a phone`);
    await person.colours('light');
    await person.picture(`${file}-phone`);
    await person.page.setViewport({ width: 1280, height: 900 });
  };
  await person.page.browserContext().deleteCookie(...(await person.page.browserContext().cookies()));
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
  const { browser, me } = await ready;
  const person = new PanelPerson(await browser.page());
  await person.page.browserContext().deleteCookie(...(await person.page.browserContext().cookies()));
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
  await person.sees('h1', /^Status$/);
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
  t.truthy(await account('keys@example.com'));
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
  t.deepEqual((await alias('typed@example.com'))?.destinations, ['keys@example.com']);
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

test('who is no administrator sees the mail set-up alone', async (t) => {
  const { browser, me } = await ready;
  const person = new PanelPerson(await browser.page());
  await person.open();
  await person.logIn({ ...me, email: 'you@example.com' });
  await person.sees('h1', /^Mail set-up$/);
  t.is((await person.page.$$('nav a')).length, 1);
  await person.press('Log out');
  await person.said(/logged out/);
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

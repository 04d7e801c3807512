/** The control panel’s pages of the box itself: status, charts, backups, system, and what is true of it. */
import anyTest from 'ava';
import type { MailRestore } from '../../contract/api.ts';
import { artefacts } from '../rig/artefacts.ts';
import { deliver } from '../rig/mail.ts';
import { hostname } from '../rig/owner.ts';
import { waitFor } from '../rig/wait.ts';
import { complainsOfNothing, nineDays, panelLab } from './world/panel-lab.ts';
import { PanelPerson } from './world/panel-person.ts';
import { queueIsEmpty, subjects } from './world/started.ts';
import { WebClient } from './world/web-client.ts';

const test = anyTest.serial;
const ready = panelLab(artefacts(anyTest, 'lab-panel-machine'));

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

test('what is wrong leads to the page that mends it', async (t) => {
  const { box, person } = await ready;
  // A box of the lab has backups that nobody has made yet.
  await person.go('Status');
  const link = await person.page.$('main .checks a[href="#/backups"]');
  t.is(await link?.evaluate((element) => element.textContent), 'Go to Backups');
  await link?.evaluate((element) => (element as unknown as { click(): void }).click());
  await person.sees('h1', /^Backups$/);
  const found = JSON.parse((await box.outcome('box status --cached --json')).stdout) as { page?: string }[];
  await person.go('Status');
  t.is(
    (await person.page.$$('main .checks a')).length,
    found.filter(({ page }) => page !== undefined).length,
  );
});

test('opened by an address, the panel shows the box’s own name all the same, also where a program asks for a server', async (t) => {
  const { box, browser, me } = await ready;
  const other = new PanelPerson(await browser.another());
  await other.page.goto(`https://${box.host}/admin/`, { waitUntil: 'networkidle0' });
  await other.sees('.host', new RegExp(`^${hostname.replaceAll('.', '\\.')}$`));
  t.is(await other.page.title(), `Log in · ${hostname}`);
  await other.logIn(me);
  await other.said(/^Logged in/);
  await other.go('Mail set-up');
  const guide = await other.text();
  t.true(guide.includes(hostname));
  t.false(guide.includes(box.host));
  t.deepEqual(other.complaints, []);
  await other.page.close();
});

test('charts: what was counted, drawn for a day, a week and two months, and the same as a table', async (t) => {
  const { box, person } = await ready;
  await box.run('python3 -', nineDays);
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
    await person.sees('main', new RegExp(`accepted: ${sum.toLocaleString('en')}`));
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
    /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC\s*full, [\d.]+ [KM]B\s*(less than a minute|\d minutes?) ago; goes: approx\. 31 days/,
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
  await person.sees('.wrong', /none that a box knows/);
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

test('a lost mail comes back by the panel: a look first, then the mail, in a folder of its own', async (t) => {
  const { box, person, owner } = await ready;
  const you = 'you@example.com';
  const lost = `lost ${Date.now()}`;
  for (const subject of [lost, 'stays away'])
    await deliver(box, 25, { from: box.stranger, to: you, subject });
  await queueIsEmpty(box);
  await box.run('box backup run');
  await box.run(`doveadm expunge -u ${you} mailbox '*' all`);
  await person.go('Users');
  await person.go('Backups');
  await person.sees('select[name="email"]', /you@example\.com/);
  await person.page.select('select[name="email"]', you);
  await person.fill('Words in the subject (optional)', 'LOST');
  await person.press('Look what would come back');
  await person.sees('main', new RegExp(`1 mail would come back, .*: INBOX 1\\.[^]*${lost}`));
  t.deepEqual(await subjects(box, you), [], 'a look brings nothing');
  t.false((await person.text()).includes('stays away'));
  // It goes on without the page, and without the panel's own processes.
  await person.press('Bring them back');
  await person.sees('main', /You may leave this page|1 mail came back/);
  await person.page.goto('about:blank');
  await box.run('systemctl restart box-keeper');
  await person.open('#/backups');
  await person.sees(
    'main',
    /1 mail came back\. It lies in the folder “Restored \d{8}T\d{6}Z” of the account\./,
  );
  t.deepEqual(await subjects(box, you), [lost]);
  t.regex(await box.run(`doveadm mailbox list -u ${you} 'Restored*'`), /^Restored \d{8}T\d{6}Z\.INBOX$/m);
  t.is((await box.outcome('ls -d /home/user-data/mail/restored-mail')).stdout, '');
  t.is((await box.run("stat -c '%a %U' /run/box/mail-restore.json")).trim(), '600 root');

  // Nothing that is like it; what can't be done is said; and who is no administrator sees nothing of it.
  const web = await WebClient.of(box);
  const order = (form: Record<string, string>) =>
    web.ask('POST /system/backup/mail', { as: owner, form: { email: you, ...form } });
  t.is((await order({ subject: 'never sent' })).status, 200);
  const mails = await waitFor('its end', async () => {
    const { body } = await web.ask('GET /system/backup/mail', { as: owner });
    const { step, restored, problem } = JSON.parse(body) as MailRestore;
    return step === 'ended' ? (restored?.mails ?? problem?.what ?? 'neither') : undefined;
  });
  t.is(mails, 0);
  t.regex((await order({ email: 'nobody@example.com' })).body, /there is no account nobody@example\.com/);
  const nobody = { email: you, password: owner.password };
  const strange = await web.ask('GET /system/backup/mail', { as: nobody });
  t.true([401, 403].includes(strange.status), `${strange.status} ${strange.body}`);
});

test('the key comes by one’s password, on a sheet to print, with the way back', async (t) => {
  const { box, person, owner } = await ready;
  const key = (await box.run('head -n 1 /home/user-data/backup/secret_key.txt')).trim();
  await person.fill('Your password', 'wrong-horse');
  await person.press('Show the sheet');
  await person.sees('.wrong', /Incorrect password/);
  await person.fill('Your password', owner.password);
  await person.press('Show the sheet');
  await person.sees('.sheet', /To get box\.example\.com back/);
  const text = await person.text('.sheet');
  t.true(text.includes(key));
  t.regex(text, /box restore key/);
  await person.page.emulateMediaType('print');
  await person.picture('key-sheet');
  const shown = (selector: string) =>
    person.page.$$eval(selector, (found) => found.filter((one) => one.getClientRects().length > 0).length);
  t.deepEqual([await shown('nav'), await shown('header'), await shown('form')], [0, 0, 0]);
  t.true((await shown('.sheet')) === 1);
  await person.page.emulateMediaType('screen');
});

complainsOfNothing(test, ready);

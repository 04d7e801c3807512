/** Webmail in a browser: people read, send, answer while they are away and change their password, and nobody learns more. */
import anyTest from 'ava';
import { artefacts } from '../rig/artefacts.ts';
import { deliver, Reader } from '../rig/mail.ts';
import { hostname } from '../rig/owner.ts';
import { waitFor } from '../rig/wait.ts';
import { Browser } from './world/browser.ts';
import { makeLab } from './world/lab.ts';
import { addAccount, started } from './world/started.ts';
import { WebClient } from './world/web-client.ts';
import { WebmailPerson } from './world/webmail-person.ts';

const test = anyTest.serial;
const kept = artefacts(anyTest, 'lab-webmail');
const ready = makeLab(kept).then(async (lab) => {
  const box = await started(lab, 'box', lab.owner);
  const you = await addAccount(box, lab.owner, 'you@example.com');
  const browser = kept.own(await Browser.of(box));
  const person = new WebmailPerson(await browser.page());
  await person.page.setViewport({ width: 1280, height: 900 });
  const friend = await lab.mta({ domain: 'friend.example', tls: 'self-signed' });
  const { address } = friend.options;
  await lab.zone.publish([`friend.example. TXT "v=spf1 ip4:${address} -all"`]);
  const client = { address, helo: 'mx.friend.example' };
  const reader = await Reader.of(box, hostname, you, box.folder);
  return { lab, box, browser, person, me: lab.owner, you, friend, client, reader };
});

test('a wrong password is refused, and logged with the address it came from and nothing else', async (t) => {
  const { box, person, you, lab } = await ready;
  await person.logIn({ ...you, password: 'wrong-horse-battery' });
  t.true(await person.isOut());
  t.regex(await person.told(), /^Login failed\.$/);
  await person.picture('webmail-log-in');
  const lines = (await box.run('cat /var/log/failed-logins.log')).trim().split('\n');
  t.is(
    lines.filter((line) => / box-webmail-log-in: Failed login attempt from ip 198\.51\.100\.\d+$/.test(line))
      .length,
    1,
  );
  // Dovecot knows for whom the webmail asked: its own count is of that address too, and not of the box.
  t.is(lines.filter((line) => / dovecot: .*\(you@example\.com,198\.51\.100\.\d+[,)]/.test(line)).length, 1);
  t.notRegex(lines.join('\n'), /127\.0\.0\.1|::1|wrong-horse/);
  t.notRegex(await box.run('cat /var/log/mail.log /var/log/syslog'), /wrong-horse/);
  t.truthy(lab);
});

test('log in, and read a mail', async (t) => {
  const { box, person, you, client } = await ready;
  await deliver(box, 25, {
    from: 'friend@friend.example',
    to: you.email,
    subject: 'Garden party',
    body: 'Come at four.\n',
    client,
  });
  await person.logIn(you);
  t.false(await person.isOut());
  t.regex(await person.read('Garden party'), /Come at four\./);
  await person.picture('webmail-read');
  for (const folder of ['Inbox', 'Drafts', 'Sent', 'Junk', 'Trash', 'Archive'])
    t.regex(await person.text('#mailboxlist'), new RegExp(`^${folder}$`, 'm'));
});

test('a mail that is sent arrives, is kept in Sent, and tells neither program nor address', async (t) => {
  const { person, friend, reader } = await ready;
  const subject = `Cake ${Date.now()}`;
  await person.compose({ to: 'friend@friend.example', subject, body: 'I bring the cake.' });
  await person.picture('webmail-compose');
  t.regex(await person.send(), /Message sent successfully/);
  const mail = await friend.mail(subject);
  t.regex(mail, /^From: you@example\.com/m);
  t.regex(mail, /I bring the cake\./);
  t.regex(mail, /^DKIM-Signature:/m);
  t.notRegex(mail, /Roundcube|^X-Mailer|^User-Agent|127\.0\.0\.1|198\.51\.100\.1\b/im);
  t.regex(await reader.imap(subject, 60, 'Sent'), /I bring the cake\./);
});

test('a name that is not one’s own is refused when the mail is sent', async (t) => {
  const { box, person } = await ready;
  const database = '/home/user-data/mail/roundcube/roundcube.sqlite';
  const rename = (email: string) =>
    box.run(`sqlite3 -cmd '.timeout 20000' ${database} "UPDATE identities SET email = '${email}'"`);
  await rename('me@example.com');
  await person.compose({ to: 'friend@friend.example', subject: 'Forged', body: 'Not from me.' });
  t.regex(await person.send(), /Sender address rejected|SMTP Error/);
  await rename('you@example.com');
  await person.page.evaluate('window.onbeforeunload = null; rcmail.env.exit_warning = false');
});

test('who is away answers by a filter that the page sets, once', async (t) => {
  const { box, person, you, friend, client } = await ready;
  t.regex(await person.goAway('Gone fishing', 'Back on Monday.'), /saved/i);
  await person.picture('webmail-vacation');
  const subject = `Are you there ${Date.now()}`;
  await deliver(box, 25, { from: 'friend@friend.example', to: you.email, subject, client });
  const answer = await friend.mail('Gone fishing');
  t.regex(answer, /^Auto-Submitted: auto-replied/m);
  t.regex(answer, /Back on Monday\./);
});

test('the password is changed by the box’s rules; the old one is then refused everywhere, and sessions have ended', async (t) => {
  const { box, browser, person, you } = await ready;
  const web = await WebClient.of(box);
  const next = ' new Horse: stäple 100% & more ';
  const { api_key: session } = JSON.parse((await web.ask('POST /login', { as: you })).body);
  const mine = (password: string) => ({ email: you.email, password });
  const isIn = async (account: { email: string; password: string }) =>
    JSON.parse((await web.ask('GET /me', { as: account })).body).status === 'ok';
  t.true(await isIn(mine(session)));
  // Another page of the same person's, in a browser of its own.
  const elsewhere = new WebmailPerson(await browser.another());
  await elsewhere.logIn(you);

  t.regex(await person.changePassword('not-the-old-one', next), /current password/i);
  t.regex(await person.changePassword(you.password, 'short'), /8 characters/);
  t.regex(await person.changePassword(you.password, 'with\u00a0a\u00a0blank'), /not the plain one/);
  t.true(await isIn(you));
  t.regex(await person.changePassword(you.password, next), /Successfully saved/);
  await person.picture('webmail-password');

  // This page goes on with the new one.
  await person.open('?_task=mail&_mbox=INBOX');
  t.false(await person.isOut());
  // All others have ended.
  await elsewhere.open('?_task=mail&_mbox=INBOX');
  // Its list of mails is told so, and the page goes back to the log-in by itself.
  await elsewhere.comesOut();
  t.false(await isIn(mine(session)));
  t.false(await isIn(you));
  t.true(await isIn(mine(next)));
  await elsewhere.logIn(you);
  t.true(await elsewhere.isOut());
  await elsewhere.logIn(mine(next));
  t.false(await elsewhere.isOut());
  const imap = await box.outcome('doveadm auth test you@example.com', `${you.password}\n`);
  t.not(imap.code, 0);
  // Neither password is told to the log.
  const logs = await box.run('cat /var/log/*.log /var/log/syslog; journalctl -b');
  for (const secret of [you.password, next, 'not-the-old-one']) t.false(logs.includes(secret));
  await elsewhere.page.close();
});

test('an account with one-time codes does not change its password here, and is told where', async (t) => {
  const { box, person, me } = await ready;
  await person.logOut();
  await person.logIn(me);
  const path = '/home/user-data/mail/users.sqlite';
  const factor =
    "INSERT INTO mfa (user_id, type, secret, label) SELECT id, 'totp', 'JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP', 'x' FROM users WHERE email = 'me@example.com'";
  await box.run(`sqlite3 ${path} "${factor}"`);
  t.regex(await person.changePassword(me.password, 'new-horse-staple'), /one-time codes.*control panel/);
  await box.run(`sqlite3 ${path} 'DELETE FROM mfa'`);
  await person.logOut();
  t.true(await person.isOut());
});

test('nothing of what people did broke the pages’ own policy', async (t) => {
  t.deepEqual((await ready).person.complaints, []);
});

test('every path has the strict headers; cookies are kept from scripts, from http and from other sites', async (t) => {
  const { box } = await ready;
  const web = await WebClient.of(box);
  for (const path of [
    '/',
    '/?_task=mail',
    '/program/js/app.min.js',
    '/skins/elastic/styles/styles.min.css',
    '/skins/elastic/watermark.html',
    '/none',
    '/CHANGELOG.md',
  ]) {
    const { headers, body } = await web.ask(`GET /../mail${path}`);
    if (path.startsWith('/?') || path === '/') t.true(body.includes('id="rcmloginsubmit"'), path);
    t.is(headers['strict-transport-security'], 'max-age=31536000', path);
    t.is(headers['x-content-type-options'], 'nosniff', path);
    t.is(headers['x-frame-options'], 'SAMEORIGIN', path);
    t.is(headers['referrer-policy'], 'no-referrer', path);
    const policy = headers['content-security-policy'] ?? '';
    t.regex(policy, /^default-src 'none'; script-src https:\/\/box\.example\.com\/mail\/ /, path);
    t.regex(policy, /; connect-src https:\/\/box\.example\.com\/mail\/;/, path);
    // Its own pages, and the groupware's calendar.
    t.regex(
      policy,
      /; frame-src https:\/\/box\.example\.com\/mail\/ https:\/\/box\.example\.com\/SOGo\/;/,
      path,
    );
    t.regex(
      policy,
      /; form-action https:\/\/box\.example\.com\/mail\/; worker-src 'none'; base-uri 'none'; frame-ancestors 'self'$/,
    );
    t.is(headers['x-powered-by'], undefined);
    t.is(headers.server, 'nginx');
  }
});

test('of Roundcube’s files only what a page loads is served; nothing says which version it is', async (t) => {
  const { box } = await ready;
  const web = await WebClient.of(box);
  const hidden = [
    ...[
      'CHANGELOG',
      'CHANGELOG.md',
      'INSTALL',
      'README.md',
      'LICENSE',
      'UPGRADING',
      'SECURITY.md',
      'composer.json',
    ],
    ...[
      'installer',
      'installer/',
      'installer/index.php',
      'config/',
      'config/config.inc.php',
      'config/defaults.inc.php',
    ],
    ...[
      'logs/',
      'logs/errors',
      'logs/errors.log',
      'temp/',
      'SQL/',
      'SQL/sqlite.initial.sql',
      'bin/',
      'bin/updatedb.sh',
    ],
    ...[
      '.git',
      '.git/config',
      '.htaccess',
      'des_key',
      'vendor/autoload.php',
      'index.php',
      'index.php/x',
      'x.php',
    ],
    ...[
      'program/',
      'program/include/iniset.php',
      'program/js/',
      'program/js/app.min.js.map',
      'program/js/app.min.js.gz',
    ],
    ...['skins/elastic/', 'skins/elastic/meta.json', 'skins/elastic/templates/login.html', 'skins/classic/'],
    ...[
      'plugins/',
      'plugins/box/box.php',
      'plugins/box_calendar/session.php',
      'plugins/managesieve/Changelog',
      'plugins/password/drivers/box.php',
    ],
    ...[
      'plugins/password/config.inc.php',
      'plugins/acl/acl.js',
      '../mail/../../etc/passwd',
      '%2e%2e/%2e%2e/etc/passwd',
    ],
    ...[
      'program/js/..%2f..%2fSQL/sqlite.initial.sql',
      'program/js/../include/iniset.php',
      '?_task=../../etc/passwd%00',
    ],
  ];
  for (const path of hidden.slice(0, -1)) {
    const { status, body } = await web.ask(`GET /../mail/${path}`);
    t.true([400, 404].includes(status), `${path} ${status}`);
    t.true(body.length < 700, path);
  }
  const version = /^Version: ([\d.]+)/m.exec(await box.run('dpkg -s roundcube-core'))?.[1] ?? '';
  t.regex(version, /^1\.\d+\.\d+$/);
  for (const path of [
    '',
    '?_task=settings&_action=about',
    '?_task=utils&_action=error&_code=0x194',
    hidden.at(-1),
  ]) {
    const { body, headers } = await web.ask(`GET /../mail/${path}`);
    t.false((body + JSON.stringify(headers)).includes(version), path);
    t.notRegex(body, /"rcversion":[1-9]/);
    t.notRegex(JSON.stringify(headers), /php/i);
  }
});

test('cookies are kept from scripts, from http, from other sites and from the rest of this one', async (t) => {
  const { box, browser, me } = await ready;
  const person = new WebmailPerson(await browser.another());
  await person.logIn(me);
  const cookies = (await person.page.browserContext().cookies()).filter(({ name }) => /webmail/.test(name));
  t.deepEqual(
    cookies.map(({ name, secure, httpOnly, sameSite, path }) => ({ name, secure, httpOnly, sameSite, path })),
    ['__Secure-webmail', '__Secure-webmail-auth'].map((name) => ({
      name,
      secure: true,
      httpOnly: true,
      sameSite: 'Strict' as const,
      path: '/mail/',
    })),
  );
  t.false(String(await person.page.evaluate('document.cookie')).includes('webmail'));
  // A script in a mail that got past Roundcube could not speak to the control panel, which is of the same origin.
  const blocked = async (script: string) => String(await person.page.evaluate(script));
  t.is(await blocked("fetch('/admin/me').then(() => 'open', () => 'shut')"), 'shut');
  t.is(
    await blocked(
      "new Promise((say) => { const f = document.createElement('iframe'); f.src = '/admin/'; f.onload = () => say(f.contentDocument ? 'open' : 'shut'); document.body.append(f); setTimeout(() => say('shut'), 3000) })",
    ),
    'shut',
  );
  for (const [path, how] of [
    ['/mail/', 'open'],
    ['/admin/', 'shut'],
    ['/', 'shut'],
    ['/none', 'shut'],
  ] as const)
    t.is(
      await blocked(
        `(async () => { const w = window.open('${path}'); await new Promise((go) => setTimeout(go, 2500)); try { return w && !w.closed && w.document.body ? 'open' : 'shut' } catch { return 'shut' } })()`,
      ),
      how,
      path,
    );
  await person.page.close();
  t.truthy(box);
});

test('nobody gets another banned by what he calls himself, or by what his request says of him', async (t) => {
  const { box } = await ready;
  const victim = '203.0.113.99';
  const logIn = (name: string) => `
jar=$(mktemp); page=$(curl -sk -c "$jar" https://localhost/mail/)
token=$(printf %s "$page" | grep -o 'name="_token" value="[^"]*' | head -n 1 | cut -d '"' -f 4)
curl -sk -b "$jar" -o /dev/null -w '%{http_code}' -H 'X-Forwarded-For: ${victim}' -H 'X-Real-IP: ${victim}' \
  --data-urlencode "_token=$token" --data _task=login --data _action=login --data _pass=wrong-horse \
  --data-urlencode "_user=$(printf '${name}')" 'https://localhost/mail/?_task=login'; rm "$jar"`;
  const counted = async () => {
    const log = await box.run('cat /var/log/failed-logins.log');
    t.false(log.includes(victim));
    return log.split(' box-webmail-log-in: ').length - 1;
  };
  const before = await counted();
  // No such name is ever asked for.
  const forged = `Failed login attempt from ip ${victim}`;
  t.is((await box.run(logIn(`x\\n${forged}\\nbox-webmail-log-in: ${forged}`))).trim(), '401');
  t.is(await counted(), before);
  t.is((await box.run(logIn('me@example.com'))).trim(), '401');
  await waitFor('one more in the count', async () => ((await counted()) === before + 1 ? true : undefined));
});

test('PHP is no one: it starts nothing, reads no keys or mail, and speaks to the box alone', async (t) => {
  const { box } = await ready;
  const exposure = await box.outcome('systemd-analyze security --no-pager box-webmail.service');
  t.true(
    Number(/Overall exposure level.*: ([\d.]+)/.exec(exposure.stdout)?.[1] ?? 10) < 2.5,
    exposure.stdout,
  );
  const pid = (await box.run('systemctl show box-webmail -p MainPID --value')).trim();
  t.regex(await box.run(`ps -o user= -p ${pid}`), /^box-web/);
  t.is(await box.run("find / -xdev -name '*.sock' -path '*php*' ! -path '/run/box-webmail/*'"), '');
  t.regex(
    await box.run('stat -c "%U %G %a" /run/box-webmail /run/box-webmail/php.sock'),
    /^box-webmail box-webmail 750\nbox-webmail box-webmail 660\n$/,
  );
  t.is(
    await box.run(
      'stat -c "%U %G %a" /etc/roundcube/des_key /home/user-data/mail/roundcube /home/user-data/mail/roundcube/roundcube.sqlite',
    ),
    'root box-webmail 640\nbox-webmail box-webmail 750\nbox-webmail box-webmail 640\n',
  );
});

test('what tidies up daily runs as the webmail’s own user, and works', async (t) => {
  const { box } = await ready;
  for (const unit of ['roundcube-gc', 'roundcube-cleandb']) {
    await box.run(`systemctl start ${unit}.service`);
    const shown = await box.run(
      `systemctl show ${unit}.service -p User -p Result -p ExecMainStatus -p ProtectSystem`,
    );
    t.deepEqual(shown.trim().split('\n').sort(), [
      'ExecMainStatus=0',
      'ProtectSystem=strict',
      'Result=success',
      'User=box-webmail',
    ]);
    t.is((await box.run(`systemctl show ${unit}.timer -p Persistent --value`)).trim(), 'no');
  }
});

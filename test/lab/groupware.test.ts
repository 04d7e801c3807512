/** Calendars, contacts and ActiveSync as clients use them, with the box's own accounts and with nobody else's. */
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import anyTest from 'ava';
import { artefacts } from '../rig/artefacts.ts';
import { deliver } from '../rig/mail.ts';
import { hostname } from '../rig/owner.ts';
import { outcome } from '../rig/program.ts';
import { request } from '../rig/request.ts';
import { waitFor } from '../rig/wait.ts';
import { Browser, unlessLeaving } from './world/browser.ts';
import { clusterIdentity } from './world/cluster-identity.ts';
import { Mirror } from './world/dav.ts';
import { event } from './world/icalendar.ts';
import { makeLab } from './world/lab.ts';
import { addAccount, started } from './world/started.ts';
import { all, Telephone, texts } from './world/telephone.ts';

const test = anyTest.serial;
const kept = artefacts(anyTest, 'lab-groupware');
const ready = makeLab(kept).then(async (lab) => {
  const box = await started(lab, 'box', lab.owner);
  const you = await addAccount(box, lab.owner, 'you@example.com');
  const certificate = await box.run('cat /home/user-data/ssl/ssl_certificate.pem');
  const mirror = (name: string, account = you) => {
    const folder = path.join(kept.folder, name);
    mkdirSync(folder, { recursive: true });
    return new Mirror(box, folder, account, certificate);
  };
  return { lab, box, me: lab.owner, you, mirror };
});

const many = 1000;
/** How long SOGo remembers a password (SOGoCacheCleanupInterval), and some more. */
const forgotten = 40;

const ics = 'Content-Type: text/calendar';
const two = (number: number) => String(number).padStart(2, '0');
const home = ({ email }: { email: string }) => `/SOGo/dav/${email}/`;
const contact = (uid: string, name: string) =>
  ['BEGIN:VCARD', 'VERSION:3.0', `UID:${uid}`, `FN:${name}`, `N:${name};;;;`, 'END:VCARD', ''].join('\r\n');

/** Named after the version that the release has. */
const databaseOf = async (box: Awaited<typeof ready>['box']): Promise<string> =>
  `postgresql@${(await box.run('ls /etc/postgresql')).trim()}-main`;

test('the services run, and a person’s log-in opens a person’s own', async (t) => {
  const { box, me, you } = await ready;
  const status = await box.outcome('box status');
  for (const service of [await databaseOf(box), 'memcached', 'sogo'])
    t.regex(status.stdout, new RegExp(`^ok {7}${service}: runs$`, 'm'));
  const depth = ['Depth: 0'];
  t.is((await request(box, `PROPFIND ${home(me)}`, { as: me, headers: depth })).status, 207);
  t.is((await request(box, `PROPFIND ${home(me)}`, { headers: depth })).status, 401);
  const wrong = { ...me, password: 'guess' };
  t.is((await request(box, `PROPFIND ${home(me)}`, { as: wrong, headers: depth })).status, 401);
  // Of another's, nothing is shown.
  const calendar = `${home(me)}Calendar/personal/`;
  t.is((await request(box, `PROPFIND ${calendar}`, { as: me, headers: depth })).status, 207);
  t.true(
    [403, 404].includes((await request(box, `PROPFIND ${calendar}`, { as: you, headers: depth })).status),
  );
  const put = (as: typeof you, name: string) =>
    request(box, `PUT ${calendar}${name}.ics`, {
      as,
      body: event(name, 'By CalDAV', '20270301T09'),
      headers: [ics],
    });
  t.true([403, 404].includes((await put(you, 'theirs')).status));
  t.is((await put(me, 'e1')).status, 201);
  t.is(
    (await request(box, 'PROPFIND /SOGo/dav/', { as: { email: 'nobody@example.com', password: 'x' } }))
      .status,
    401,
  );
});

test('a client finds it by the name of the box or of a domain, and by the DNS', async (t) => {
  const { box } = await ready;
  for (const name of [hostname, 'example.com'])
    for (const what of ['caldav', 'carddav']) {
      const { status, head } = await request(box, `PROPFIND /.well-known/${what}`, { name });
      t.is(status, 301, `${name} ${what}`);
      t.regex(head, new RegExp(`^location: https://${hostname.replaceAll('.', '\\.')}/SOGo/dav/\\r?$`, 'im'));
    }
  for (const what of ['_caldavs', '_carddavs']) {
    const dig = ['dig', `@${box.host}`, '+short', `${what}._tcp.example.com`, 'SRV'];
    t.is((await outcome([...box.prefix, ...dig])).stdout, `0 1 443 ${hostname}.\n`);
  }
});

test('a thousand events and a thousand contacts go both ways', async (t) => {
  const { you, mirror } = await ready;
  const mine = mirror('mirror');
  for (let i = 0; i < many; i++) {
    const hour = `202703${two((i % 28) + 1)}T${two(i % 24)}`;
    const text = event(`event-${i}`, `Event ${i} ä€`, hour);
    writeFileSync(path.join(mine.events, `event-${i}.ics`), text);
    writeFileSync(path.join(mine.contacts, `contact-${i}.vcf`), contact(`contact-${i}`, `Person ${i} ä€`));
  }
  await mine.discover();
  const begin = Date.now();
  await mine.sync();
  const up = Date.now();
  const other = mirror('other-mirror');
  await other.discover();
  await other.sync();
  t.log(`up in ${Math.round((up - begin) / 1000)} s, down in ${Math.round((Date.now() - up) / 1000)} s`);
  const texts = (folder: string) =>
    readdirSync(folder).map((name) => readFileSync(path.join(folder, name), 'utf8'));
  const found = (folder: string, key: RegExp) =>
    texts(folder)
      .map((text) => key.exec(text)?.[1]?.trim())
      .sort();
  const expected = (name: string) => Array.from({ length: many }, (_, i) => `${name} ${i} ä€`).sort();
  t.deepEqual(found(other.events, /^SUMMARY:(.*)$/m), expected('Event'));
  t.deepEqual(found(other.contacts, /^FN:(.*)$/m), expected('Person'));
  // A change at one end, one at the other, and a deletion.
  writeFileSync(path.join(mine.events, 'event-1.ics'), event('event-1', 'Changed here', '20270302T01'));
  const [there = ''] = readdirSync(other.events).filter(
    (name) => readFileSync(path.join(other.events, name), 'utf8').match(/^UID:event-2\r?$/m) !== null,
  );
  writeFileSync(path.join(other.events, there), event('event-2', 'Changed there', '20270303T02'));
  rmSync(path.join(mine.contacts, 'contact-3.vcf'));
  for (const one of [mine, other, mine]) await one.sync();
  for (const one of [mine, other]) {
    const summaries = found(one.events, /^SUMMARY:(.*)$/m);
    t.true(summaries.includes('Changed here') && summaries.includes('Changed there'));
    t.is(summaries.length, many);
    t.false(found(one.contacts, /^FN:(.*)$/m).includes('Person 3 ä€'));
    one.remove();
  }
  t.is(you.email, 'you@example.com');
});

test('a telephone’s whole conversation: options, policy, folders, an event, a mail, and a wait that ends with news', async (t) => {
  const { box, me } = await ready;
  const telephone = new Telephone(box, me);
  const options = await telephone.ask('OPTIONS');
  t.is(options.status, 200);
  t.regex(options.headers['ms-asprotocolversions'] ?? '', /14\.1/);
  t.regex(options.headers['ms-asprotocolcommands'] ?? '', /FolderSync.*Ping/);
  const policy = await telephone.ask('Provision', [
    'Provision:Provision',
    ['Provision:Policies', ['Provision:Policy', ['Provision:PolicyType', 'MS-EAS-Provisioning-WBXML']]],
  ]);
  // MS-ASPROV, section 2.2.2.54: the command was done, and there is no policy for this client.
  t.deepEqual(texts(policy.tree, 'Provision:Status'), ['1', '2']);
  const folders = await telephone.folders();
  const [inbox = '', calendar = ''] = [folders.get('2'), folders.get('8')];
  t.truthy(inbox);
  t.truthy(calendar);
  t.truthy(folders.get('9'));

  const events = await telephone.sync(calendar, (await telephone.sync(calendar, '0')).key);
  t.deepEqual(texts(events.tree, 'Calendar:Subject'), ['By CalDAV']);
  t.deepEqual(texts(events.tree, 'Calendar:StartTime'), ['20270301T090000Z']);

  // Nobody has ever read this mailbox: not even then does a mail pass by the telephone.
  const first = await telephone.sync(inbox, '0');
  const empty = await telephone.sync(inbox, first.key);
  const waiting = telephone.ping(inbox, 60);
  const begin = Date.now();
  await new Promise((resolve) => setTimeout(resolve, 1500));
  await deliver(box, 25, { from: box.stranger, to: me.email, subject: 'For the telephone' });
  t.is(await waiting, '2');
  t.true(Date.now() - begin < 30_000, `${Date.now() - begin} ms`);
  const mails = await telephone.sync(inbox, empty.key);
  t.deepEqual(texts(mails.tree, 'Email:Subject'), ['For the telephone']);
  t.is(all(mails.tree, 'AirSync:Add').length, 1);
  let { key } = mails;
  for (let i = 0; i < 5; i++) {
    const next = await telephone.sync(inbox, key);
    if (next.tree === null) break;
    t.deepEqual(all(next.tree, 'AirSync:Add'), [], 'each mail once');
    key = next.key;
  }
  t.is(await telephone.ping(inbox, 10), '1', 'and then there is no news');

  const lines = [`From: ${me.email}`, `To: ${me.email}`, 'Subject: By telephone', '', 'Hello.', ''];
  t.is(await telephone.sendMail(lines.join('\r\n')), 200);
  await waitFor('the telephone’s mail', async () =>
    (await box.run(`doveadm -f flow fetch -u ${me.email} hdr.subject all`)).split('By telephone').length > 2
      ? true
      : undefined,
  );
  const inTheNameOf = ['From: you@example.com', `To: ${me.email}`, 'Subject: Not mine', '', 'Hello.', ''];
  await telephone.sendMail(inTheNameOf.join('\r\n'));
  t.false(
    (await box.run('cat /var/log/mail.log')).includes('from=<you@example.com>'),
    'nobody sends as another',
  );
});

test('a changed password ends the old one, and a removed account is out, everywhere', async (t) => {
  const { box, me } = await ready;
  const account = await addAccount(box, me, 'third@example.com');
  const telephone = new Telephone(box, account);
  const dav = (as: typeof account) =>
    request(box, `PROPFIND ${home(account)}`, { as, headers: ['Depth: 0'] });
  const logIn = (as: typeof account) =>
    request(box, 'POST /SOGo/connect', {
      body: JSON.stringify({ userName: as.email, password: as.password }),
      headers: ['Content-Type: application/json'],
    });
  t.is((await dav(account)).status, 207);
  t.is((await telephone.ask('OPTIONS')).status, 200);
  const page = await logIn(account);
  t.is(page.status, 200);
  const cookies = [...page.head.matchAll(/^set-cookie: ([^;]*)/gim)].map(([, cookie]) => cookie).join('; ');
  const token = `X-XSRF-TOKEN: ${/XSRF-TOKEN=([^;]+)/.exec(cookies)?.[1]}`;
  /** Without a session the answer is the page that asks for a password. */
  const session = async (...more: string[]) => {
    const list = `GET /SOGo/so/${account.email}/Calendar/calendarslist`;
    return (await request(box, list, { headers: [`Cookie: ${cookies}`, ...more] })).body.startsWith(
      '{"calendars"',
    );
  };
  t.true(await session(token));
  t.false(await session(), 'another site’s page does not know the token');

  const changed = { ...account, password: 'another-horse-battery' };
  await box.run(`box account password ${account.email}`, `${changed.password}\n`);
  const gone = async (what: string, ask: () => Promise<{ status: number }>) => {
    const begin = Date.now();
    await waitFor(
      `the end of ${what}`,
      async () => ((await ask()).status === 200 || (await ask()).status === 207 ? undefined : true),
      { seconds: forgotten },
    );
    return Math.round((Date.now() - begin) / 1000);
  };
  t.log(`old password: ${await gone('the old password', () => dav(account))} s`);
  t.is((await telephone.ask('OPTIONS')).status, 401);
  t.false(await session(token), 'the old session');
  t.is((await logIn(account)).status, 403);
  await waitFor('the new password', async () => ((await dav(changed)).status === 207 ? true : undefined), {
    seconds: forgotten,
  });
  t.is((await telephone.ask('OPTIONS', undefined, changed)).status, 200);

  await box.run(`box account remove ${account.email}`);
  t.log(`removed account: ${await gone('the account', () => dav(changed))} s`);
  t.is((await telephone.ask('OPTIONS', undefined, changed)).status, 401);
  t.is((await logIn(changed)).status, 403);
});

test('every answer has its headers, cookies are the server’s alone, and nothing tells a version', async (t) => {
  const { box, me } = await ready;
  const asset = /\/SOGo\.woa\/WebServerResources\/css\/[^"?]+/.exec(
    (await request(box, 'GET /SOGo/')).body,
  )?.[0];
  for (const [what, status] of [
    ['GET /SOGo/', 200],
    ['PROPFIND /SOGo/dav/', 401],
    ['OPTIONS /Microsoft-Server-ActiveSync', 401],
    [`GET ${asset}`, 200],
    ['GET /SOGo.woa/WebServerResources/missing', 404],
    ['GET /SOGo/missing', 404],
  ] as const) {
    const answer = await request(box, what);
    if (status !== 404) t.is(answer.status, status, what);
    t.regex(answer.head, /^strict-transport-security: max-age=31536000\r?$/im, what);
    t.regex(answer.head, /^x-content-type-options: nosniff\r?$/im, what);
    t.regex(answer.head, /^referrer-policy: no-referrer\r?$/im, what);
    t.regex(answer.head, /^content-security-policy: default-src 'none';.*frame-ancestors 'self'\r?$/im, what);
    t.notRegex(answer.head, /nginx\/|sogo[/ ]\d|x-powered-by|gnustep/i, what);
  }
  const { head } = await request(box, 'POST /SOGo/connect', {
    body: JSON.stringify({ userName: me.email, password: me.password }),
    headers: ['Content-Type: application/json'],
  });
  const cookies = [...head.matchAll(/^set-cookie: (.*?)\r?$/gim)].map(([, cookie = '']) => cookie);
  t.true(cookies.length >= 2);
  for (const cookie of cookies) {
    t.regex(cookie, /; secure/i);
    t.regex(cookie, /; samesite=(lax|strict)/i);
    // The one that a script of the page must read, to prove that it is of the page.
    if (!cookie.startsWith('XSRF-TOKEN=')) t.regex(cookie, /; httponly/i);
  }
});

test('in a browser its pages work, and reach nothing of the control panel', async (t) => {
  const { box, me } = await ready;
  const browser = kept.own(await Browser.of(box));
  const page = await browser.page();
  const broken: string[] = [];
  page.on('console', (message) => {
    if (/Content Security Policy/.test(message.text())) broken.push(message.text());
  });
  await page.goto(`https://${hostname}/SOGo/`, { waitUntil: 'networkidle0' });
  await page.type('input[name="username"], input[type="text"]', me.email);
  await page.type('input[type="password"]', me.password);
  await page.keyboard.press('Enter');
  await page.waitForFunction('location.pathname.includes("/Calendar")', { timeout: 60_000 });
  await waitFor('the calendar of the page', async () =>
    /Personal Calendar/.test((await unlessLeaving(() => page.content())) ?? '') ? true : undefined,
  );
  t.deepEqual(broken, []);
  const panel = `fetch('/admin/me', { credentials: 'include' }).then((answer) => answer.status, (error) => 'refused')`;
  t.is(await page.evaluate(panel), 'refused');
  t.true(broken.length > 0);
  t.is(
    await page.evaluate(`fetch('/SOGo/', { credentials: 'include' }).then((answer) => answer.status)`),
    200,
  );
});

test('the database and the cache are reached by SOGo alone, and hold no second copy of a password', async (t) => {
  const { box } = await ready;
  const listens = await box.run('ss -ltnp');
  t.notRegex(listens, /postgres|memcached/);
  t.regex(listens, /127\.0\.0\.1:20000 /);
  t.is(await box.run("grep -rlF '$6$' /home/user-data/groupware || true"), '');
  const as = (user: string, command: string) =>
    box.outcome(`setpriv --reuid=${user} --regid=${user} --clear-groups sh -c '${command}'`);
  const sql = (user: string, text: string, role = user) =>
    as(user, `psql -qAt -h /run/postgresql -U ${role} sogo -c "${text}"`);
  // Each account at pages, and at the doors for programs.
  t.is((await sql('sogo', 'SELECT count(*) FROM box_accounts')).stdout, '4\n');
  for (const text of [
    'DROP VIEW box_accounts',
    'CREATE OR REPLACE VIEW box_accounts AS SELECT 1',
    'SELECT * FROM box.users',
    'SELECT * FROM box.door_key',
    'CREATE TABLE box.x (y int)',
    'COPY (SELECT 1) TO PROGRAM $$true$$',
    'SELECT pg_read_file($$/etc/passwd$$)',
  ])
    t.not((await sql('sogo', text.replaceAll('$', '\\\\$'))).code, 0, text);
  t.not((await sql('www-data', 'SELECT 1', 'sogo')).code, 0, 'another user as sogo');
  t.not((await sql('sogo', 'SELECT 1', 'postgres')).code, 0, 'sogo as postgres');
  t.not((await as('sogo', 'cat /home/user-data/mail/users.sqlite')).code, 0);
  t.not((await as('www-data', 'ls /home/user-data/groupware')).code, 0);
  t.is((await box.run('stat -c "%a %U:%G" /run/memcached/memcached.sock')).trim(), '660 memcache:memcache');
  for (const unit of ['sogo', 'memcached', await databaseOf(box)]) {
    const said = await box.run(`systemd-analyze security --no-pager ${unit}.service || true`);
    const level = Number(/Overall exposure level for \S+: ([\d.]+)/.exec(said)?.[1]);
    t.true(level < 2.5, `${unit}: ${level}`);
  }
});

test('what people have there outlives a reboot, and a power cut while the database is made', async (t) => {
  const { box, me } = await ready;
  // As many processes as on a machine with 1 GiB.
  await box.run("sed -i 's/^exec/processes=4\\nexec/' /usr/lib/box/start-sogo && systemctl restart sogo");
  await waitFor('SOGo', async () =>
    (await request(box, `PROPFIND ${home(me)}`, { as: me, headers: ['Depth: 0'] })).status === 207
      ? true
      : undefined,
  );
  const memory = await box.run(
    `for name in sogod postgres memcached; do for p in $(pgrep -x $name); do sed -n "s/^Pss: *//p" /proc/$p/smaps_rollup; done | awk -v n=$name '{ s += $1 } END { print n, NR, "processes", int(s / 1024), "MiB" }'; done`,
  );
  t.log(memory);
  await box.kill();
  await box.start();
  t.is((await box.console.outcome()).stage, 'ready');
  t.regex(
    (await request(box, `GET ${home(me)}Calendar/personal/e1.ics`, { as: me })).body,
    /SUMMARY:By CalDAV/,
  );
  const before = await clusterIdentity(box);
  // As if the power had gone in the middle of the first making.
  await box.run(
    'systemctl stop sogo "postgresql@*" && cd /home/user-data/groupware && mv postgresql postgresql.new && rm postgresql.new/PG_VERSION && rm -r postgresql.new/global && systemctl start sogo',
    '',
    120,
  );
  await waitFor('SOGo with a new database', async () =>
    (await request(box, `PROPFIND ${home(me)}`, { as: me, headers: ['Depth: 0'] })).status === 207
      ? true
      : undefined,
  );
  // What was written down of the old one each five minutes may be there.
  t.is((await box.run('ls --ignore=groupware.sql /home/user-data/groupware')).trim(), 'postgresql');
  const after = await clusterIdentity(box);
  t.not(after.identifier, before.identifier);
  t.not(after.nonce, before.nonce);
  // amcheck's own look at every index and table that came out of the image, and at what the box made since.
  const amcheck =
    '/usr/lib/postgresql/*/bin/pg_amcheck --host=/run/postgresql --all --install-missing --heapallindexed';
  await box.run(`setpriv --reuid=postgres --regid=postgres --clear-groups ${amcheck}`);
});

test('an image’s cluster that is damaged, or of another PostgreSQL, is not made a box’s', async (t) => {
  const { box } = await ready;
  const name = (at: number) =>
    box.outcome(`set -e
      folder=$(mktemp -d)
      trap 'rm -rf "$folder"' EXIT
      tar --extract --zstd --file=/usr/share/box/groupware-cluster.tar.zst --directory="$folder" ./global/pg_control
      printf '\\001' | dd of="$folder/global/pg_control" bs=1 seek=${at} conv=notrunc status=none
      /usr/lib/box/name-groupware-cluster new "$folder"`);
  for (const [at, why] of [
    [8, /not of the PostgreSQL/],
    [40, /checksum is wrong/],
  ] as const) {
    const { code, stderr } = await name(at);
    t.is(code, 1, stderr);
    t.regex(stderr, why);
  }
});

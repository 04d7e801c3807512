/** The control panel's API for programs: public clients replayed, tokens, one-time codes, and what a reboot keeps. */
import { fileURLToPath } from 'node:url';
import anyTest, { type ExecutionContext } from 'ava';
import { TOTP } from 'otpauth';
import { missing } from '../../box/api/docs.ts';
import { artefacts } from '../rig/artefacts.ts';
import { type Account, Reader } from '../rig/mail.ts';
import { hostname } from '../rig/owner.ts';
import { output } from '../rig/program.ts';
import { makeLab } from './world/lab.ts';
import type { LabBox } from './world/nspawn.ts';
import { acmeClients, addressClients, type Recorded } from './world/recorded-clients.ts';
import { addAccount, started } from './world/started.ts';
import { WebClient } from './world/web-client.ts';

const test = anyTest.serial;
const lab = makeLab(artefacts(anyTest, 'lab-api'));
const ready = lab.then(async (made) => {
  const box = await started(made, 'box', made.owner);
  const you = await addAccount(box, made.owner, 'you@example.com');
  await box.run('box account promote you@example.com');
  const token = async (scopes: string, owner = made.owner.email) =>
    (await box.run(`box token add ${owner} ${scopes}`)).split('\n')[0] as string;
  return { box, me: made.owner as Account, you, token, web: await WebClient.of(box) };
});

/** Sends one honest request after the other, each on a connection of its own. */
async function replay(box: LabBox, requests: readonly string[]): Promise<string[]> {
  const order = {
    host: box.host,
    port: 443,
    servername: hostname,
    whole: true,
    requests: requests.map((text) => Buffer.from(text).toString('base64')),
  };
  const program = fileURLToPath(new URL('world/raw-requests.ts', import.meta.url));
  return JSON.parse(
    await output([...box.prefix, process.execPath, '--import', 'tsx', program], {
      input: JSON.stringify(order),
      seconds: 120,
    }),
  );
}

/** All that one client sends, by one log-in; a key that it is given on the way it uses from then on. */
async function play(box: LabBox, { exchanges }: Recorded, { email, password }: Account) {
  const filled = (text: string, secret: string) =>
    text.replace('{host}', hostname).replace('{basic}', Buffer.from(`${email}:${secret}`).toString('base64'));
  const keyed = exchanges.findIndex(([, succeeds]) => succeeds.source.includes('<key>')) + 1;
  const first = await replay(
    box,
    exchanges.slice(0, keyed).map(([text]) => filled(text, password)),
  );
  const key = exchanges[keyed - 1]?.[1].exec(first.at(-1) ?? '')?.groups?.key ?? password;
  const rest = await replay(
    box,
    exchanges.slice(keyed).map(([text]) => filled(text, key)),
  );
  return [...first, ...rest];
}

/** Each step publishes a zone, so that not every client is played in both ways. */
test('what acme.sh, lego and libdns send proves a domain, by a password and by a token for just that', async (t) => {
  const { box, me, token } = await ready;
  const key = { ...me, password: await token('acme:example.com') };
  const [acmeSh, lego, libdns] = acmeClients;
  await succeeds(t, box, acmeSh, key);
  await succeeds(t, box, lego, me);
  await succeeds(t, box, libdns, me);
  await succeeds(t, box, libdns, key);
});

test('what routers send gives a name their address, by a password and by a token for just that', async (t) => {
  const { box, me, token } = await ready;
  const [bodiless, empty] = addressClients;
  await succeeds(t, box, bodiless, { ...me, password: await token('address:home.example.com') });
  await succeeds(t, box, empty, me);
});

async function succeeds(t: ExecutionContext, box: LabBox, recorded: Recorded, as: Account): Promise<void> {
  const answers = await play(box, recorded, as);
  for (const [i, [request, right]] of recorded.exchanges.entries())
    t.regex(answers[i] ?? '', right, `${recorded.client}: ${request.split('\r\n')[0]}`);
}

/** Mail-in-a-Box's routes, of 2016 and of v75. */
const theirs =
  `GET /me; POST /login; POST /logout; GET /mail/users; POST /mail/users/add; POST /mail/users/password;
POST /mail/users/remove; GET /mail/users/privileges; POST /mail/users/privileges/add; POST /mail/users/privileges/remove;
GET /mail/users/quota; POST /mail/users/quota; GET /mail/aliases; POST /mail/aliases/add; POST /mail/aliases/remove;
GET /mail/domains; GET /dns/zones; GET /dns/zonefile/{zone}; POST /dns/update; GET /dns/secondary-nameserver;
POST /dns/secondary-nameserver; GET /dns/custom; GET /dns/custom/{qname}; POST /dns/custom/{qname}; PUT /dns/custom/{qname};
DELETE /dns/custom/{qname}; GET /dns/custom/{qname}/{rtype}; POST /dns/custom/{qname}/{rtype};
PUT /dns/custom/{qname}/{rtype}; DELETE /dns/custom/{qname}/{rtype}; GET /dns/dump; GET /ssl/status; POST /ssl/csr/{domain};
POST /ssl/install; POST /ssl/provision; POST /mfa/status; POST /mfa/totp/enable; POST /mfa/disable; GET /web/domains;
POST /web/update; GET /system/version; POST /system/latest-upstream-version; POST /system/status; GET /system/updates;
POST /system/update-packages; GET /system/reboot; POST /system/reboot; GET /system/backup/status;
GET /system/backup/config; POST /system/backup/config; GET /system/privacy; POST /system/privacy`.split(
    /;\s*/,
  );

test('each route of Mail-in-a-Box is there or said to be missing, and none but those of the log-in answers a stranger', async (t) => {
  const { box, web } = await ready;
  const { paths } = JSON.parse((await web.ask('GET /openapi.json')).body) as {
    paths: Record<string, Record<string, object>>;
  };
  const own = Object.entries(paths).flatMap(([path, methods]) =>
    Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
  );
  const said = missing.map(([routes]) => routes.replace('DOMAIN', '{domain}')).join(' ');
  for (const route of theirs)
    t.true(own.includes(route) || said.includes(route.split(' ')[1] ?? ''), `${route} is neither`);
  const open = ['POST /login', 'POST /login/passkey', 'POST /login/passkey/begin', 'POST /logout', 'GET /me'];
  const asked = own.filter((route) => !open.includes(route));
  const answers = await replay(
    box,
    asked.map((route) => {
      const [method, path = ''] = route.split(' ');
      const where = path.replace(/\{\w+\}/g, 'example.com');
      return `${method} /admin${where} HTTP/1.1\r\nHost: ${hostname}\r\n${method === 'GET' ? '' : 'Content-Length: 0\r\n'}\r\n`;
    }),
  );
  for (const [i, route] of asked.entries()) t.regex(answers[i] ?? '', /^HTTP\/1\.1 401 /, route);
});

test('secondaries, privacy, versions and upgrades answer as Mail-in-a-Box’s do, or say why not', async (t) => {
  const { box, web, me } = await ready;
  const contract: readonly (readonly [string, Record<string, string>, number, RegExp])[] = [
    [
      'POST /dns/secondary-nameserver',
      { hostnames: 'ns2.outside.example, xfr:198.51.100.0/24' },
      200,
      /^updated DNS: example\.com\n$/,
    ],
    ['GET /dns/secondary-nameserver', {}, 200, /"ns2\.outside\.example",\s*"xfr:198\.51\.100\.0\/24"/],
    ['POST /dns/secondary-nameserver', { hostnames: 'no/host' }, 400, /neither a host name/],
    ['POST /dns/secondary-nameserver', { hostnames: hostname }, 400, /is this box/],
    ['GET /dns/secondary-nameserver', {}, 200, /"ns2\.outside\.example"/],
    ['POST /dns/secondary-nameserver', { hostnames: '' }, 200, /^updated DNS: example\.com\n$/],
    ['GET /dns/secondary-nameserver', {}, 200, /"hostnames": \[\]/],
    ['GET /system/privacy', {}, 200, /^true\s*$/],
    ['POST /system/privacy', { value: 'private' }, 200, /^OK$/],
    ['POST /system/privacy', { value: 'off' }, 400, /asks nobody/],
    ['POST /system/latest-upstream-version', {}, 200, /^unknown: this box is \d+\.\d+\.\d+/],
    ['POST /system/update-packages', {}, 200, /^The security upgrade has begun/],
    [
      'GET /system/backup/config',
      {},
      200,
      /^\{\s*"target": "file:\/\/\/home\/user-data\/backup\/encrypted",\s*"min_age_in_days": 3,\s*"file_target_directory": "\S+\/encrypted",\s*"enc_pw_file": "\S+\/secret_key\.txt",\s*"ssh_pub_key": "ssh-ed25519 [^"]+"\s*\}\s*$/,
    ],
    ['GET /system/backup/status', {}, 200, /^\{\s*"backups": \[\],\s*"unmatched_file_size": 0\s*\}\s*$/],
    ['POST /system/backup/config', { target: 'off', min_age: '4' }, 200, /^"OK"\s*$/],
    ['GET /system/backup/status', {}, 200, /^\{\}\s*$/],
    ['GET /system/backup/config', {}, 200, /"target": "off",\s*"min_age_in_days": 4,/],
    ['POST /system/backup/config', { target: 'local', min_age: '0' }, 400, /^min_age is not 1 to 3650/],
    [
      'POST /system/backup/config',
      { target: 's3://s3.amazonaws.com/bucket', min_age: '3' },
      400,
      /needs target_user and target_pass/,
    ],
    [
      'POST /system/backup/config',
      { target: "rsync://a@b/c'$(id)", min_age: '3' },
      400,
      /none that a box knows/,
    ],
    ['POST /system/backup/config', { target: 'local', target_pass: 'x', min_age: '3' }, 400, /are not used/],
    ['POST /system/backup/config', { target: 'local', min_age: '3' }, 200, /^"OK"\s*$/],
  ];
  for (const [request, form, status, body] of contract) {
    const answer = await web.ask(request, { as: me, ...(request.startsWith('POST') ? { form } : {}) });
    t.is(answer.status, status, `${request} ${JSON.stringify(form)}: ${answer.body}`);
    t.regex(answer.body, body, request);
  }
  // It really began, whatever comes of it without a network.
  t.not((await box.run('systemctl show -P InactiveExitTimestamp apt-daily')).trim(), '');
  await box.outcome('systemctl stop apt-daily apt-daily-upgrade');
});

test('a token does its one thing and nothing else, and is kept as a hash', async (t) => {
  const { box, web, me, token } = await ready;
  const made = await web.ask('POST /tokens/add', { as: me, form: { label: 'watch', scopes: 'status' } });
  const { token: key, id } = JSON.parse(made.body) as { token: string; id: string };
  const as = { ...me, password: key };
  const bearer = { headers: [`Authorization: Bearer ${key}`] };
  t.regex((await web.ask('GET /system/version', { as })).body, /^\d/);
  t.regex((await web.ask('GET /system/version', bearer)).body, /^\d/);
  t.is((await web.ask('POST /system/status', { as, form: {} })).status, 200);
  const { paths } = JSON.parse((await web.ask('GET /openapi.json')).body) as { paths: object };
  const beyond = Object.entries(paths).flatMap(([path, methods]) =>
    Object.keys(methods as object).map((method) => `${method.toUpperCase()} ${path}`),
  );
  const may =
    /^(POST \/login(\/passkey(\/begin)?)?|POST \/logout|GET \/me|GET \/system\/(version|updates|reboot|first-steps)|POST \/system\/status)$/;
  const basic = Buffer.from(`${me.email}:${key}`).toString('base64');
  const asked = beyond.filter((route) => !may.test(route));
  t.true(asked.length > 35);
  const answers = await replay(
    box,
    asked.map((route) => {
      const [method, path = ''] = route.split(' ');
      const where = path.replace('{rtype}', 'A').replace(/\{\w+\}/g, 'home.example.com');
      return `${method} /admin${where} HTTP/1.1\r\nHost: ${hostname}\r\nAuthorization: Basic ${basic}\r\nContent-Length: 0\r\n\r\n`;
    }),
  );
  for (const [i, route] of asked.entries()) {
    t.regex(answers[i] ?? '', /^HTTP\/1\.1 401 /, route);
    t.regex(answers[i] ?? '', /This token may not do that/, route);
  }
  const file = await box.run(
    'stat -c "%a %U" /home/user-data/panel/tokens.json; cat /home/user-data/panel/tokens.json',
  );
  t.regex(file, /^600 root\n/);
  t.false(file.includes(key.slice(6)));
  await box.run(`box token remove ${id}`);
  t.is((await web.ask('GET /system/version', { as })).status, 401);
  t.is((await web.ask('GET /system/version', bearer)).status, 401);
  // Nor does another of its kind that nobody made.
  t.is(
    (await web.ask('GET /system/version', { as: { ...me, password: `token-${'0'.repeat(64)}` } })).status,
    401,
  );
  t.truthy(await token('status'));
});

test('with one-time codes a log-in by password needs one in X-Auth-Token, each once; keys and tokens need none', async (t) => {
  const { web, you } = await ready;
  const status = await web.ask('POST /mfa/status', { as: you, form: {} });
  const { secret } = JSON.parse(status.body).new_mfa.totp as { secret: string };
  const app = new TOTP({ secret });
  const enable = { secret, token: app.generate(), label: 'phone' };
  t.is(
    (await web.ask('POST /mfa/totp/enable', { as: you, form: { ...enable, token: '000000' } })).status,
    400,
  );
  t.is((await web.ask('POST /mfa/totp/enable', { as: you, form: enable })).body, 'OK');
  const logIn = async (code?: string) =>
    JSON.parse(
      (
        await web.ask('POST /login', {
          as: you,
          ...(code === undefined ? {} : { headers: [`X-Auth-Token: ${code}`] }),
        })
      ).body,
    ) as { status: string; api_key?: string };
  t.is((await logIn()).status, 'missing-totp-token');
  t.is((await logIn('123')).status, 'invalid');
  t.is((await logIn(enable.token)).status, 'invalid', 'the code that turned it on was seen');
  // The next step's code is taken a step early, so that nobody need wait.
  const next = app.generate({ timestamp: Date.now() + 30_000 });
  const { status: well, api_key: key = '' } = await logIn(next);
  t.is(well, 'ok');
  t.is((await logIn(next)).status, 'invalid', 'no code counts twice');
  t.is((await logIn(enable.token)).status, 'invalid', 'nor does an older one, in turn with it');
  const as = { ...you, password: key };
  t.is((await web.ask('GET /mail/domains', { as })).status, 200);
  t.is((await web.ask('GET /mail/domains', { as: you })).status, 401, 'the password alone');
  const made = await web.ask('POST /tokens/add', { as, form: { label: 'x', scopes: 'status' } });
  const token = { ...you, password: JSON.parse(made.body).token as string };
  t.is((await web.ask('GET /system/version', { as: token })).status, 200);
  t.is((await web.ask('POST /mfa/disable', { as, form: {} })).body, 'OK');
  t.is((await web.ask('GET /system/version', { as: token })).status, 401, 'it ends tokens as it ends keys');
});

test('log-ins at the same moment: each gets a session of its own, and all of them work, also after a restart', async (t) => {
  const { box, web, me } = await ready;
  const logIn = async () =>
    JSON.parse((await web.ask('POST /login', { as: me })).body) as { api_key?: string };
  const keys = (await Promise.all(Array.from({ length: 16 }, logIn))).map((one) => one.api_key ?? '');
  t.is(new Set(keys).size, 16);
  const ask = () =>
    Promise.all(keys.map((password) => web.ask('GET /system/version', { as: { ...me, password } })));
  t.true((await ask()).every(({ status }) => status === 200));
  await box.run('systemctl restart box-keeper');
  t.true((await ask()).every(({ status }) => status === 200));
  t.is((await box.run('find /var/lib/box-keeper -name "*.box-new"')).trim(), '');
});

test('sessions, API keys and tokens live over a reboot; a password reset ends them all, and old log-ins by IMAP', async (t) => {
  const { box, web, me, you, token } = await ready;
  const keyOf = async (request: string) =>
    JSON.parse((await web.ask(request, { as: you })).body).api_key as string;
  const keys = [
    await keyOf('POST /login'),
    await keyOf('GET /me'),
    await token('status', you.email),
    you.password,
  ];
  const statuses = async () => {
    const all = [];
    for (const password of keys)
      all.push((await web.ask('GET /system/version', { as: { email: you.email, password } })).status);
    return all;
  };
  t.deepEqual(await statuses(), [200, 200, 200, 200]);
  const secret = await box.run('sha256sum /var/lib/box-keeper/api.key');
  await box.kill();
  await box.start();
  t.is((await box.console.outcome()).stage, 'ready');
  t.is(await box.run('sha256sum /var/lib/box-keeper/api.key'), secret);
  t.is((await box.run('stat -c "%a %U" /var/lib/box-keeper/api.key')).trim(), '600 root');
  t.deepEqual(await statuses(), [200, 200, 200, 200]);

  const imap = async (password: string) => {
    const reader = await Reader.of(box, hostname, { ...you, password }, box.folder);
    return (await reader.curl(`imaps://${hostname}:993/`, [])).code;
  };
  t.is(await imap(you.password), 0);
  const password = 'quite-another-horse';
  const reset = await web.ask('POST /mail/users/password', { as: me, form: { email: you.email, password } });
  t.is(reset.body, 'OK');
  t.deepEqual(await statuses(), [401, 401, 401, 401]);
  t.not(await imap(you.password), 0);
  t.is(await imap(password), 0);
  // A token made since ends with the privilege, and not only while that is gone.
  const later = { ...you, password: await token('status', you.email) };
  t.is((await web.ask('GET /system/version', { as: later })).status, 200);
  await box.run('box account demote you@example.com; box account promote you@example.com');
  t.is((await web.ask('GET /system/version', { as: later })).status, 401);
});

/** The domains' web sites, as browsers, sftp and the API see them from another host. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import anyTest from 'ava';
import { artefacts } from '../rig/artefacts.ts';
import { hostname } from '../rig/owner.ts';
import { outcome } from '../rig/program.ts';
import { waitFor } from '../rig/wait.ts';
import { makeLab } from './world/lab.ts';
import { addAccount, started } from './world/started.ts';
import { WebClient } from './world/web-client.ts';

const test = anyTest.serial;
const kept = artefacts(anyTest, 'lab-sites');
const lab = makeLab(kept);
const ready = lab.then(async (made) => {
  const { owner } = made;
  const box = await started(made, 'box', owner, {
    web: { sftpKeys: [owner.sshPublicKey] },
    lab: { rootHints: ['127.0.0.1'] },
  });
  await addAccount(box, owner, 'you@fresh.example');
  /** A page by name: status, headers and body, over the lab's wire. */
  const get = async (url: string, ...more: string[]) => {
    const { hostname: name, port, protocol } = new URL(url);
    const at = port === '' ? (protocol === 'http:' ? '80' : '443') : port;
    const argv = [
      'curl',
      '-ksi',
      '--path-as-is',
      '--max-time',
      '20',
      '--resolve',
      `${name}:${at}:${box.host}`,
    ];
    const { code, stdout } = await outcome([...box.prefix, ...argv, ...more, url], { seconds: 30 });
    if (code !== 0) throw new Error(`${url}: curl exited ${code}`);
    const end = stdout.indexOf('\r\n\r\n');
    const head = stdout.slice(0, end);
    return { status: Number(head.split(' ')[1]), head, body: stdout.slice(end + 4) };
  };
  const sftp = (batch: string) => {
    const options = ['-o', 'StrictHostKeyChecking=no', '-o', 'UserKnownHostsFile=/dev/null'];
    const argv = [
      'sftp',
      ...options,
      '-o',
      'BatchMode=yes',
      '-i',
      owner.sshKey,
      '-b',
      '-',
      `user-data@${box.host}`,
    ];
    return outcome([...box.prefix, ...argv], { input: batch, seconds: 60 });
  };
  return { box, owner, get, sftp, web: await WebClient.of(box), folder: kept.folder };
});

test('each domain has a site from the first boot or its first account on, over http/2, with its headers on every path', async (t) => {
  const { get } = await ready;
  // nginx takes up a reload a moment after it was told to.
  await waitFor('the site of the new domain', async () =>
    (await get('https://www.fresh.example/')).status === 301 ? true : undefined,
  );
  for (const name of ['example.com', 'fresh.example']) {
    const page = await get(`https://${name}/`);
    t.is(page.status, 200, name);
    t.regex(page.body, /This is a mail box/);
    t.regex(page.head, /^HTTP\/2 200/);
    const www = await get(`https://www.${name}/a?b=c`);
    t.is(www.status, 301);
    t.regex(www.head, new RegExp(`^location: https://${name.replace('.', '\\.')}/a\\?b=c\\r?$`, 'm'));
    const plain = await get(`http://${name}/a?b=c`);
    t.is(plain.status, 301);
    t.regex(plain.head, new RegExp(`^Location: https://${name.replace('.', '\\.')}/a\\?b=c\\r?$`, 'm'));
  }
  for (const where of [
    '/',
    '/missing',
    '/.git/config',
    '/.well-known/acme-challenge/x',
    '/%zz',
    '/../etc/passwd',
  ]) {
    for (const name of ['example.com', hostname, 'www.example.com']) {
      const { head } = await get(`https://${name}${where}`);
      if (head.startsWith('HTTP/2 400')) continue;
      t.regex(head, /^strict-transport-security: max-age=31536000\r?$/m, `${name}${where}`);
      t.regex(head, /^x-content-type-options: nosniff\r?$/m, `${name}${where}`);
      t.regex(head, /^x-frame-options: (DENY|SAMEORIGIN)\r?$/m, `${name}${where}`);
      t.regex(head, /^referrer-policy: /m, `${name}${where}`);
      t.notRegex(head, /nginx\/\d/i);
    }
  }
});

test('the control panel is at the box’s own name alone, where no page may run a script', async (t) => {
  const { get } = await ready;
  t.is((await get('https://example.com/admin/')).status, 404);
  t.is((await get(`https://${hostname}/admin/`)).status, 200);
  t.regex((await get(`https://${hostname}/`)).head, /^content-security-policy: script-src 'none'/m);
});

test('pages come by sftp, and such a key opens nothing else', async (t) => {
  const { box, owner, get, sftp, folder } = await ready;
  await box.run('box web add example.com');
  const page = path.join(folder, 'page.html');
  writeFileSync(page, 'by sftp');
  const put = await sftp(
    `put ${page} /example.com/index.html\nmkdir /example.com/sub\nput ${page} /example.com/sub/x.html\n`,
  );
  t.is(put.code, 0, put.stderr);
  t.is((await get('https://example.com/')).body, 'by sftp');
  t.is((await get('https://example.com/sub/x.html')).body, 'by sftp');
  // Neither elsewhere nor what the box itself reads.
  for (const batch of [
    'ls /etc\n',
    'ls ../../mail\n',
    'get /custom.yaml /dev/null\n',
    'get /custom.last.yaml /dev/null\n',
    'get /home/user-data/ssl/ssl_private_key.pem /dev/null\n',
    `put ${page} /custom.yaml\n`,
    'mkdir /other.example\n',
    'rename /example.com /gone\n',
    'rm /default\n',
  ])
    t.not((await sftp(batch)).code, 0, batch);
  // A link to what lies outside is made, and shown to nobody.
  await sftp('symlink /etc/passwd /example.com/passwd\nsymlink / /example.com/root\n');
  await box.run('ln -s /etc/passwd /home/user-data/www/example.com/owners');
  for (const name of ['passwd', 'root/etc/passwd', 'owners'])
    t.not((await get(`https://example.com/${name}`)).status, 200, name);
  const ssh = (...more: string[]) => {
    const options = [
      '-o',
      'StrictHostKeyChecking=no',
      '-o',
      'UserKnownHostsFile=/dev/null',
      '-o',
      'BatchMode=yes',
    ];
    const argv = ['ssh', ...options, '-i', owner.sshKey, ...more];
    return outcome([...box.prefix, ...argv], { seconds: 30 });
  };
  const shell = await ssh(`user-data@${box.host}`, 'id');
  t.not(shell.code, 0);
  t.notRegex(shell.stdout, /uid=/);
  const forward = await ssh(
    '-o',
    'ExitOnForwardFailure=yes',
    '-W',
    '127.0.0.1:10026',
    `user-data@${box.host}`,
  );
  t.not(forward.code, 0);
  t.regex((await ssh(`root@${box.host}`, 'id')).stdout, /uid=0/, 'root is not shut in');
});

test('an archive takes the place of a site by the API; a hostile one, a stranger and a forged path change nothing', async (t) => {
  const { box, owner, get, folder, web } = await ready;
  const pages = path.join(folder, 'pages');
  mkdirSync(pages, { recursive: true });
  writeFileSync(path.join(pages, 'index.html'), 'by the API');
  // Longer than a form may be.
  writeFileSync(path.join(pages, 'big.bin'), Buffer.alloc(3_000_000, 'x'));
  const archive = path.join(folder, 'site.tar');
  await outcome(['tar', 'cf', archive, '-C', pages, '.']);
  const upload = (domain: string, file: string, ...more: string[]) =>
    get(
      `https://${hostname}/admin/web/sites/${domain}`,
      '-X',
      'POST',
      '-H',
      'Content-Type: application/x-tar',
      '-T',
      file,
      ...more,
    );
  const password = path.join(folder, 'password');
  writeFileSync(password, `user = "${owner.email}:${owner.password}"\n`);
  const me = ['--config', password];
  const made = await upload('fresh.example', archive, ...me);
  t.is(made.status, 200, made.body);
  t.is(made.body, 'web site updated: 2 files\n');
  // nginx takes up a new site a moment after it was told.
  await waitFor('the new pages', async () =>
    (await get('https://fresh.example/')).body === 'by the API' ? true : undefined,
  );
  t.is((await get('https://fresh.example/big.bin')).body.length, 3_000_000);
  t.is((await upload('fresh.example', archive)).status, 401);
  t.is((await upload('other.example', archive, ...me)).status, 400);
  // nginx reads that as another place of the panel, which takes no archives.
  t.regex(String((await upload('..%2fmail', archive, ...me)).status), /^4/);
  const hostile = path.join(folder, 'hostile.tar');
  await outcome(['sh', '-c', 'cd "$1" && ln -s /etc/passwd p && tar cf "$2" .', 'sh', pages, hostile]);
  t.is((await upload('fresh.example', hostile, ...me)).status, 400);
  await outcome(['tar', 'cPf', hostile, '--transform', 's,.*,../../x,', path.join(pages, 'index.html')]);
  t.is((await upload('fresh.example', hostile, ...me)).status, 400);
  t.is((await get('https://fresh.example/')).body, 'by the API');
  // The path of the upload is nginx's to say.
  const forged = await web.ask('POST /web/sites/fresh.example', {
    as: owner,
    headers: ['X-Upload: /var/lib/nginx/body/0000000001'],
  });
  t.is(forged.status, 400, forged.body);
  t.is(
    (await box.run('ls -A /var/lib/nginx/body; ls -A /home/user-data/www | grep upload || true')).trim(),
    '',
  );
});

test('redirects and proxies of custom.yaml work; a file that is wrong is named and changes nothing', async (t) => {
  const { box, owner, get, web } = await ready;
  // A server behind the box, which says what it was asked.
  const echo = fileURLToPath(new URL('world/echo-server.py', import.meta.url));
  await box.run(
    'cat >/run/echo.py; systemd-run --quiet --unit=echo python3 /run/echo.py',
    readFileSync(echo, 'utf8'),
  );
  await waitFor('the server behind', async () =>
    (await box.outcome('curl -s http://127.0.0.1:3000/')).code !== 7 ? true : undefined,
  );
  const write = (text: string) => box.run('cat >/home/user-data/www/custom.yaml', text);
  await write(`example.com:
  hsts: preload
  redirects:
    ^/old/(.*)$: https://new.example.net/$1
  proxies:
    /app/: http://127.0.0.1:3000/base/#pass-http-host
    /local/: http://localhost:3000
    /gone/: http://no-such-host.example/
`);
  const update = await web.ask('POST /web/update', { as: owner });
  t.is(update.body, 'web updated\n');
  t.is((await web.ask('POST /web/update', { as: owner })).body, '');
  // nginx's old processes may answer once more after a reload.
  const redirected = await waitFor('the redirect', async () => {
    const { status, head } = await get('https://example.com/old/page');
    return Number(status) === 404 ? undefined : head;
  });
  t.regex(redirected, /^location: https:\/\/new\.example\.net\/page\r?$/m);
  const moved = await get('https://example.com/old/a%0d%0aX-Evil:%20yes');
  t.not(moved.status, 200);
  t.notRegex(moved.head, /^x-evil/im);
  const app = await get('https://example.com/app/x?y=1', '-H', 'X-Forwarded-For: 203.0.113.9');
  t.is(app.body, '/base/x?y=1 example.com 198.51.100.1');
  t.regex(app.head, /^strict-transport-security: .*preload\r?$/m);
  t.is((await get('https://example.com/local/z')).body, '/local/z localhost:3000 198.51.100.1');
  t.regex(String((await get('https://example.com/gone/')).status), /^50[24]$/);
  t.is((await get('https://example.com/')).body, 'by sftp');
  await write('example.com: {redirects: {/: "https://a.example/; } server { listen 81; "}}');
  const refused = await web.ask('POST /web/update', { as: owner });
  t.is(refused.status, 400);
  t.regex(refused.body, /custom\.yaml: example\.com: redirects: \/: /);
  t.is((await get('https://example.com/app/x')).body, '/base/x example.com 198.51.100.1');
  t.regex((await box.outcome('box status')).stdout, /web sites: .*custom\.yaml: example\.com: redirects/);
  const domains = JSON.parse((await web.ask('GET /web/domains', { as: owner })).body) as { domain: string }[];
  t.deepEqual(
    domains.map(({ domain }) => domain),
    [hostname, 'example.com', 'fresh.example', 'www.example.com', 'www.fresh.example'],
  );
  t.deepEqual(domains[1], {
    domain: 'example.com',
    root: '/home/user-data/www/example.com',
    custom_root: '/home/user-data/www/example.com',
    ssl_certificate: ['warning', 'The box’s certificate is not for this name.'],
    static_enabled: true,
  } as { domain: string });
});

test('an alias shows its folder: nothing beside it, nothing hidden, and nothing that a link in its place leads to', async (t) => {
  const { box, owner, get, sftp, folder, web } = await ready;
  const page = path.join(folder, 'page.html');
  const made = await sftp(
    [
      'mkdir /fresh.example/files',
      'mkdir /fresh.example/files-secret',
      'mkdir /fresh.example/files/.git',
      ...['files/a.html', 'files-secret/a.html', 'files/.git/config', 'files/.hidden', 'beside.html'].map(
        (name) => `put ${page} /fresh.example/${name}`,
      ),
      'symlink /etc /fresh.example/files/link',
      '',
    ].join('\n'),
  );
  t.is(made.code, 0, made.stderr);
  await box.run(
    'cat >/home/user-data/www/custom.yaml',
    `example.com:
  aliases:
    /files: /home/user-data/www/fresh.example/files
    /slash/: /home/user-data/www/fresh.example/files
    /other: /home/user-data/www/fresh.example/files/
    /one.html: /home/user-data/www/fresh.example/files/a.html
    /top: /home/user-data/www/fresh.example
  proxies:
    /api: http://127.0.0.1:3000/base
    /deep: http://127.0.0.1:3000/base/
    /app/: http://127.0.0.1:3000/base/#pass-http-host
  redirects:
    ^/old/(.*)$: https://new.example.net/$1
`,
  );
  // Before the box has even looked at it.
  t.not((await sftp('get /custom.yaml /dev/null\n')).code, 0);
  const update = await web.ask('POST /web/update', { as: owner });
  t.is(update.status, 200, update.body);
  await waitFor('the alias', async () =>
    (await get('https://example.com/one.html')).body === 'by sftp' ? true : undefined,
  );
  for (const name of ['files/a.html', 'slash/a.html', 'other/a.html', 'one.html', 'top/beside.html'])
    t.is((await get(`https://example.com/${name}`)).body, 'by sftp', name);
  for (const name of ['files', 'slash', 'other', 'top'])
    t.regex((await get(`https://example.com/${name}`)).head, new RegExp(`^location: .*/${name}/\\r?$`, 'm'));
  const tried = ['files', 'slash', 'other', 'top'].flatMap((name) => [
    ...['..', '%2e%2e'].flatMap((up) =>
      ['/', '%2f'].flatMap((slash) => [
        `${name}${up}${slash}custom.yaml`,
        `${name}${up}${slash}beside.html`,
        `${name}${up}${slash}..${slash}custom.yaml`,
        `${name}/${up}${slash}${up}${slash}custom.yaml`,
      ]),
    ),
    `${name}-secret/a.html`,
    `${name}/.git/config`,
    `${name}/%2egit/config`,
    `${name}/.hidden`,
    `${name}/link/passwd`,
    `${name}\\..\\custom.yaml`,
    `${name}/..%5ccustom.yaml`,
  ]);
  for (const name of tried) {
    const { status, body } = await get(`https://example.com/${name}`);
    t.regex(String(status), /^(40\d|301)$/, `${name}: ${body.slice(0, 200)}`);
  }
  t.is((await get('https://example.com/api')).body, '/base 127.0.0.1:3000 198.51.100.1');
  t.is((await get('https://example.com/api/x?y=1')).body, '/base/x?y=1 127.0.0.1:3000 198.51.100.1');
  t.is((await get('https://example.com/deep/x')).body, '/base/x 127.0.0.1:3000 198.51.100.1');
  for (const name of [
    'api../secret',
    'api..%2fsecret',
    'apisecret',
    'deep../secret',
    'deep..%2f..%2fsecret',
    'api/..;/secret',
  ])
    t.is((await get(`https://example.com/${name}`)).status, 404, name);
  // The folder of an alias is the uploader's.
  const link = await sftp('rename /fresh.example/files /fresh.example/old\nsymlink / /fresh.example/files\n');
  t.is(link.code, 0, link.stderr);
  for (const name of ['files', 'slash', 'other'])
    t.not((await get(`https://example.com/${name}/etc/passwd`)).status, 200, name);
  await box.run(
    'printf "example.com: {aliases: {/a: /home/user-data/www/custom.yaml}}" >/home/user-data/www/custom.yaml',
  );
  t.is((await web.ask('POST /web/update', { as: owner })).status, 400);
});

test('while a site is replaced, its uploader can’t lead root out of it', async (t) => {
  const { box } = await ready;
  const swap = fileURLToPath(new URL('world/swap-folders.py', import.meta.url));
  await box.run('cat >/run/swap.py', readFileSync(swap, 'utf8'));
  await box.run(
    'mkdir -p /run/small && echo new >/run/small/index.html && tar cf /run/small.tar -C /run/small .',
  );
  // What is root's alone.
  const kept = '/home/user-data/kept';
  await box.run(`mkdir -p ${kept}/a/b && touch ${kept}/a/x ${kept}/a/b/y`);
  let links = 0;
  for (let round = 0; round < 3; round++) {
    const script = `set -e
mkdir -p /home/user-data/www/fresh.example
cd /home/user-data/www/fresh.example
seq -f d%g/e 1500 | xargs mkdir -p
seq -f d%g/x 1500 | xargs touch
chown -R user-data:user-data .
mkfifo /run/end-swap
runuser -u user-data -- python3 /run/swap.py /home/user-data/www ${kept} </run/end-swap &
exec 3>/run/end-swap
box web deploy fresh.example /run/small.tar >&2
exec 3>&-
wait
rm /run/end-swap`;
    const { code, stdout, stderr } = await box.outcome(script);
    t.is(await box.run(`cd ${kept} && find . | sort`), '.\n./a\n./a/b\n./a/b/y\n./a/x\n', `round ${round}`);
    t.is(code, 0, stderr);
    links += Number(stdout);
    t.is(await box.run('ls -A /home/user-data/www | grep "^[.]" || true'), '', 'nothing is left over');
  }
  t.log(`links that the other side made: ${links}`);
});

test('a reboot: the wrong file still there serves the last good one, and what others laid in their folders stops no mail', async (t) => {
  const { box, get, sftp } = await ready;
  const laid = await sftp(
    'mkdir /default/index.html\nmkdir /default/.index.html.box-new\nsymlink .. /default/up\n',
  );
  t.is(laid.code, 0, laid.stderr);
  // As a daemon would that somebody has taken over.
  await box.run(`set -e
systemctl stop box-webmail spampd
cd /home/user-data/mail
runuser -u spampd -- sh -c 'mv spamassassin/training spamassassin/gone && ln -s /etc spamassassin/training'
runuser -u mail -- sh -c 'rm -r sieve/global_after && ln -s /etc sieve/global_after && mkfifo sieve/fifo'
runuser -u box-webmail -- sh -c 'mv roundcube/roundcube.sqlite roundcube/old && mkfifo -m 640 roundcube/roundcube.sqlite'
rm -f mailboxes/example.com/me/maildirsize
runuser -u mail -- sh -c 'mkdir -p mailboxes/example.com/me && ln -s /dev/zero mailboxes/example.com/me/maildirsize'`);
  const etc = await box.run('stat -c "%U:%G %a" /etc');
  await box.kill();
  await box.start();
  const said = await box.console.outcome();
  t.is(said.stage, 'ready', JSON.stringify(said));
  t.notRegex(JSON.stringify(said), /notDone/);
  t.is((await box.outcome('grep "NOT DONE" /etc/motd')).code, 1);
  t.regex(
    (await get(`https://${hostname}/`)).body,
    /href="\/set-up"/,
    'what is no page takes no page’s place',
  );
  t.is(await box.run('stat -c "%U:%G %a" /etc'), etc);
  t.is(
    await box.run(
      'cd /home/user-data/mail; stat -c "%F %U" spamassassin/training sieve/global_after roundcube/roundcube.sqlite',
    ),
    'directory spampd\ndirectory mail\nregular file box-webmail\n',
  );
  t.is(await box.run('ls /etc/spam /etc/ham 2>/dev/null || true'), '');
  t.regex(await box.run('box account list'), /me@example\.com/);
  await sftp('rmdir /default/index.html\nrmdir /default/.index.html.box-new\n');
  t.regex((await get(`https://${hostname}/`)).body, /href="\/set-up"/);
  t.is((await get('https://example.com/')).body, 'by sftp');
  t.regex(
    (await get('https://example.com/old/page')).head,
    /^location: https:\/\/new\.example\.net\/page\r?$/m,
  );
});

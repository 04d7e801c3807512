/** The web sites of the domains: what is served, what an owner's file may say, and what nginx is told. */
import { chmodSync, rmSync, statSync } from 'node:fs';
import test from 'ava';
import { readCustomSites } from '../../../../box/web/custom.ts';
import { nginxText } from '../../../../box/web/nginx-text.ts';
import { sitesOf } from '../../../../box/web/sites.ts';
import { TemporaryBox } from '../temporary-box.ts';

const hostname = 'box.example.com';
const read = (text: string) => readCustomSites(text, hostname);

test('each mail domain has a site; www leads to a zone, unless it is a site itself', (t) => {
  const facts = {
    hostname,
    mailDomains: ['a.example', 'box.example.com', 'example.com', 'sub.example.com'],
    zones: ['a.example', 'example.com'],
    folders: ['default', 'example.com', 'www.a.example'],
    custom: new Map(),
  };
  const { sites, redirects } = sitesOf(facts);
  t.deepEqual(
    sites.map(({ domain, folder }) => `${domain} ${folder}`),
    [
      'a.example default',
      'example.com example.com',
      'sub.example.com default',
      'www.a.example www.a.example',
    ],
  );
  t.deepEqual(redirects, [{ domain: 'www.example.com', to: 'example.com' }]);
});

test('proxies, redirects, aliases and HSTS as Mail-in-a-Box writes them', async (t) => {
  const custom = await read(`
example.com:
  proxies:
    /app/: http://127.0.0.1:3000/#pass-http-host,web-sockets
    /far: https://far.example.net/api
  redirects:
    ^/old/(.*)$: https://new.example.net/$1
    /here: /there
  aliases:
    /files: /home/user-data/www/default/files
  hsts: preload
a.example:
  hsts: no
`);
  t.is(custom.get('a.example')?.hsts, 'no');
  const [site] = sitesOf({
    hostname,
    mailDomains: ['example.com'],
    zones: [],
    folders: [],
    custom,
  }).sites;
  t.is(
    nginxText(site === undefined ? [] : [site], [{ domain: 'www.example.com', to: 'example.com' }]),
    `# Made by the box program from its domains and www/custom.yaml; every change is lost.
server {
    include /etc/nginx/site/listen.conf;
    server_name example.com;
    root /home/user-data/www/default;
    include /etc/nginx/site/hsts-preload.conf;
    include /etc/nginx/site/headers.conf;
    include /etc/nginx/site/acme.conf;
    include /etc/nginx/site/clients.conf;
    include /etc/nginx/site/static.conf;
    include /etc/nginx/site/first-page.conf;
    rewrite ^/old/(.*)$ https://new.example.net/$1 permanent;
    rewrite /here /there permanent;
    location = /files {
        alias /home/user-data/www/default/files;
        disable_symlinks on from=/home/user-data/www;
    }
    location ^~ /files/ {
        alias /home/user-data/www/default/files/;
        disable_symlinks on from=/home/user-data/www;
        location ~ /\\.(?!well-known/) {
            return 404;
        }
    }
    location ^~ /app/ {
        proxy_pass http://127.0.0.1:3000/;
        include /etc/nginx/site/proxy.conf;
        proxy_set_header Host $http_host;
        proxy_set_header Upgrade $http_upgrade;
        proxy_set_header Connection "upgrade";
        location ~ /\\.\\. {
            return 404;
        }
    }
    location = /far {
        set $box_upstream far.example.net;
        rewrite (?s)^/far$ /api break;
        proxy_pass https://$box_upstream;
        include /etc/nginx/site/proxy.conf;
        include /etc/nginx/site/proxy-verified.conf;
        proxy_set_header Host far.example.net;
        proxy_set_header Connection "";
        proxy_redirect off;
    }
    location ^~ /far/ {
        set $box_upstream far.example.net;
        rewrite (?s)^/far/(.*)$ /api/$1 break;
        proxy_pass https://$box_upstream;
        include /etc/nginx/site/proxy.conf;
        include /etc/nginx/site/proxy-verified.conf;
        proxy_set_header Host far.example.net;
        proxy_set_header Connection "";
        proxy_redirect off;
        location ~ /\\.\\. {
            return 404;
        }
    }
}
server {
    include /etc/nginx/site/listen.conf;
    server_name www.example.com;
    include /etc/nginx/site/hsts-yes.conf;
    include /etc/nginx/site/headers.conf;
    include /etc/nginx/site/acme.conf;
    location / {
        return 301 https://example.com$request_uri;
    }
}
`,
  );
});

test('a site without a folder shows a plain page until its owner has one; one that has, or that leads elsewhere as a whole, is left alone', async (t) => {
  const shows = async (folders: string[], entries = '') => {
    const custom = await read(`example.com: {${entries}}`);
    const { sites } = sitesOf({ hostname, mailDomains: ['example.com'], zones: [], folders, custom });
    return nginxText(sites, []).includes('site/first-page.conf');
  };
  t.true(await shows(['default']));
  t.true(await shows([], 'proxies: {/app/: http://127.0.0.1:3000/}'));
  t.false(await shows(['default', 'example.com']));
  t.false(await shows([], 'proxies: {/: http://127.0.0.1:3000/}'));
  t.false(await shows([], 'aliases: {/: /home/user-data/www/mine}'));
});

const shape = async (entries: string) => {
  const custom = await read(`example.com: {${entries}}`);
  const { sites } = sitesOf({ hostname, mailDomains: ['example.com'], zones: [], folders: [], custom });
  const text = nginxText(sites, [], hostname);
  return [
    ...text.matchAll(/^ {4}location (\S+ \S+) \{\n(?: {8}set .*\n)? {8}(alias|proxy_pass|rewrite) (.*);$/gm),
  ].map(([, place, what, to]) => `${place}: ${what} ${to}`);
};
const www = '/home/user-data/www/default';

test('with and without a slash at the end a path means the same place, and never the beginning of a name', async (t) => {
  for (const path of ['/files', '/files/'])
    for (const folder of [`${www}/files`, `${www}/files/`])
      t.deepEqual(await shape(`aliases: {${path}: ${folder}}`), [
        `= /files: alias ${www}/files`,
        `^~ /files/: alias ${www}/files/`,
      ]);
  t.deepEqual(await shape(`aliases: {/: ${www}}`), [`^~ /: alias ${www}/`]);
  t.deepEqual(await shape('proxies: {/api: "http://127.0.0.1/base"}'), [
    '= /api: proxy_pass http://127.0.0.1/base',
    '^~ /api/: proxy_pass http://127.0.0.1/base/',
  ]);
  t.deepEqual(await shape('proxies: {/api/: "http://127.0.0.1/base"}'), [
    '^~ /api/: proxy_pass http://127.0.0.1/base/',
  ]);
  t.deepEqual(await shape('proxies: {/api: "http://127.0.0.1:3000"}'), [
    '= /api: proxy_pass http://127.0.0.1:3000',
    '^~ /api/: proxy_pass http://127.0.0.1:3000',
  ]);
  t.deepEqual(await shape('proxies: {/: "http://127.0.0.1/base"}'), [
    '^~ /: proxy_pass http://127.0.0.1/base/',
  ]);
  t.deepEqual(await shape('proxies: {/a.b: "http://far.example/c/"}'), [
    '= /a.b: rewrite (?s)^/a\\.b$ /c/ break',
    '^~ /a.b/: rewrite (?s)^/a\\.b/(.*)$ /c/$1 break',
  ]);
});

test('a path that is written both ways, and one where the box has a document of its own, leave nginx no doubt', async (t) => {
  t.deepEqual(await shape('proxies: {/a: "http://127.0.0.1:1/", /a/: "http://127.0.0.1:2/"}'), [
    '= /a: proxy_pass http://127.0.0.1:1/',
    '^~ /a/: proxy_pass http://127.0.0.1:2/',
  ]);
  t.deepEqual(await shape(`proxies: {/a: "http://127.0.0.1:1"}, aliases: {/a/: ${www}/b}`), [
    `^~ /a/: alias ${www}/b/`,
    '= /a: proxy_pass http://127.0.0.1:1',
  ]);
  t.deepEqual(await shape('proxies: {/.well-known/caldav: "http://127.0.0.1:1"}'), [
    '^~ /.well-known/caldav/: proxy_pass http://127.0.0.1:1',
  ]);
});

for (const folder of [
  '',
  '/custom.yaml',
  '/custom.last.yaml',
  '/.removed',
  '/default/.git',
  '/default/../..',
])
  test(`an alias leads to no file of the box's own and to nothing hidden: www${folder}`, async (t) => {
    for (const end of ['', '/'])
      await t.throwsAsync(read(`example.com: {aliases: {/a: "/home/user-data/www${folder}${end}"}}`), {
        name: 'Failure',
        message: /aliases: \/a: is not/,
      });
  });

test('where nginx can’t verify a server’s certificate, a proxy that would rely on it is refused', async (t) => {
  const one = (to: string) => readCustomSites(`example.com: {proxies: {/a: "${to}"}}`, hostname, false);
  await t.throwsAsync(one('https://far.example/'), {
    message: /example\.com: proxies: \/a: this release’s nginx can’t verify the certificate of far\.example/,
  });
  for (const to of ['http://far.example/', 'https://192.0.2.1/', 'https://localhost:8443/'])
    await t.notThrowsAsync(one(to));
});

test('the owner’s file is root’s to read from the first boot on, whatever mode it is written with', async (t) => {
  const box = await TemporaryBox.booted(t);
  const file = '/home/user-data/www/custom.yaml';
  const mode = () => (statSync(box.at(file)).mode & 0o777).toString(8);
  t.is(mode(), '600');
  rmSync(box.at(file));
  box.write(file, 'example.com: {redirects: {/a: /b}}');
  chmodSync(box.at(file), 0o644);
  t.is(await box.box('web', 'update'), 0, box.complaints.join());
  t.is(mode(), '600');
  chmodSync(box.at(file), 0o644);
  await box.init(t);
  t.is(mode(), '600');
});

test('a file that is wrong leaves the last good one in force, and is named', async (t) => {
  const box = await TemporaryBox.booted(t);
  const sites = '/etc/nginx/sites/box.conf';
  t.regex(box.read(sites), /server_name example\.com;/);
  box.write('/home/user-data/www/custom.yaml', 'example.com: {redirects: {/a: /b}}');
  t.is(await box.box('web', 'update'), 0, box.complaints.join());
  t.true(box.ran.some((line) => line.startsWith('nginx -t ')));
  t.true(box.ran.includes('service nginx reload'));
  t.regex(box.read(sites), /rewrite \/a \/b permanent;/);
  const good = box.read(sites);
  box.write('/home/user-data/www/custom.yaml', 'example.com: {redirects: {/a: "/b; evil"}}');
  t.is(await box.box('web', 'update'), 1);
  t.regex(box.complaints.join(), /custom\.yaml: example\.com: redirects: \/a: /);
  t.is(box.read(sites), good);
  await box.init(t);
  t.is(box.read(sites), good);
});

test('what nginx refuses is not taken, and told', async (t) => {
  const box = await TemporaryBox.booted(t);
  const before = box.read('/etc/nginx/sites/box.conf');
  box.answer = ([program]) => (program === 'nginx' ? { code: 1, err: 'nginx: [emerg] no' } : undefined);
  box.write('/home/user-data/www/custom.yaml', 'example.com: {redirects: {/a: /b}}');
  t.is(await box.box('web', 'update'), 1);
  t.regex(box.complaints.join(), /\[emerg\] no/);
  t.is(box.read('/etc/nginx/sites/box.conf'), before);
  await box.init(t);
});

test('a folder is made for a domain that the box has, and for no other', async (t) => {
  const box = await TemporaryBox.booted(t);
  t.is(await box.box('web', 'add', 'example.com'), 0, box.complaints.join());
  t.regex(box.read('/home/user-data/www/example.com/index.html'), /<h1>example\.com<\/h1>/);
  for (const name of ['../mail', 'other.example', '', '.', 'box.example.com'])
    t.is(await box.box('web', 'add', name), 1, name);
});

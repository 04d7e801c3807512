/** The web sites of the domains: what is served, what an owner's file may say, and what nginx is told. */

import test from 'ava';
import { readCustomSites } from '../../box/web/custom.ts';
import { nginxText } from '../../box/web/nginx-text.ts';
import { sitesOf } from '../../box/web/sites.ts';
import { TemporaryBox } from './box-machine.ts';

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
    rewrite ^/old/(.*)$ https://new.example.net/$1 permanent;
    rewrite /here /there permanent;
    location ^~ /files {
        alias /home/user-data/www/default/files;
    }
    location ^~ /app/ {
        proxy_pass http://127.0.0.1:3000/;
        include /etc/nginx/site/proxy.conf;
        proxy_set_header Host $http_host;
        proxy_set_header Upgrade $http_upgrade;
        proxy_set_header Connection "upgrade";
    }
    location ^~ /far {
        set $box_upstream far.example.net;
        rewrite ^/far(.*)$ /api$1 break;
        proxy_pass https://$box_upstream;
        include /etc/nginx/site/proxy.conf;
        include /etc/nginx/site/proxy-verified.conf;
        proxy_set_header Host far.example.net;
        proxy_set_header Connection "";
        proxy_redirect off;
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

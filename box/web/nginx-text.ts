/** nginx's server blocks for the sites. What differs between releases stands in files of the image that these include. Pure. */
import { isIP } from 'node:net';
import { paths } from '../paths.ts';
import type { Upstream } from './custom.ts';
import type { Redirect, Site } from './sites.ts';

/** `davHost`: where the groupware is, in an image that has one. */
export function nginxText(sites: readonly Site[], redirects: readonly Redirect[], davHost?: string): string {
  const blocks = [...sites.map((site) => siteBlock(site, davHost)), ...redirects.map(redirectBlock)];
  return [
    '# Made by the box program from its domains and www/custom.yaml; every change is lost.',
    ...blocks,
    '',
  ].join('\n');
}

const include = (name: string) => `    include ${paths.webParts}/${name}.conf;`;

function redirectBlock({ domain, to }: Redirect): string {
  return [
    'server {',
    include('listen'),
    `    server_name ${domain};`,
    include('hsts-yes'),
    include('headers'),
    include('acme'),
    '    location / {',
    `        return 301 https://${to}$request_uri;`,
    '    }',
    '}',
  ].join('\n');
}

function siteBlock({ domain, folder, custom }: Site, davHost?: string): string {
  const { proxies, redirects, aliases, hsts } = custom;
  return [
    'server {',
    include('listen'),
    `    server_name ${domain};`,
    `    root ${paths.www}/${folder};`,
    ...(hsts === 'no' ? [] : [include(`hsts-${hsts}`)]),
    include('headers'),
    include('acme'),
    include('clients'),
    include('static'),
    ...(davHost === undefined ? [] : ['caldav', 'carddav']).flatMap((name) => [
      `    location = /.well-known/${name} {`,
      `        return 301 https://${davHost}/SOGo/dav/;`,
      '    }',
    ]),
    ...redirects.map(({ pattern, to }) => `    rewrite ${pattern} ${to} permanent;`),
    ...aliases.flatMap(({ path, folder: to }) => [
      `    location ^~ ${path} {`,
      `        alias ${to};`,
      '    }',
    ]),
    ...proxies.flatMap(proxyLocation),
    '}',
  ].join('\n');
}

function proxyLocation({ path, scheme, host, authority, upstreamPath, flags }: Upstream): string[] {
  const has = (flag: string) => flags.includes(flag);
  const websockets = has('web-sockets');
  // A name is looked up when it is needed: one that can't be found must not keep nginx from starting.
  const fixed = host === 'localhost' || isIP(host.replace(/^\[|\]$/g, '')) !== 0;
  const pass = fixed
    ? [`proxy_pass ${scheme}://${authority}${upstreamPath ?? ''};`]
    : [
        `set $box_upstream ${authority};`,
        ...(upstreamPath === undefined
          ? []
          : [`rewrite ^${path.replace(/\./g, '\\.')}(.*)$ ${upstreamPath}$1 break;`]),
        `proxy_pass ${scheme}://$box_upstream;`,
      ];
  return [
    `    location ^~ ${path} {`,
    ...pass,
    `include ${paths.webParts}/proxy.conf;`,
    ...(scheme === 'https' && !fixed ? [`include ${paths.webParts}/proxy-verified.conf;`] : []),
    `proxy_set_header Host ${has('pass-http-host') ? '$http_host' : authority};`,
    ...(websockets ? ['proxy_set_header Upgrade $http_upgrade;'] : []),
    `proxy_set_header Connection "${websockets ? 'upgrade' : ''}";`,
    ...(has('no-proxy-redirect') || !fixed ? ['proxy_redirect off;'] : []),
  ]
    .map((line, at) => (at === 0 ? line : `        ${line}`))
    .concat('    }');
}

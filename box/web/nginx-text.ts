/** nginx's server blocks for the sites. What differs between releases stands in files of the image that these include. Pure. */
import { paths } from '../machine/paths.ts';
import { type CustomSite, isFixed, type Upstream } from './custom.ts';
import type { Redirect, Site } from './sites.ts';

/** `dav`: the address of calendars and address books, in an image that has some. */
export function nginxText(sites: readonly Site[], redirects: readonly Redirect[], dav?: string): string {
  const blocks = [...sites.map((site) => siteBlock(site, dav)), ...redirects.map(redirectBlock)];
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

function siteBlock({ domain, folder, custom }: Site, dav?: string): string {
  const { proxies, redirects, aliases, hsts } = custom;
  const places = new Set([...proxies, ...aliases].map(({ path }) => path));
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
    ...(folder === 'default' && !places.has('/') ? [include('first-page')] : []),
    ...(dav === undefined ? [] : ['caldav', 'carddav']).flatMap((name) => [
      `    location = /.well-known/${name} {`,
      `        return 301 ${dav};`,
      '    }',
    ]),
    ...redirects.map(({ pattern, to }) => `    rewrite ${pattern} ${to} permanent;`),
    ...aliases.flatMap((alias) => aliasLocations(alias, places)),
    ...proxies.flatMap((proxy) => proxyLocations(proxy, places)),
    '}',
  ].join('\n');
}

/** Where the box's own documents are: exact locations already, which nginx takes once. */
const taken = [
  '/mail/config-v1.1.xml',
  '/.well-known/autoconfig/mail/config-v1.1.xml',
  '/mailinabox.mobileconfig',
  '/autodiscover/autodiscover.xml',
  '/Autodiscover/Autodiscover.xml',
  '/AutoDiscover/AutoDiscover.xml',
  '/.well-known/caldav',
  '/.well-known/carddav',
];

/** Without its last slash: empty for `/` itself. */
const bare = (path: string) => path.replace(/\/$/, '');

/**
 * A path is the place of that name and what is below it, whether it was written with a slash at its end or not. nginx
 * takes a prefix without one for the beginning of a name, and puts the rest behind what stands for it: of `/files../x`
 * it makes `FOLDER../x`.
 */
function placeOf(path: string, others: Places, exact: readonly string[], below: readonly string[]): string[] {
  const block = (location: string, lines: readonly string[]) => [
    `    location ${location} {`,
    ...lines.map((line) => `        ${line}`),
    '    }',
  ];
  const name = bare(path);
  const isTaken = name === '' || taken.includes(name) || (path !== name && others.has(name));
  return [
    ...(exact.length === 0 || isTaken ? [] : block(`= ${name}`, exact)),
    ...(path === name && others.has(`${name}/`) ? [] : block(`^~ ${name}/`, below)),
  ];
}

/** All paths of a site: one that is written with and without the slash means something else by each. */
type Places = ReadonlySet<string>;

function aliasLocations({ path, folder }: CustomSite['aliases'][number], others: Places): string[] {
  const to = bare(folder);
  // The folder itself may be one of an uploader's, who may put a link in its place.
  const links = `disable_symlinks on from=${paths.www};`;
  return placeOf(
    path,
    others,
    [`alias ${to};`, links],
    [`alias ${to}/;`, links, 'location ~ /\\.(?!well-known/) {', '    return 404;', '}'],
  );
}

function proxyLocations(proxy: Upstream, others: Places): string[] {
  const { path, upstreamPath: to } = proxy;
  const below = to === undefined ? undefined : `${bare(to)}/`;
  // nginx itself sends people on to a path with a slash, where that was written.
  const exact = path.endsWith('/') ? [] : proxyLines(proxy, bare(path), to);
  return placeOf(path, others, exact, [
    ...proxyLines(proxy, `${bare(path)}/`, below),
    // To some servers `..;` is a way up, out of the path that stands for this one.
    ...(to === undefined ? [] : ['location ~ /\\.\\. {', '    return 404;', '}']),
  ]);
}

/** `from` is what `to` takes the place of: a whole path, or one that ends with a slash and what is behind it. */
function proxyLines({ scheme, host, authority, flags }: Upstream, from: string, to?: string): string[] {
  const has = (flag: string) => flags.includes(flag);
  const websockets = has('web-sockets');
  // A name is looked up when it is needed: one that can't be found must not keep nginx from starting.
  const fixed = isFixed(host);
  // A line end may be part of what is behind.
  const [rest, same] = from.endsWith('/') ? ['(.*)', '$1'] : ['', ''];
  const pass = fixed
    ? [`proxy_pass ${scheme}://${authority}${to ?? ''};`]
    : [
        `set $box_upstream ${authority};`,
        ...(to === undefined
          ? []
          : [`rewrite (?s)^${from.replace(/\./g, '\\.')}${rest}$ ${to}${same} break;`]),
        `proxy_pass ${scheme}://$box_upstream;`,
      ];
  return [
    ...pass,
    `include ${paths.webParts}/proxy.conf;`,
    ...(scheme === 'https' && !fixed ? [`include ${paths.proxyVerified};`] : []),
    `proxy_set_header Host ${has('pass-http-host') ? '$http_host' : authority};`,
    ...(websockets ? ['proxy_set_header Upgrade $http_upgrade;'] : []),
    `proxy_set_header Connection "${websockets ? 'upgrade' : ''}";`,
    ...(has('no-proxy-redirect') || !fixed ? ['proxy_redirect off;'] : []),
  ];
}

/**
 * The owner's `www/custom.yaml` in Mail-in-a-Box's format: proxies, redirects, aliases and HSTS, by domain. Pure.
 *
 * nginx would take whatever stands there as its own configuration, so each value is of a narrow form, in which no blank,
 * quote, brace or semicolon occurs.
 */
import { isIP, isIPv4, isIPv6 } from 'node:net';
import * as z from 'zod';
import { plainName } from '../../contract/idna.ts';
import { hostnamePattern } from '../../contract/settings.ts';
import { Failure } from '../machine/failure.ts';
import { paths } from '../machine/paths.ts';
import { safePattern, unsafeReason } from './redirect-pattern.ts';

const longestFile = 65_536;
const mostEntries = 100;

const locationPattern = /^\/[A-Za-z0-9/_.~-]{0,200}$/;
const location = z
  .string()
  .regex(locationPattern, 'is not a plain path (letters, digits and / _ . ~ - after the first /)')
  .refine((path) => !/\/\/|\/\.\.?(\/|$)/.test(path), 'holds //, /./ or /../')
  .refine((path) => !path.startsWith('/.well-known/acme-challenge'), 'is where certificates are proven');

/** Mail-in-a-Box's words behind the `#` of a proxied address. */
const proxyFlags = [
  'pass-http-host',
  'no-proxy-redirect',
  'frame-options-sameorigin',
  'web-sockets',
] as const;
const upstreamPattern =
  /^(https?):\/\/(\[[0-9A-Fa-f:.]{2,45}\]|[A-Za-z0-9.-]{1,253})(?::(\d{1,5}))?(\/[A-Za-z0-9/_.~-]{0,200})?(?:#([a-z,-]{1,100}))?$/;

const proxy = z.string().transform((text, context): Omit<Upstream, 'path'> => {
  const bad = (message: string) => {
    context.addIssue({ code: 'custom', message });
    return z.NEVER;
  };
  const found = upstreamPattern.exec(text);
  if (found === null) return bad('is not http[s]://HOST[:PORT][/PATH][#FLAG,...]');
  const [, scheme = '', host = '', port, path, words = ''] = found;
  if (!isHost(host)) return bad(`${host} is neither an address nor a host name`);
  if (port !== undefined && (Number(port) < 1 || Number(port) > 65535)) return bad(`${port} is no port`);
  if (path !== undefined && /\/\/|\/\.\.?(\/|$)/.test(path)) return bad('the path holds //, /./ or /../');
  const flags = words === '' ? [] : words.split(',');
  const unknown = flags.find((flag) => !(proxyFlags as readonly string[]).includes(flag));
  if (unknown !== undefined) return bad(`${unknown} is none of ${proxyFlags.join(', ')}`);
  return {
    scheme: scheme as Upstream['scheme'],
    host: host.toLowerCase(),
    authority: `${host.toLowerCase()}${port === undefined ? '' : `:${port}`}`,
    ...(path === undefined ? {} : { upstreamPath: path }),
    flags,
  };
});

const target = z
  .string()
  .regex(
    /^(https?:\/\/[A-Za-z0-9.-]{1,253}(:\d{1,5})?(?=\/|$)|(?=\/[^/]|\/$))(\/([A-Za-z0-9/._~%!*+,:@=&?()-]|\$[1-9])*)?$/,
    'is neither http[s]://HOST/PATH nor /PATH (with $1 to $9 behind the host only)',
  )
  .max(1000, 'is too long');

const folder = z
  .string()
  .regex(/^\/[A-Za-z0-9/_.-]{1,300}\/?$/, 'is not a plain path')
  .refine(
    (path) => path.startsWith(`${paths.www}/`) && !/\/\/|\/\.\.?(\/|$)/.test(path),
    `is not a folder below ${paths.www}`,
  )
  // The box's own files there, what it is about to put in the place of a site, and what no site shows.
  .refine(
    (path) => !/^$|^custom(\.last)?\.yaml(\/|$)|(^|\/)\./.test(path.slice(paths.www.length + 1)),
    'is not a site’s folder, or is hidden',
  );

const siteSchema = z.strictObject({
  proxies: z.record(location, proxy).default({}),
  redirects: z.record(safePattern, target).default({}),
  aliases: z.record(location, folder).default({}),
  hsts: z.enum(['yes', 'no', 'preload', 'true', 'false']).default('yes'),
});
const fileSchema = z.record(z.string().regex(hostnamePattern, 'is not a domain in lower case'), siteSchema);

export interface Upstream {
  readonly path: string;
  readonly scheme: 'http' | 'https';
  readonly host: string;
  /** Host and port, as in the address. */
  readonly authority: string;
  readonly upstreamPath?: string;
  readonly flags: readonly string[];
}
export interface CustomSite {
  readonly proxies: readonly Upstream[];
  /** A regular expression of the path, and where it leads. */
  readonly redirects: readonly { readonly pattern: string; readonly to: string }[];
  readonly aliases: readonly { readonly path: string; readonly folder: string }[];
  readonly hsts: 'yes' | 'no' | 'preload';
}

/**
 * @param hostname the box's own name, at which the control panel is
 * @param verifies whether nginx can look at the certificate of a server that it asks
 * @throws Failure naming the place and the rule: then none of it is taken
 */
export async function readCustomSites(
  text: string,
  hostname: string,
  verifies = true,
): Promise<Map<string, CustomSite>> {
  const wrong = (what: string) =>
    new Failure(`${paths.customSites}: ${what}`, 'correct the file, then: box web update');
  if (Buffer.byteLength(text) > longestFile) throw wrong(`has more than ${longestFile} bytes`);
  // Loaded only where there is such a file: an unchanged boot starts faster without it.
  const { isScalar, parseDocument, visit } = await import('yaml');
  // Failsafe: every scalar is a string, so `hsts: no` is what was written.
  const document = parseDocument(text, { schema: 'failsafe', uniqueKeys: true });
  const [broken] = [...document.errors, ...document.warnings];
  if (broken !== undefined) throw wrong(broken.message.split('\n')[0] ?? 'is not YAML');
  visit(document, {
    Pair(_, { key }) {
      if (isScalar(key) && key.value === '__proto__') throw wrong('__proto__ is no domain');
    },
    Alias() {
      throw wrong('repeats itself by YAML aliases (*name)');
    },
  });
  const tree: unknown = document.toJS();
  if (tree === null || tree === undefined || tree === '') return new Map();
  const checked = fileSchema.safeParse(withPlainNames(tree, wrong));
  if (!checked.success) {
    const [issue] = checked.error.issues;
    const place = issue?.path.map(String).join(': ') ?? '';
    throw wrong(`${shown(place)}: ${shown(reasonOf(issue))}`);
  }
  const sites = new Map<string, CustomSite>();
  for (const [domain, site] of Object.entries(checked.data)) {
    if (domain === hostname)
      throw wrong(`${domain}: is the box’s own name, where the control panel is; use another domain`);
    const custom = siteOf(domain, site, wrong);
    const unseen = custom.proxies.find((to) => to.scheme === 'https' && !isFixed(to.host));
    if (!verifies && unseen !== undefined)
      throw wrong(
        `${domain}: proxies: ${unseen.path}: this release’s nginx can’t verify the certificate of ${unseen.host}; ` +
          'use http:// within a network of your own, or its address',
      );
    sites.set(domain, custom);
  }
  return sites;
}

function withPlainNames(tree: unknown, wrong: (what: string) => Failure): unknown {
  if (typeof tree !== 'object' || tree === null || Array.isArray(tree)) return tree;
  const named = new Map<string, unknown>();
  for (const [domain, site] of Object.entries(tree)) {
    if (named.has(plainName(domain))) throw wrong(`${shown(domain)} is there twice`);
    named.set(plainName(domain), site);
  }
  return Object.fromEntries(named);
}

function siteOf(
  domain: string,
  { proxies, redirects, aliases, hsts }: z.output<typeof siteSchema>,
  wrong: (what: string) => Failure,
): CustomSite {
  const places = [...Object.keys(proxies), ...Object.keys(aliases)];
  if (places.length + Object.keys(redirects).length > mostEntries)
    throw wrong(`${domain}: has more than ${mostEntries} entries`);
  const twice = places.find((path, at) => places.indexOf(path) !== at);
  if (twice !== undefined) throw wrong(`${domain}: ${twice} is a proxy and an alias`);
  for (const [pattern, to] of Object.entries(redirects)) {
    const why = unsafeReason(pattern, to);
    if (why !== undefined) throw wrong(`${domain}: redirects: ${shown(pattern)}: ${why}`);
  }
  return {
    proxies: Object.entries(proxies).map(([path, it]) => ({ path, ...it })),
    redirects: Object.entries(redirects).map(([pattern, to]) => ({ pattern, to })),
    aliases: Object.entries(aliases).map(([path, to]) => ({ path, folder: to })),
    hsts: hsts === 'false' ? 'no' : hsts === 'true' ? 'yes' : hsts,
  };
}

/** It needs no look-up, and no certificate is for it. */
export const isFixed = (host: string) => host === 'localhost' || isIP(host.replace(/^\[|\]$/g, '')) !== 0;

function isHost(host: string): boolean {
  if (host.startsWith('[')) return isIPv6(host.slice(1, -1));
  return isIPv4(host) || host === 'localhost' || hostnamePattern.test(host.toLowerCase());
}

/** Of a key that is refused zod has the reason one level down. */
function reasonOf(issue: z.core.$ZodIssue | undefined): string {
  if (issue?.code === 'invalid_key') return issue.issues[0]?.message ?? 'is no such key';
  return (issue?.message ?? 'is wrong').replace(/^Invalid input: /, '');
}

/** One line without control characters: it is shown on a terminal and in the panel. */
const shown = (text: string) => text.replace(/\p{Cc}/gu, '?').slice(0, 200);

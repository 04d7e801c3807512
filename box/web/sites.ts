/** Which web sites the box serves: one for each mail domain, and `www.` before a zone's name leads there. Pure. */
import type { CustomSite } from './custom.ts';

export interface Site {
  readonly domain: string;
  /** Below the storage root's `www`. */
  readonly folder: string;
  readonly custom: CustomSite;
}
export interface Redirect {
  readonly domain: string;
  readonly to: string;
}
export interface WebFacts {
  readonly hostname: string;
  readonly mailDomains: readonly string[];
  readonly zones: readonly string[];
  /** What lies in `www`. */
  readonly folders: readonly string[];
  /** The owner's `www/custom.yaml`. */
  readonly custom: ReadonlyMap<string, CustomSite>;
}

export const plainSite: CustomSite = { proxies: [], redirects: [], aliases: [], hsts: 'yes' };

/**
 * The box's own name is not among them: it is the default server of nginx.conf, with the control panel, and a page of
 * somebody's there would be of the panel's origin.
 */
export function sitesOf({ hostname, mailDomains, zones, folders, custom }: WebFacts): {
  readonly sites: readonly Site[];
  readonly redirects: readonly Redirect[];
} {
  const has = new Set(folders);
  const site = (domain: string): Site => ({
    domain,
    folder: has.has(domain) ? domain : 'default',
    custom: custom.get(domain) ?? plainSite,
  });
  const domains = new Set(mailDomains.filter((domain) => domain !== hostname));
  const redirects: Redirect[] = [];
  for (const zone of zones) {
    const www = `www.${zone}`;
    if (www === hostname || domains.has(www)) continue;
    if (has.has(www) || custom.has(www)) domains.add(www);
    else redirects.push({ domain: www, to: zone });
  }
  return { sites: [...domains].sort().map(site), redirects };
}

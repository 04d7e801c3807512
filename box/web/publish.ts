/** Brings nginx's sites to what they should be: computes, has nginx check it, replaces, and tells nginx. */
import { createHash } from 'node:crypto';
import { hostnamePattern } from '../../contract/settings.ts';
import { zoneNames } from '../dns/records.ts';
import type { Box } from '../machine/box.ts';
import { Failure } from '../machine/failure.ts';
import type { File } from '../machine/machine.ts';
import { paths } from '../machine/paths.ts';
import { command, refreshServices } from '../machine/services.ts';
import { readImage } from '../machine/settings-file.ts';
import { mailDomains } from '../mail/required-aliases.ts';
import { readMailData } from '../mail/users.ts';
import { type CustomSite, readCustomSites } from './custom.ts';
import { nginxText } from './nginx-text.ts';
import { type Redirect, type Site, sitesOf } from './sites.ts';

export interface WantedWeb {
  readonly sites: readonly Site[];
  readonly redirects: readonly Redirect[];
  /** What nginx is to read. */
  readonly file: File;
  /** Why the owner's file is not taken; what was good last holds. */
  readonly problem?: Failure;
  /** The owner's file where it is good, to be kept as the last that was. */
  readonly good?: File;
  /** Domains that the owner's file names and the box does not serve. */
  readonly unserved: readonly string[];
}
/** What the last change came to, for the panel and `box status`. Lives as long as a boot. */
export interface WebOutcome {
  readonly changed: boolean;
  /** Of the text that nginx refused: the same is not tried again at the same boot. */
  readonly refused?: string;
  readonly why?: string;
}

export async function wantedWeb({ machine, settings: { hostname } }: Box): Promise<WantedWeb> {
  const data = await readMailData(machine);
  const domains = mailDomains(hostname, data).filter((domain) => hostnamePattern.test(domain));
  const { custom, problem, good } = await ownersSites({ machine, hostname });
  const zones = zoneNames({ hostname, mailDomains: domains });
  const folders = await machine.list(paths.www);
  const { sites, redirects } = sitesOf({ hostname, mailDomains: domains, zones, folders, custom });
  const { groupware } = await readImage(machine);
  const dav = groupware === undefined ? undefined : `https://${hostname}${groupware.davPath}`;
  const text = nginxText(sites, redirects, dav);
  const served = new Set(sites.map(({ domain }) => domain));
  return {
    sites,
    redirects,
    file: { path: paths.webSites, mode: 0o644, text },
    ...(problem === undefined ? {} : { problem }),
    ...(good === undefined ? {} : { good }),
    unserved: [...custom.keys()].filter((domain) => !served.has(domain)),
  };
}

interface Owners {
  readonly custom: ReadonlyMap<string, CustomSite>;
  readonly problem?: Failure;
  readonly good?: File;
}

async function ownersSites({
  machine,
  hostname,
}: Pick<Box, 'machine'> & { hostname: string }): Promise<Owners> {
  const verifies = await machine.exists(paths.proxyVerified);
  try {
    const text = await machine.read(paths.customSites);
    if (text === undefined) return { custom: new Map() };
    const custom = await readCustomSites(text, hostname, verifies);
    return { custom, good: { path: paths.lastCustomSites, mode: 0o600, text } };
  } catch (problem) {
    if (!(problem instanceof Failure)) throw problem;
    const last = (await machine.read(paths.lastCustomSites)) ?? '';
    // An image with other rules may have written it.
    const custom = await readCustomSites(last, hostname, verifies).catch(() => new Map<string, CustomSite>());
    return { custom, problem };
  }
}

/** Whether there is nothing to do, or nothing that was not tried in vain at this boot. */
export async function isWebPublished(box: Box): Promise<boolean> {
  if (!(await isOwnersFilePrivate(box))) return false;
  const { file, good } = await wantedWeb(box);
  if ((await readOutcome(box))?.refused === hashOf(file)) return true;
  return (await box.machine.holds(file)) && (good === undefined || (await box.machine.holds(good)));
}

/** Writes what is wanted, unless nginx refuses it: then all stays as it was. Root's work, with all of root's powers. */
export async function publishWeb(box: Box): Promise<WebOutcome> {
  const { machine } = box;
  await keepOwnersFilePrivate(box);
  const { file, good } = await wantedWeb(box);
  await machine.putDirectory({ path: paths.run, mode: 0o755 });
  let outcome: WebOutcome = { changed: false };
  if (!(await machine.holds(file))) {
    const why = await refusalOf(box, file);
    if (why === undefined) {
      await machine.put(file);
      await refreshServices(machine, await readImage(machine), [{ service: 'nginx', by: 'reload' }]);
      outcome = { changed: true };
    } else outcome = { changed: false, refused: hashOf(file), why };
  }
  if (outcome.refused === undefined && good !== undefined) await machine.putChanged(good);
  await machine.put({ path: paths.webOutcome, mode: 0o644, text: `${JSON.stringify(outcome)}\n` });
  return outcome;
}

/** It lies where people who upload pages can look around, and may name what is behind the box: it is root's to read. */
const ownersFile = { path: paths.customSites, mode: 0o600 } as const;

/** A link, which is root's own doing, leads out of where they can look. */
async function isOwnersFilePrivate({ machine }: Box): Promise<boolean> {
  return (await machine.isOwned(ownersFile)) || (await machine.linkTarget(ownersFile.path)) !== undefined;
}

/** It is made before there is anything in it, since an editor keeps the mode that a file has. */
async function keepOwnersFilePrivate(box: Box): Promise<void> {
  if (await isOwnersFilePrivate(box)) return;
  if (await box.machine.exists(ownersFile.path)) return box.machine.own(ownersFile);
  await box.machine.put({
    ...ownersFile,
    text: '# Proxies, redirects and aliases by domain. After a change: box web update\n',
  });
}

/**
 * Has the init system do that, where something is to be done: the keeper's cage holds no nginx.
 * @throws Failure when nginx refuses, or the owner's file is wrong.
 */
export async function updateWeb(box: Box): Promise<boolean> {
  const { machine } = box;
  const { problem } = await wantedWeb(box);
  let outcome: WebOutcome | undefined;
  if (!(await isWebPublished(box))) {
    await machine.run(command(await readImage(machine), 'startService', 'box-web'));
    outcome = await readOutcome(box);
  }
  if (problem !== undefined) throw problem;
  if (outcome?.why !== undefined) throw new Failure(outcome.why, 'see all of it: box web update');
  return outcome?.changed === true;
}

/** The same, where it follows from something else: what can't be made is told by `box status`, and stops nothing. */
export async function followWeb(box: Box): Promise<void> {
  await updateWeb(box).catch((error) => {
    if (!(error instanceof Failure)) throw error;
  });
}

export async function readOutcome({ machine }: Pick<Box, 'machine'>): Promise<WebOutcome | undefined> {
  const text = await machine.read(paths.webOutcome);
  return text === undefined ? undefined : (JSON.parse(text) as WebOutcome);
}

/** As nginx.conf has it. */
const included = '/etc/nginx/sites/*.conf';

/** nginx's own words about the whole of its configuration with this file in it. */
async function refusalOf({ machine }: Box, file: File): Promise<string | undefined> {
  const whole = (await machine.read(paths.nginx)) ?? '';
  const candidate = { ...file, path: `${paths.run}/nginx-sites.conf` };
  const test = { path: `${paths.run}/nginx-test.conf`, mode: 0o644 };
  await machine.put(candidate);
  await machine.put({ ...test, text: whole.replace(included, machine.at(candidate.path)) });
  try {
    await machine.run(['nginx', '-t', '-q', '-c', machine.at(test.path)]);
    return undefined;
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    return error.message;
  } finally {
    await machine.remove(candidate.path);
    await machine.remove(test.path);
  }
}

const hashOf = ({ text }: File) => createHash('sha256').update(text).digest('hex');

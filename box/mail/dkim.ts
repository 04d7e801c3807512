/** DKIM: the keys, one for all domains, the records that publish them, and OpenDKIM's tables. */
import { createPublicKey, type KeyObject } from 'node:crypto';
import { bothCount, readRollovers, standing } from '../dns/rollover/state.ts';
import type { Directory, File, Machine } from '../machine/machine.ts';
import { paths } from '../machine/paths.ts';
import { readMailData } from './accounts.ts';
import { mailDomains } from './required-aliases.ts';

/** The first one, as Mail-in-a-Box has it; those after it are `mail-` and a date. */
export const firstSelector = 'mail';
const opendkim = { mode: 0o600, owner: 'opendkim', group: 'opendkim' } as const;

export const keyFile = (selector: string): Directory => ({
  ...opendkim,
  path: `${paths.dkim}/${selector}.private`,
});
const recordPath = (selector: string) => `${paths.dkim}/${selector}.txt`;

export interface Selectors {
  /** Its key signs. */
  readonly signing: string;
  /** Those whose records the zones hold, the one that signs first. */
  readonly published: readonly string[];
}

/** From a rotation's state; else it is the one whose key is there. */
export async function readSelectors(machine: Machine): Promise<Selectors> {
  const { dkim } = await readRollovers(machine);
  const pair = dkim?.pairs[0];
  if (dkim !== undefined && pair !== undefined) {
    const signing = standing(dkim, pair);
    const other = signing === pair.old ? pair.new : pair.old;
    return { signing, published: bothCount(dkim) ? [signing, other] : [signing] };
  }
  const found = (await machine.list(paths.dkim)).flatMap(
    (name) => /^(mail(?:-\d[\d-]*)?)\.private$/.exec(name)?.slice(1, 2) ?? [],
  );
  const signing = found.includes(firstSelector) ? firstSelector : (found.at(-1) ?? firstSelector);
  return { signing, published: [signing] };
}

/** The record's file in the form of `opendkim-genkey -r`: what a zone file takes as it is. */
export function recordFile(selector: string, key: KeyObject): File {
  const pieces = publicKey(key).match(/.{1,250}/g) ?? [];
  const strings = ['v=DKIM1; h=sha256; k=rsa; s=email; ', ...pieces.map((p, i) => (i === 0 ? `p=${p}` : p))];
  const text = `${selector}._domainkey\tIN\tTXT\t( ${strings.map((s) => `"${s}"`).join('\n\t  ')} )\n`;
  return { ...opendkim, path: recordPath(selector), text };
}

export function readRecordFile(machine: Machine, selector: string): Promise<string | undefined> {
  return machine.read(recordPath(selector));
}

/** The strings of a record's file as one: what verifiers see. */
export function recordText(file: string): string {
  return [...file.matchAll(/"([^"]*)"/g)].map(([, text]) => text).join('');
}

/** Whether a record publishes this key, however it is laid out: a restored one keeps its form. */
export function publishes(record: string, key: KeyObject): boolean {
  return /(?:^|;)\s*p=([A-Za-z0-9+/=]+)/.exec(recordText(record))?.[1] === publicKey(key);
}

function publicKey(key: KeyObject): string {
  return createPublicKey(key).export({ type: 'spki', format: 'der' }).toString('base64');
}

/** The secret first. */
export async function removeDkimKey(machine: Machine, selector: string): Promise<void> {
  await machine.remove(keyFile(selector).path);
  await machine.remove(recordPath(selector));
}

/** OpenDKIM signs with the box's key whatever comes from one of these domains. */
export function tables(domains: readonly string[], selector: string): File[] {
  const lines = (line: (domain: string) => string) => domains.map((d) => `${line(d)}\n`).join('');
  const key = keyFile(selector).path;
  return [
    { path: paths.keyTable, mode: 0o644, text: lines((d) => `${d} ${d}:${selector}:${key}`) },
    { path: paths.signingTable, mode: 0o644, text: lines((d) => `*@${d} ${d}`) },
    { path: paths.trustedHosts, mode: 0o644, text: '127.0.0.1\n::1\nlocalhost\n' },
  ];
}

/** The tables for the domains that users.sqlite holds now. */
export async function currentTables(machine: Machine, hostname: string): Promise<File[]> {
  const { signing } = await readSelectors(machine);
  return tables(mailDomains(hostname, await readMailData(machine)), signing);
}

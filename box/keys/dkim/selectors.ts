/** DKIM: the keys, one for all domains, and the records that publish them. */
import { createPublicKey, type KeyObject } from 'node:crypto';
import type { Directory, File, Machine } from '../../machine/machine.ts';
import { paths } from '../../machine/paths.ts';
import { bothCount, readRollovers, standing } from '../rollovers.ts';

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

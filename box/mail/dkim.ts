/** DKIM: the record that publishes the key, and OpenDKIM's tables. One key, selector `mail`, for all domains. */
import { createPublicKey, type KeyObject } from 'node:crypto';
import type { File, Machine } from '../machine.ts';
import { paths } from '../paths.ts';
import { readMailData } from './accounts.ts';
import { mailDomains } from './required-aliases.ts';

export const selector = 'mail';
const opendkim = { mode: 0o600, owner: 'opendkim', group: 'opendkim' } as const;
export const keyFile = { ...opendkim, path: paths.dkimKey } as const;

/** The record's file in the form of `opendkim-genkey -r`: what a zone file takes as it is. */
export function recordFile(key: KeyObject): File {
  const pieces = publicKey(key).match(/.{1,250}/g) ?? [];
  const strings = ['v=DKIM1; h=sha256; k=rsa; s=email; ', ...pieces.map((p, i) => (i === 0 ? `p=${p}` : p))];
  const text = `${selector}._domainkey\tIN\tTXT\t( ${strings.map((s) => `"${s}"`).join('\n\t  ')} )\n`;
  return { ...opendkim, path: paths.dkimRecord, text };
}

/** Whether a record publishes this key, however it is laid out: a restored one keeps its form. */
export function publishes(record: string, key: KeyObject): boolean {
  const strings = [...record.matchAll(/"([^"]*)"/g)].map(([, s]) => s).join('');
  return /(?:^|;)\s*p=([A-Za-z0-9+/=]+)/.exec(strings)?.[1] === publicKey(key);
}

function publicKey(key: KeyObject): string {
  return createPublicKey(key).export({ type: 'spki', format: 'der' }).toString('base64');
}

/** OpenDKIM signs with the box's key whatever comes from one of these domains. */
export function tables(domains: readonly string[]): File[] {
  const lines = (line: (domain: string) => string) => domains.map((d) => `${line(d)}\n`).join('');
  return [
    { path: paths.keyTable, mode: 0o644, text: lines((d) => `${d} ${d}:${selector}:${paths.dkimKey}`) },
    { path: paths.signingTable, mode: 0o644, text: lines((d) => `*@${d} ${d}`) },
    { path: paths.trustedHosts, mode: 0o644, text: '127.0.0.1\n::1\nlocalhost\n' },
  ];
}

/** The tables for the domains that users.sqlite holds now. */
export async function currentTables(machine: Machine, hostname: string): Promise<File[]> {
  return tables(mailDomains(hostname, await readMailData(machine)));
}

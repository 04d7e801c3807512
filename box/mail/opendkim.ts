/** OpenDKIM's tables: which domain is signed with which key. They are brought up to date, and it is told. */
import { keyFile, readSelectors } from '../keys/dkim/selectors.ts';
import type { File, Machine } from '../machine/machine.ts';
import { paths } from '../machine/paths.ts';
import { refreshServices } from '../machine/services.ts';
import { readImage } from '../machine/settings-file.ts';
import { mailDomains } from './required-aliases.ts';
import { readMailData } from './users.ts';

export async function updateTables(machine: Machine, hostname: string): Promise<void> {
  let changed = false;
  for (const table of await currentTables(machine, hostname)) {
    if (await machine.putChanged(table)) changed = true;
  }
  if (changed) await reloadOpendkim(machine);
}

export async function reloadOpendkim(machine: Machine): Promise<void> {
  await refreshServices(machine, await readImage(machine), [{ service: 'opendkim', by: 'reload' }]);
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

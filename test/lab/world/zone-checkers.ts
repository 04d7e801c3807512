/** What dnsviz and zonemaster say of a zone of the lab, each asking from the lab's root on. */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { output } from '../../rig/program.ts';
import type { LabDns } from './zone.ts';

/** Lines `LEVEL TAG details` of what is worth a notice or more. */
export async function zonemaster({ folder, namespace, address }: LabDns, zone: string): Promise<string[]> {
  const hints = path.join(folder, 'hints');
  writeFileSync(hints, `. 3600000 NS ns.lab.\nns.lab. 3600000 A ${address}\n`);
  const options = ['--hints', hints, '--level', 'NOTICE', '--no-progress', '--raw'];
  const said = await output([...namespace.prefix, 'zonemaster-cli', ...options, zone]);
  return said
    .split('\n')
    .flatMap((line) => /^\s*[\d.]+\s+((NOTICE|WARNING|ERROR|CRITICAL)\s.*)/.exec(line)?.[1] ?? [])
    .map((line) => line.trim().replace(/\s+/g, ' '));
}

export interface Graded {
  /** `SECURE` where the chain from the root holds. */
  readonly delegation: string | undefined;
  /** Errors and warnings, each with its place. */
  readonly complaints: readonly string[];
}

/** By zone. */
export async function dnsviz(
  { folder, namespace, address }: LabDns,
  names: readonly string[],
): Promise<ReadonlyMap<string, Graded>> {
  const [probe, graded, anchor] = ['probe.json', 'graded.json', 'anchor.key'].map((name) =>
    path.join(folder, name),
  ) as [string, string, string];
  writeFileSync(anchor, rootKey(folder));
  const from = ['-A', '-a', '.', '-x', `.:ns.lab=${address}`, '-o', probe];
  await output([...namespace.prefix, 'dnsviz', 'probe', ...from, ...names]);
  const grok = fileURLToPath(new URL('grade-zones.py', import.meta.url));
  // The system's Python, which has the package.
  const argv = ['/usr/bin/python3', grok, '-l', 'info', '-t', anchor, '-r', probe, '-o', graded];
  await output(argv);
  const found = JSON.parse(readFileSync(graded, 'utf8')) as Record<
    string,
    { delegation?: { status?: string } }
  >;
  return new Map(
    Object.entries(found).map(([zone, all]) => [
      zone,
      { delegation: all.delegation?.status, complaints: complaintsIn(all, zone) },
    ]),
  );
}

function complaintsIn(value: unknown, place: string): string[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, inner]) =>
    name === 'errors' || name === 'warnings'
      ? [`${place} ${name}: ${JSON.stringify(inner)}`]
      : complaintsIn(inner, `${place}/${name}`),
  );
}

/** The root's key signing key as dnsviz reads it. */
function rootKey(folder: string): string {
  for (const name of readdirSync(folder).filter((name) => /^K\.\+.*\.key$/.test(name))) {
    const [, key] = /(DNSKEY\s+257 [^;]*)/.exec(readFileSync(path.join(folder, name), 'utf8')) ?? [];
    if (key !== undefined) return `. 3600 IN ${key.trim()}\n`;
  }
  throw new Error(`no key of the root in ${folder}`);
}

/** SHA-256 of the archives that a base was made of: looked at once for each base, and noted beside it. */
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { writeFileAtomically } from '../host/write.ts';
import { checksum } from './digest.ts';

/** By name. What was cleared away since has none. */
export type DebDigests = Readonly<Record<string, string>>;

/** `base`: the folder of the base; `debs`: where apt's archives are kept. */
export async function debDigests(names: readonly string[], base: string, debs: string): Promise<DebDigests> {
  const notes = path.join(base, 'debs.json');
  const noted = existsSync(notes) ? (JSON.parse(readFileSync(notes, 'utf8')) as DebDigests) : {};
  const fresh = names.filter((name) => noted[name] === undefined && existsSync(path.join(debs, name)));
  if (fresh.length === 0) return noted;
  const found: Record<string, string> = { ...noted };
  for (const name of fresh.sort()) found[name] = await checksum(path.join(debs, name));
  if (existsSync(base)) writeFileAtomically(notes, `${JSON.stringify(found, null, 2)}\n`);
  return found;
}

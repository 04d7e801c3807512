/**
 * The keys that secondaries show when they fetch the zones (TSIG, RFC 8945): one for each, made on this box.
 *
 * A secret passes from the random source into a file for root alone, and into one that NSD reads before it gives its
 * rights up; it is in no command line.
 */
import { randomBytes } from 'node:crypto';
import type { File, Machine } from '../machine/machine.ts';
import { paths } from '../machine/paths.ts';
import type { Secondary } from './secondaries.ts';

export const tsigAlgorithm = 'hmac-sha256';

export interface TsigKey {
  readonly name: string;
  /** In base64. */
  readonly secret: string;
}

const fileOf = (name: string) => `${paths.tsig}/${name}.key`;

/** The keys that are there, of those that the secondaries must show. */
export async function readTsigKeys(machine: Machine, secondaries: readonly Secondary[]): Promise<TsigKey[]> {
  const keys: TsigKey[] = [];
  for (const name of namesOf(secondaries)) {
    const secret = (await machine.read(fileOf(name)))?.trim();
    if (secret !== undefined && /^[A-Za-z0-9+/]{43}=$/.test(secret)) keys.push({ name, secret });
  }
  return keys;
}

/** Whether each of the secondaries that must show a key has one. */
export async function hasTsigKeys(machine: Machine, secondaries: readonly Secondary[]): Promise<boolean> {
  return (await readTsigKeys(machine, secondaries)).length === namesOf(secondaries).length;
}

/** Makes those that are missing. */
export async function makeTsigKeys(machine: Machine, secondaries: readonly Secondary[]): Promise<void> {
  const there = new Set((await readTsigKeys(machine, secondaries)).map(({ name }) => name));
  for (const name of namesOf(secondaries)) {
    if (there.has(name)) continue;
    await machine.putDirectory({ path: paths.tsig, mode: 0o700 });
    await machine.put({ path: fileOf(name), mode: 0o600, text: `${randomBytes(32).toString('base64')}\n` });
  }
}

/** A secondary that is entered again later gets another key. */
export async function removeTsigKey(machine: Machine, name: string): Promise<void> {
  await machine.remove(fileOf(name));
}

/** What NSD reads. */
export function tsigFile(keys: readonly TsigKey[]): File {
  const clauses = keys.flatMap(({ name, secret }) => [
    'key:',
    `\tname: "${name}"`,
    `\talgorithm: ${tsigAlgorithm}`,
    `\tsecret: "${secret}"`,
  ]);
  return {
    path: paths.nsdKeys,
    mode: 0o600,
    text: ['# Made by the box program; every change is lost.', ...clauses, ''].join('\n'),
  };
}

function namesOf(secondaries: readonly Secondary[]): string[] {
  return [...new Set(secondaries.flatMap(({ key }) => key ?? []))];
}

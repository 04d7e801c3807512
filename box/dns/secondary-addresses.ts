/** The addresses of the secondaries' names: looked up by whoever changes the zones, and remembered for a boot without a network. */
import { isIP } from 'node:net';
import type { Machine } from '../machine/machine.ts';
import { paths } from '../machine/paths.ts';
import { readOwners } from './facts.ts';
import { secondaryName, takeSecondaries } from './secondaries.ts';

export type SecondaryAddresses = Readonly<Record<string, readonly string[]>>;

/** As they were looked up last. */
export async function readSecondaryAddresses(machine: Machine): Promise<SecondaryAddresses> {
  const text = await machine.read(paths.secondaryAddresses);
  return text === undefined ? {} : (JSON.parse(text) as SecondaryAddresses);
}

/** Looks all names up, at once. One that has no answer now keeps the addresses that it had. */
export async function lookUpSecondaries(machine: Machine): Promise<void> {
  const before = await readSecondaryAddresses(machine);
  const mentioned = ((await machine.read(paths.customRecords)) ?? '').toLowerCase().includes(secondaryName);
  if (!mentioned && Object.keys(before).length === 0) return;
  const { secondaries } = takeSecondaries((await readOwners({ machine })).custom);
  const hosts = [...new Set(secondaries.flatMap(({ host }) => host ?? []))].sort();
  const found = await Promise.all(
    hosts.map(async (host) => {
      const now = await addressesOf(machine, host);
      return [host, now.length > 0 ? now : (before[host] ?? [])] as const;
    }),
  );
  const text = `${JSON.stringify(Object.fromEntries(found))}\n`;
  await machine.putChanged({ path: paths.secondaryAddresses, mode: 0o644, text });
}

/** By the box's own resolver, which validates. */
async function addressesOf(machine: Machine, host: string): Promise<string[]> {
  const question = ['dig', '+short', '+tries=2', '+time=3', host, 'A', host, 'AAAA'];
  // dig(1) exits 9 when nobody answers.
  const answer = await machine.run(question).catch(() => '');
  // The names that an alias leads over are among the lines.
  return answer
    .split('\n')
    .filter((line) => isIP(line) !== 0)
    .sort();
}

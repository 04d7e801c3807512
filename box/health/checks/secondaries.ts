/** The other name servers of the zones: known by address, and not behind. */
import { ask } from '../../dns/ask.ts';
import { signedFile } from '../../dns/name-server.ts';
import type { Secondary } from '../../dns/secondaries.ts';
import { readSecondaryAddresses } from '../../dns/secondary-addresses.ts';
import { readSigned } from '../../dns/zone.ts';
import type { Machine } from '../../machine/machine.ts';
import { type CheckResult, error, warning } from './check.ts';

const titleOf = (host: string) => `secondary name server ${host}`;

/** Each name must have led to an address, or nobody is told of changes there. */
export async function secondariesAreFound(
  machine: Machine,
  secondaries: readonly Secondary[],
): Promise<CheckResult[]> {
  const addresses = await readSecondaryAddresses(machine);
  return secondaries.flatMap(({ host }) => {
    if (host === undefined || (addresses[host] ?? []).length > 0) return [];
    return warning(
      titleOf(host),
      'has no address, so it gets no zone',
      'is its name right? Then: box dns update',
      'dns',
    );
  });
}

/** Asks each of their addresses for the zone's serial. Good news is not told of each of a thousand zones. */
export async function secondariesAnswer(
  machine: Machine,
  zone: string,
  secondaries: readonly Secondary[],
): Promise<CheckResult[]> {
  const addresses = await readSecondaryAddresses(machine);
  const serial = readSigned((await machine.read(signedFile(zone))) ?? '')?.serial;
  const results: CheckResult[] = [];
  for (const { host } of secondaries) {
    for (const address of addresses[host ?? ''] ?? []) {
      const [soa = ''] = await ask(machine, [`@${address}`, '+norecurse', zone, 'SOA']);
      const theirs = soa.split(' ')[2];
      const title = `${titleOf(host ?? '')}, ${address}`;
      if (theirs === undefined)
        results.push(
          error(title, `does not answer for ${zone}`, 'is it told to fetch the zone from this box?'),
        );
      else if (Number(theirs) !== serial) {
        const text = `has serial ${theirs} of ${zone}, and this box ${serial}`;
        results.push(warning(title, text, 'it fetches the zone again by itself; if not, look there'));
      }
    }
  }
  return results;
}

/** The public IPv4 address that a cloud's metadata service tells, where the machine itself has a private one (1:1 NAT). */
import type { Machine } from '../machine/machine.ts';
import { paths } from '../machine/paths.ts';
import { isPrivate, whyNotPublic } from './addresses.ts';

/**
 * Where datasources have it, in what cloud-init keeps of each (`ds` of its instance data). Which cloud has which is in the test,
 * test/unit/box/dns/zones.test.ts. Some don't tell, and cloud-init 0.7.5 keeps nothing of it.
 */
const places: readonly (readonly (string | 0)[])[] = [
  ['public-ipv4'],
  ['public_ip', 'address'],
  ['imds', 'network', 'interface', 0, 'ipv4', 'ipAddress', 0, 'publicIpAddress'],
  ['reserved_ip', 'ipv4', 'ip_address'],
];

/** By which name that is kept: of most datasources; of one that keeps it as it came; and, beside its own, in another cloud's form. */
const kept = ['meta_data', 'meta-data', 'ec2_metadata'] as const;

/** Undefined where the world reaches an address of the machine's own, and where no cloud tells one. */
export async function cloudIpv4(machine: Machine): Promise<string | undefined> {
  const own = machine.addresses().filter(({ family }) => family === 4);
  if (own.some((address) => !isPrivate(address) && whyNotPublic(address.address) === undefined))
    return undefined;
  const metadata = metadataIn(await machine.read(paths.instanceData));
  return kept
    .flatMap((name) => places.map((place) => valueAt(metadata, [name, ...place])))
    .find((value): value is string => typeof value === 'string' && whyNotPublic(value) === undefined);
}

function metadataIn(text: string | undefined): unknown {
  try {
    return valueAt(JSON.parse(text ?? '{}'), ['ds']);
  } catch {
    // It was cut off while it was written.
    return undefined;
  }
}

function valueAt(tree: unknown, place: readonly (string | 0)[]): unknown {
  return place.reduce<unknown>(
    (node, key) =>
      typeof node === 'object' && node !== null && Object.hasOwn(node, key)
        ? (node as Record<string | number, unknown>)[key]
        : undefined,
    tree,
  );
}

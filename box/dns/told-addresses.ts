/**
 * The public addresses that the box is told: by its cloud, in its settings, or since by `box dns address set`, where they change.
 *
 * They lie beside the settings and not with the state: a storage root that is brought to another machine must not
 * bring the old one's address.
 */
import type { Box } from '../machine/box.ts';
import type { File, Machine } from '../machine/machine.ts';
import { paths } from '../machine/paths.ts';
import { cloudIpv4 } from './cloud-address.ts';

export interface Told {
  readonly ipv4?: string;
  readonly ipv6?: string;
}

/** For each family what was told last, else what the settings say, else what the cloud does. */
export async function toldAddresses({ machine, settings }: Box): Promise<Told> {
  const { publicIpv4, publicIpv6 } = settings;
  const byCloud = publicIpv4 === undefined ? await cloudIpv4(machine) : undefined;
  return {
    ...(byCloud === undefined ? {} : { ipv4: byCloud }),
    ...(publicIpv4 === undefined ? {} : { ipv4: publicIpv4 }),
    ...(publicIpv6 === undefined ? {} : { ipv6: publicIpv6 }),
    ...(await readTold(machine)),
  };
}

/** What `box dns address set` was told. */
export async function readTold(machine: Machine): Promise<Told> {
  const text = await machine.read(paths.toldAddresses);
  return text === undefined ? {} : (JSON.parse(text) as Told);
}

export function toldFile(told: Told): File {
  return { path: paths.toldAddresses, mode: 0o644, text: `${JSON.stringify(told)}\n` };
}

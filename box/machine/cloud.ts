/** At which cloud this machine is, as its firmware says: whichever datasource the user-data came from. */
import type { KnownCloud } from '../../contract/clouds.ts';
import type { Machine } from './machine.ts';
import { paths } from './paths.ts';

/** Undefined: on one's own hosts, or at a cloud that the image does not know. */
export async function cloudOf(machine: Machine): Promise<KnownCloud | undefined> {
  const known = JSON.parse((await machine.read(paths.clouds)) ?? '[]') as readonly KnownCloud[];
  const said = async (field: string) => (await machine.read(`${paths.firmware}/${field}`))?.trim() ?? '';
  for (const cloud of known)
    for (const [field, words] of Object.entries(cloud.firmware))
      if (words.includes(await said(field))) return cloud;
  return undefined;
}

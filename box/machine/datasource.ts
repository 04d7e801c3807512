/** Where cloud-init looked for user-data and what this machine shows, for an owner whose box found none. */
import type { Machine } from './machine.ts';
import { paths } from './paths.ts';

/** Without user-data a box waits closed; this is all that its owner can see of it. */
export async function nothingFound(machine: Machine): Promise<{ error: string; hint: string }> {
  const found = await foundDatasource(machine);
  const said =
    found === undefined
      ? `cloud-init looked for ${(await lookedFor(machine)).join(', ')}, and found none of them`
      : `cloud-init found ${found}, which has none`;
  const disks = await shownDisks(machine);
  return {
    error: `no settings: there is no user-data: ${said}`,
    hint: `\`letterbox build\` writes the user-data; give it to the cloud, or attach the seed disk (here: ${await maker(machine)}; ${disks})`,
  };
}

/** The datasource that gave this boot something, in cloud-init's words; undefined where there was none. */
async function foundDatasource(machine: Machine): Promise<string | undefined> {
  try {
    const { v1 } = JSON.parse((await machine.read(paths.cloudInitStatus)) ?? '{}') as {
      v1?: { datasource?: string | null };
    };
    const name = v1?.datasource ?? undefined;
    return name === undefined || /^DataSourceNone\b/.test(name) ? undefined : name.replace(/^DataSource/, '');
  } catch {
    // It was cut off while it wrote.
    return undefined;
  }
}

async function lookedFor(machine: Machine): Promise<string[]> {
  const list =
    /^datasource_list: *\[(.*)\]/m.exec((await machine.read(paths.cloudInitConfig)) ?? '')?.[1] ?? '';
  return list
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '' && name !== 'None');
}

/** Who made this machine, as its firmware says (SMBIOS type 1): clouds are told by it. */
async function maker(machine: Machine): Promise<string> {
  const fields = ['sys_vendor', 'product_name'];
  const read = await Promise.all(fields.map((name) => machine.read(`/sys/devices/virtual/dmi/id/${name}`)));
  const words = read.map((text) => text?.trim() ?? '').filter((word) => word !== '');
  return words.length === 0 ? 'a machine without a name' : words.join(' ');
}

/** Disks and drives with the labels by which a seed is known (`cidata`, `config-2`). */
async function shownDisks(machine: Machine): Promise<string> {
  const { code, out } = await machine.outcome(['lsblk', '-dnro', 'NAME,LABEL']);
  const disks = out
    .trim()
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => {
      const [name = '', label = ''] = line.split(' ');
      return label === '' ? `${name} without a label` : `${name} labelled ${label}`;
    });
  return code !== 0 || disks.length === 0 ? 'no disks are seen' : `disks: ${disks.join(', ')}`;
}

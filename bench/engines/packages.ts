/** Packages that an image lacks, from the mirror that it was made from: fetched by the build host's apt, installed in a box. */
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { findSources } from '../../builder/bake/base/bootstrap.ts';
import { sourcesList } from '../../builder/bake/base/sources.ts';
import type { LabBox } from '../../test/lab/world/nspawn.ts';
import { output } from '../../test/rig/program.ts';
import { release } from '../../test/rig/release.ts';

/** What they depend on must be in the image, or named. */
export async function install(box: LabBox, folder: string, packages: readonly string[]): Promise<void> {
  if (release.base.kind !== 'bootstrap') throw new Error(`${release.name} is not made from a mirror`);
  const place = path.join(folder, 'apt');
  for (const name of ['lists/partial', 'archives/partial', 'debs'])
    mkdirSync(path.join(place, name), { recursive: true });
  const sources = await findSources(release.base, undefined);
  writeFileSync(path.join(place, 'sources.list'), sourcesList(release.base, sources));
  writeFileSync(path.join(place, 'status'), '');
  const settings = {
    'Dir::State::lists': `${place}/lists`,
    'Dir::State::status': `${place}/status`,
    'Dir::Cache': place,
    'Dir::Etc::sourcelist': `${place}/sources.list`,
    'Dir::Etc::sourceparts': '/dev/null',
    'APT::Sandbox::User': 'root',
  };
  const apt = ['apt-get', ...Object.entries(settings).flatMap(([name, value]) => ['-o', `${name}=${value}`])];
  await output([...apt, 'update']);
  await output([
    'sh',
    '-c',
    'cd "$1"; shift; exec "$@"',
    'sh',
    `${place}/debs`,
    ...apt,
    'download',
    ...packages,
  ]);
  const files = readdirSync(path.join(place, 'debs'));
  for (const [i, file] of files.entries())
    await box.run(`cat >/root/${i}.deb`, readFileSync(path.join(place, 'debs', file)));
  await box.run(`DEBIAN_FRONTEND=noninteractive dpkg -i ${files.map((_, i) => `/root/${i}.deb`).join(' ')}`);
}

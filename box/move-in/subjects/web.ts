/** Web sites: their folders, and proxies, redirects and aliases of `www/custom.yaml`. */

import { Failure } from '../../machine/failure.ts';
import { paths } from '../../machine/paths.ts';
import { readCustomSites } from '../../web/custom.ts';
import { counted, ofTheOldBox } from '../old-box.ts';
import type { Subject } from './subject.ts';

export const webSubject: Subject = {
  title: 'web sites',
  folders: [
    {
      path: paths.www,
      owner: 'user-data:user-data',
      modes: 'D0755,F0644',
      // Anchored: a site may have files of these names.
      without: ['/*.conf', '/custom.yaml', '/.removed'],
    },
  ],
  async look({ folder, machine }, { settings: { hostname } }) {
    const names = await machine.list(paths.www);
    const sites: string[] = [];
    for (const name of names) if (await machine.isFolder(`${paths.www}/${name}`)) sites.push(name);
    const stays = names
      .filter((name) => name.endsWith('.conf'))
      .map(
        (name) =>
          `www/${name}: a box takes no configuration of nginx; proxies, redirects and aliases can be in custom.yaml`,
      );
    const text = await machine.read(paths.customSites);
    if (text !== undefined) {
      const read = await readCustomSites(text, hostname, await machine.exists(paths.proxyVerified)).catch(
        (error) => ofTheOldBox(folder, error),
      );
      if (read instanceof Failure)
        stays.push(`${read.message}: the file comes, and takes effect once that is corrected`);
    }
    if (sites.length === 0) return { stays };
    return {
      comes: counted(sites.length, 'folder') + (text === undefined ? '' : ', and custom.yaml'),
      stays,
    };
  },
  async lay({ machine }, _box, fresh) {
    const text = await machine.read(paths.customSites);
    if (text === undefined) return;
    await fresh.putDirectory({ path: paths.www, mode: 0o755 });
    await fresh.put({ path: paths.customSites, mode: 0o600, text });
  },
};

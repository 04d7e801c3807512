/** People's Sieve scripts, and which of them is active: that is a link. */
import { paths } from '../../machine/paths.ts';
import { counted } from '../old-box.ts';
import type { Subject } from './subject.ts';

export const filtersSubject: Subject = {
  title: 'filters',
  folders: [
    {
      path: paths.sieve,
      owner: 'mail:mail',
      modes: 'D0700,F0600',
      // Compiled by another version.
      without: ['*.svbin', 'tmp'],
    },
  ],
  async look({ machine }) {
    let active = 0;
    for (const domain of await machine.list(paths.sieve))
      active += (await machine.list(`${paths.sieve}/${domain}`)).filter((name) =>
        name.endsWith('.sieve'),
      ).length;
    return active === 0 ? {} : { comes: `filters (Sieve) of ${counted(active, 'account')}` };
  },
  // A link that names its script by its whole place; those beside it are copied.
  async lay({ machine }, _box, fresh) {
    for (const domain of await machine.list(paths.sieve))
      for (const name of await machine.list(`${paths.sieve}/${domain}`)) {
        const target = await machine.linkTarget(`${paths.sieve}/${domain}/${name}`);
        const [, script] = /^\/.*\/mail\/sieve\/[^/]+\/([^/]+\/[^/]+)$/.exec(target ?? '') ?? [];
        if (script === undefined || !(await fresh.isPlainFile(`${paths.sieve}/${domain}/${script}`)))
          continue;
        await fresh.link(`${paths.sieve}/${domain}/${name}`, script);
        await fresh.run(['chown', '-h', 'mail:mail', '--', fresh.at(`${paths.sieve}/${domain}/${name}`)]);
      }
  },
};

/** Whoever tries passwords is banned: fail2ban runs, and how many it keeps out. */
import { command } from '../../machine/services.ts';
import { readBans } from '../bans.ts';
import { type Check, error, ok } from './check.ts';

export const strangersAreBanned: Check = async ({ machine, image }) => {
  const title = 'brute force';
  const bans = await readBans(machine);
  if (bans === undefined) {
    const start = command(image, 'startService', 'fail2ban').join(' ');
    const what = 'fail2ban does not run: nobody who tries passwords is stopped';
    return [error(title, what, `look at /var/log/fail2ban.log, then: ${start}`)];
  }
  const many = new Set(bans.map(({ address }) => address)).size;
  return [
    ok(title, many === 0 ? 'fail2ban runs; nobody is banned' : `fail2ban runs; ${many} banned: box ban list`),
  ];
};

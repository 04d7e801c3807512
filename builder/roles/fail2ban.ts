/** Bans whoever tries passwords: a jail for each group of ports that takes the same ones. */
import { isAtLeast } from './dialect.ts';
import { hasRole, type Role } from './role.ts';

const minute = 60;
const hour = 60 * minute;
const day = 24 * hour;

/**
 * Tries that are borne within a time, in seconds, and how long the ban is then. The guide's numbers of tries; its time
 * for them, half a minute, lets somebody patient try for ever. A telephone with an old password comes back by itself.
 */
const jails = [
  { name: 'sshd', ports: [22], maxRetry: 7, findTime: 10 * minute, banTime: hour },
  // One password opens all of these, so who is banned from one is banned from all.
  {
    name: 'mail',
    ports: [465, 587, 993, 995, 4190],
    maxRetry: 20,
    findTime: 10 * minute,
    banTime: 10 * minute,
  },
  { name: 'panel', ports: [80, 443], maxRetry: 20, findTime: 10 * minute, banTime: 10 * minute },
  { name: 'groupware', ports: [80, 443], maxRetry: 20, findTime: 10 * minute, banTime: 10 * minute },
  { name: 'webmail', ports: [80, 443], maxRetry: 20, findTime: 10 * minute, banTime: 10 * minute },
];
/** Who was banned ten times in a day stays out for a week, and of everything. */
const recidive = { maxRetry: 10, findTime: day, banTime: 7 * day };

export const fail2ban: Role = {
  name: 'fail2ban',
  summary: 'bans whoever tries passwords, by IPv4 address or IPv6 network',
  shared: ['publicTcpPorts'],
  plan: (config, release) => ({
    ports: [],
    values: {
      jails: jails
        .filter(({ name }) => hasRole(name, config, release))
        .map(({ ports, ...jail }) => ({ ...jail, ports: ports.join(',') })),
      recidive,
      // Older ones know IPv4 alone.
      bansIpv6: isAtLeast(release.versions.fail2ban, '0.10'),
    },
  }),
};

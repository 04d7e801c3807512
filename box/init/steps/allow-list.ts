/** Who is never banned, and may have as many connections as they like: the box itself, and whom the settings name. */
import type { Settings } from '../../../contract/settings.ts';
import { toldAddresses } from '../../dns/told-addresses.ts';
import type { Address } from '../../machine/machine.ts';
import { networkOf } from '../../machine/network.ts';
import { paths } from '../../machine/paths.ts';
import { filesStep } from './files-step.ts';

/** IPv4 and IPv6 apart: some fail2ban know IPv4 alone, and jail.d/zz-box.conf of such a release leaves the others out. */
export function allowListText(
  { bruteForce }: Pick<Settings, 'bruteForce'>,
  own: readonly Address[],
  publicIpv4: string | undefined,
): string {
  const told = bruteForce?.allow ?? [];
  // Where the box is behind NAT, its own programs may reach it by its public address.
  const behindNat = publicIpv4 === undefined ? [] : [publicIpv4];
  const ownIpv4 = own.filter(({ family }) => family === 4).map(({ address }) => address);
  // Of the box's own IPv6 addresses none is here: in the log they stand for their network, which has neighbours in it.
  // What the box says to itself comes by loopback, which no ban touches.
  const allow4 = ['127.0.0.0/8', ...ownIpv4, ...behindNat, ...told.filter((entry) => !entry.includes(':'))];
  const allow6 = ['::/64', ...told.filter((entry) => entry.includes(':')).map(networkOf)];
  return [
    '# Who is never banned. `box init` writes this, from the settings and the box’s addresses.',
    '[DEFAULT]',
    `allow4 = ${[...new Set(allow4)].join(' ')}`,
    `allow6 = ${[...new Set(allow6)].join(' ')}`,
    '',
  ].join('\n');
}

/** One network a line, for the fence; what the box says to itself passes it anyway. */
export function unlimitedText({ bruteForce }: Pick<Settings, 'bruteForce'>): string {
  return (bruteForce?.allow ?? []).map((entry) => `${networkOf(entry)}\n`).join('');
}

export const allowListStep = filesStep(
  'allow-list',
  async (box) => {
    const { ipv4 } = await toldAddresses(box);
    return [
      {
        path: paths.allowList,
        mode: 0o644,
        text: allowListText(box.settings, box.machine.addresses(), ipv4),
      },
      // `box ready` opens the fence after this, and the fence reads it then.
      { path: paths.unlimited, mode: 0o644, text: unlimitedText(box.settings) },
    ];
  },
  { refresh: [{ service: 'fail2ban', by: 'reload' }], optional: true },
);

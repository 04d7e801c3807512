/** Rules about addresses: those of the box can be reached by the world, and a URL keeps no secret. */
import { BlockList, isIP } from 'node:net';
import { type Finding, type Rule, when } from './rule.ts';

/** Special ranges (RFC 6890), with what to call them. Documentation ranges are allowed: examples use them. */
const special: readonly [family: 'ipv4' | 'ipv6', net: string, prefix: number, name: string][] = [
  ['ipv4', '0.0.0.0', 8, 'an unspecified address'],
  ['ipv4', '10.0.0.0', 8, 'a private address'],
  ['ipv4', '100.64.0.0', 10, "an address of the provider's own network"],
  ['ipv4', '127.0.0.0', 8, 'a loopback address'],
  ['ipv4', '169.254.0.0', 16, 'a link-local address'],
  ['ipv4', '172.16.0.0', 12, 'a private address'],
  ['ipv4', '192.168.0.0', 16, 'a private address'],
  ['ipv4', '224.0.0.0', 4, 'a multicast address'],
  ['ipv4', '240.0.0.0', 4, 'a reserved address'],
  ['ipv6', '::', 128, 'an unspecified address'],
  ['ipv6', '::1', 128, 'a loopback address'],
  ['ipv6', '::ffff:0:0', 96, 'an IPv4 address written as IPv6'],
  ['ipv6', 'fc00::', 7, 'a private address'],
  ['ipv6', 'fe80::', 10, 'a link-local address'],
  ['ipv6', 'ff00::', 8, 'a multicast address'],
];

const reachable = (key: 'publicIpv4' | 'publicIpv6', address: string | undefined): readonly Finding[] => {
  const family = key === 'publicIpv4' ? 'ipv4' : 'ipv6';
  const [, , , name] =
    special.find(([of, net, prefix]) => {
      if (address === undefined || of !== family) return false;
      const range = new BlockList();
      range.addSubnet(net, prefix, family);
      return range.check(address, family);
    }) ?? [];
  return when(
    name !== undefined,
    ['box', key],
    `must be an address that the world can reach (${address} is ${name})`,
    "write the public one, or remove the key: then the interface's own address counts",
  );
};

function hasLogin(url: string | undefined): boolean {
  if (url === undefined) return false;
  const { username, password } = new URL(url);
  return username !== '' || password !== '';
}

/** The widest network that may be allowed: what one provider or company has. */
const widest = { 4: 8, 6: 20 } as const;

export const networkRules: readonly Rule[] = [
  {
    name: 'the allow-list is no open door',
    holds: `No network in \`bruteForce.allow\` is wider than /${widest[4]} for IPv4 or /${widest[6]} for IPv6.`,
    reads: ['bruteForce.allow'],
    check: ({ bruteForce: { allow } }) =>
      allow.flatMap((entry, index) => {
        const [address = '', length] = entry.split('/');
        const limit = widest[isIP(address) as 4 | 6];
        return when(
          length !== undefined && Number(length) < limit,
          ['bruteForce', 'allow', index],
          `must not be wider than /${limit} (${entry} lets too many try passwords for ever)`,
          'write the addresses that you log in from',
        );
      }),
  },
  {
    name: 'the public IPv4 address is public',
    holds: '`box.publicIpv4` is not a private, loopback, link-local, multicast or reserved address.',
    reads: ['box.publicIpv4'],
    check: ({ box }) => reachable('publicIpv4', box.publicIpv4),
  },
  {
    name: 'the public IPv6 address is public',
    holds: '`box.publicIpv6` is not one either.',
    reads: ['box.publicIpv6'],
    check: ({ box }) => reachable('publicIpv6', box.publicIpv6),
  },
  {
    name: 'the mirror is asked without a password',
    holds: '`image.mirror` has no user name or password in it: the log of a bake would tell it.',
    reads: ['image.mirror'],
    check: ({ image: { mirror } }) =>
      when(
        hasLogin(mirror),
        ['image', 'mirror'],
        'must not have a user name or password',
        'leave out what stands before the @, and let the mirror admit the build host by its address',
      ),
  },
  {
    name: 'the password of an ESM mirror is in no config',
    holds: "`image.esmMirror` has none in it either: apt's own files on the build host tell it.",
    reads: ['image.esmMirror'],
    check: ({ image: { esmMirror } }) =>
      when(
        hasLogin(esmMirror),
        ['image', 'esmMirror'],
        'must not have a user name or password',
        'write it into /etc/apt/auth.conf.d/ of this machine (apt_auth.conf(5)), and leave out what stands before the @',
      ),
  },
];

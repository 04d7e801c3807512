/** Addresses and the networks they lie in. */
import { isIPv6 } from 'node:net';

/** An IPv6 address, or a network that is narrower, as the /64 it lies in; anything else as it is. */
export function networkOf(entry: string): string {
  const [address = '', length = '128'] = entry.split('/');
  if (!isIPv6(address) || Number(length) <= 64) return entry;
  return `${expandIpv6(address).slice(0, 4).join(':')}::/64`;
}

/** The eight groups of an IPv6 address, without leading zeros. */
export function expandIpv6(address: string): string[] {
  // The last 32 bits may be written as an IPv4 address (RFC 4291, section 2.2).
  const plain = address.replace(/(\d+)\.(\d+)\.(\d+)\.(\d+)$/, (_, a, b, c, d) =>
    [Number(a) * 256 + Number(b), Number(c) * 256 + Number(d)].map((n) => n.toString(16)).join(':'),
  );
  const [head = '', tail] = plain.toLowerCase().split('::');
  const words = (text: string) => text.split(':').filter(Boolean);
  const [before, after] = [words(head), words(tail ?? '')];
  const zeros = tail === undefined ? 0 : 8 - before.length - after.length;
  return [...before, ...Array<string>(zeros).fill('0'), ...after].map((word) =>
    Number.parseInt(word, 16).toString(16),
  );
}

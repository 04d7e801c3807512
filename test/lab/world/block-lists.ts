/** Records of the lab's own block lists, named as the real ones, in the form that their operators document. */

/** `zen.spamhaus.org` lists clients by address. 127.0.0.2: a spam source; 127.255.255.254: "you ask through a public resolver". */
export function zenRecord(address: string, code = '127.0.0.2'): string {
  return `${address.split('.').reverse().join('.')}.zen.spamhaus.org. A ${code}`;
}

/** `dbl.spamhaus.org` lists domains. 127.0.1.2: a spam domain; 127.0.1.255: "an address was asked for". */
export function dblRecord(domain: string, code = '127.0.1.2'): string {
  return `${domain}.dbl.spamhaus.org. A ${code}`;
}

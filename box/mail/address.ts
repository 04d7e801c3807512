/** Which mail addresses may be accounts. */
import { accountPattern, hostnamePattern } from '../../contract/settings.ts';
import { Failure } from '../machine/failure.ts';
import { plainAddress } from './typed.ts';

/** Names by which certificate authorities and other operators reach whoever rules a domain. */
const reserved = ['admin', 'administrator', 'postmaster', 'hostmaster', 'webmaster', 'abuse'];

/** The address as the database holds it: in lower case, its domain in ASCII. @throws Failure for one that can't be an account. */
export function accountAddress(text: string): string {
  const address = (plainAddress(text) ?? '').toLowerCase();
  const at = address.lastIndexOf('@');
  if (at < 1 || !hostnamePattern.test(address.slice(at + 1))) {
    throw new Failure(`${text} is not a mail address`, 'give one such as me@example.com');
  }
  // The pattern ends at the first at sign: a second one would hide anything before it.
  if (!accountPattern.test(address) || address.indexOf('@') !== at) {
    throw new Failure(
      `${text} can't be an account: its name must be 1 to 64 of a-z, 0-9, dot, _ and -`,
      'begin and end it with a letter or digit',
    );
  }
  return address;
}

/** Whether control of a domain can be claimed through this address; a tag (`admin+x@`) doesn't change that. */
export function isReserved(address: string): boolean {
  return reserved.includes(address.toLowerCase().split(/[+@]/)[0] ?? '');
}

export function domainOf(address: string): string {
  return address.slice(address.lastIndexOf('@') + 1);
}

/** Addresses as people and their mail programs type them, and as the box keeps them: one way for every door. Pure. */
import { domainToUnicode } from 'node:url';
import { asciiName } from '../../contract/idna.ts';

/**
 * Blanks around it go, as telephones put one behind what they fill in; its at sign may be a wide one; its domain is in
 * ASCII. The name before the at sign keeps its case.
 * @returns undefined where the domain has letters that none has
 */
export function plainAddress(typed: string): string | undefined {
  const text = typed.trim().replaceAll('\uff20', '@');
  const at = text.lastIndexOf('@');
  const domain = asciiName(text.slice(at + 1));
  return domain === undefined ? undefined : text.slice(0, at + 1) + domain;
}

/** Whom a log-in means, as the table of accounts has it, or something that it has not. */
export function loginName(typed: string): string {
  return (plainAddress(typed) ?? typed).toLowerCase();
}

/**
 * How people type a domain that is not in ASCII, for daemons that can't work it out: in small and in capital letters,
 * composed or not. Letters of ASCII are small, as Dovecot has made them.
 */
export function spellingsOf(domain: string): string[] {
  const unicode = domainToUnicode(domain);
  if (unicode === '' || unicode === domain) return [];
  const capital = unicode.replace(/(^|\.)(\P{M})/gu, (first) => first.toUpperCase());
  const typed = [unicode, unicode.toUpperCase(), capital].flatMap((one) => [
    one.normalize('NFC'),
    one.normalize('NFD'),
  ]);
  const small = typed.map((one) => one.replace(/[A-Z]/g, (letter) => letter.toLowerCase()));
  return [unicode, ...new Set(small.filter((one) => one !== unicode && asciiName(one) === domain))];
}

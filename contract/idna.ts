/**
 * Domain names as people write them, in ASCII, by the rules of IDNA 2008 (RFC 5891 to 5893). `domainToASCII` alone follows the
 * web's rules, which let through what no registry takes: quotation marks, symbols, emoji. Pure; for both programs.
 */
import { domainToASCII, domainToUnicode } from 'node:url';

/**
 * Letters, marks and digits, and the exceptions of RFC 5892, section 2.6. Capitals and compatibility forms are mapped before.
 * The marks for a way to read (U+302E and others) are letters or marks that may not stand.
 */
const valid =
  /^[-a-z0-9\p{Ll}\p{Lo}\p{Lm}\p{Mn}\p{Mc}\p{Nd}\u{6FD}\u{6FE}\u{F0B}\u{3007}\u{B7}\u{375}\u{5F3}\u{5F4}\u{30FB}\u{200C}\u{200D}]+$/u;
const forbidden = /[\u{640}\u{7FA}\u{302E}\u{302F}\u{3031}-\u{3035}\u{303B}]/u;
const virama = '\u{94D}\u{9CD}\u{A4D}\u{ACD}\u{B4D}\u{BCD}\u{C4D}\u{CCD}\u{D4D}\u{DCA}\u{E3A}\u{F84}\u{103A}';

/** What may stand among certain others alone (RFC 5892, appendix A): each is found where it may not. */
const outOfPlace: readonly RegExp[] = [
  // Joiners: behind a virama; the one that parts, also within a word in Arabic letters.
  new RegExp(`(?<![${virama}])\u{200D}`, 'u'),
  new RegExp(
    `(?<![${virama}]|\\p{Script=Arabic})\u{200C}|(?<![${virama}])\u{200C}(?!\\p{Script=Arabic})`,
    'u',
  ),
  // Catalan's l·l; the Greek numeral sign before a letter; Hebrew's geresh and gershayim behind one.
  /(?<!l)\u{B7}|\u{B7}(?!l)/u,
  /\u{375}(?!\p{Script=Greek})/u,
  /(?<!\p{Script=Hebrew})[\u{5F3}\u{5F4}]/u,
  // The middle dot of Japanese, in Japanese.
  /^[^\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Han}]*\u{30FB}[^\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Han}]*$/u,
  // Two kinds of Arabic digits.
  /[\u{660}-\u{669}].*[\u{6F0}-\u{6F9}]|[\u{6F0}-\u{6F9}].*[\u{660}-\u{669}]/u,
];

/** The dots of other keyboards (RFC 3490, section 3.1). */
const dots = /[.\u3002\uff0e\uff61]/;

/**
 * The name in lower case ASCII, without blanks around it, each label for itself, so that `_` and `*` stay; undefined for one
 * that could not be registered. Of ASCII only blanks are: whether it is a name at all is for others to say.
 */
export function asciiName(typed: string): string | undefined {
  const labels = typed.trim().split(dots).map(asciiLabel);
  return labels.includes(undefined) ? undefined : labels.join('.');
}

/** As names are compared: in ASCII and lower case, without the final dot. What can't be a name stays, for others to refuse. */
export const plainName = (typed: string) =>
  (asciiName(typed) ?? typed.trim().toLowerCase()).replace(/\.$/, '');

function asciiLabel(label: string): string | undefined {
  const plain = label.normalize('NFKC');
  const ascii = /^\p{ASCII}*$/u.test(plain) ? plain.toLowerCase() : domainToASCII(plain);
  if ((ascii === '' && label !== '') || /\s/.test(ascii)) return undefined;
  return ascii.startsWith('xn--') && !isLabel(ascii) ? undefined : ascii;
}

/** @param label `xn--` and what follows */
function isLabel(label: string): boolean {
  const said = domainToUnicode(label);
  // What can't be read stays as it is, and what is not in its one form comes out otherwise.
  if (said === label || domainToASCII(said) !== label) return false;
  if (!valid.test(said) || forbidden.test(said) || /^\p{M}|^-|-$|^..--/u.test(said)) return false;
  return !outOfPlace.some((wrong) => wrong.test(said));
}

/** The first character that no name may have, for people; undefined: it is something else. */
export function strangeCharacter(text: string): string | undefined {
  const strange = (each: string) => !valid.test(each.normalize('NFKC').toLowerCase()) || forbidden.test(each);
  return [...text].find((each) => !/[\x20-\x7e]/.test(each) && !dots.test(each) && strange(each));
}

/** Names of domains as people type them, and as DNS has them: in ASCII and lower case (RFC 5890 to 5892). Pure. */
import { domainToASCII } from 'node:url';

/** What a label in Unicode is made of. URLs allow more, such as quotes and symbols, which no registry gives out. */
const letters = /^[\p{L}\p{M}\p{N}\u00b7\u0375\u05f3\u05f4\p{Join_Control}\u30fb-]+$/u;
/** The dots of other keyboards (RFC 3490, section 3.1). */
const dots = /[.\u3002\uff0e\uff61]/;

/**
 * The name without blanks around it, each label for itself, so that `_` and `*` stay; undefined where letters are in it
 * that no name has. Whether it is a name at all is for others to say.
 */
export function asciiName(typed: string): string | undefined {
  const labels = typed.trim().split(dots).map(asciiLabel);
  return labels.includes(undefined) ? undefined : labels.join('.');
}

/** As names are compared: in ASCII and lower case, without the final dot. What can't be a name stays, for others to refuse. */
export const plainName = (typed: string) =>
  (asciiName(typed) ?? typed.trim().toLowerCase()).replace(/\.$/, '');

function asciiLabel(label: string): string | undefined {
  if (/^\p{ASCII}*$/u.test(label)) return label.toLowerCase();
  const plain = label.normalize('NFKC');
  const ascii = letters.test(plain) ? domainToASCII(plain) : '';
  return ascii === '' ? undefined : ascii;
}

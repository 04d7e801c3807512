/** The regular expressions of redirects: a small part of what nginx takes, that can neither end the directive nor hang. Pure. */
import * as z from 'zod';

/** No blank, quote, brace, semicolon or control character; a backslash only before what it makes plain, or \d, \w, \s. */
export const safePattern = z
  .string()
  .max(200, 'is too long')
  .regex(
    /^\^?\/?([A-Za-z0-9/_.~%()*+?|$^[\]-]|\\[./dws?+*()[\]|$^-])*$/,
    'is not a plain regular expression of a path',
  )
  .refine((pattern) => pattern !== '', 'is empty');

/** Why a redirect that is written well can't be taken. */
export function unsafeReason(pattern: string, to: string): string | undefined {
  try {
    new RegExp(pattern);
  } catch {
    return 'is not a regular expression';
  }
  const plain = pattern.replace(/\\./g, 'x').replace(/\[[^\]]*\]/g, 'x');
  if (repeatsRepeated(plain)) return 'repeats what repeats itself, which can take for ever';
  if (/\(\?(?!:)/.test(plain)) return 'has a group of another kind than ( ) and (?: )';
  const groups = plain.match(/\((?!\?)/g)?.length ?? 0;
  const most = Math.max(0, ...[...to.matchAll(/\$([1-9])/g)].map(([, digit]) => Number(digit)));
  if (most > groups) return `leads to $${most}, and the pattern has ${groups} groups`;
  return undefined;
}

/** A group that is repeated and holds a repetition or a choice, at any depth: some paths would cost an hour. */
function repeatsRepeated(pattern: string): boolean {
  const open: boolean[] = [];
  for (const [at, sign] of [...pattern].entries()) {
    if (sign === '(') open.push(false);
    else if (sign === ')') {
      const ambiguous = open.pop() ?? false;
      if (ambiguous && /[*+]/.test(pattern[at + 1] ?? '')) return true;
      if (ambiguous && open.length > 0) open[open.length - 1] = true;
    } else if (/[*+|]/.test(sign) && open.length > 0) open[open.length - 1] = true;
  }
  return false;
}

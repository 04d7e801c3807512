/** How much of a wrong value a message may show. */
import { keyOf, type Path } from './path.ts';
import { secretKeys } from './schema.ts';

/** A password hash, a private key or a URL with a password, wherever it was pasted. */
export const looksSecret = /\$\w+\$|PRIVATE KEY|:\/\/[^/]*@/;

/** The value in JSON, cut to one short line; nothing when it is a section or may be secret. */
export function shown(path: Path, value: unknown): string | undefined {
  if (!['string', 'number', 'boolean'].includes(typeof value)) return undefined;
  const key = keyOf(path);
  if (secretKeys.some((secret) => key === secret || key.startsWith(`${secret}.`))) return undefined;
  const text = String(value);
  if (looksSecret.test(text)) return undefined;
  const short = text.length > 60 ? `${text.slice(0, 60)}...` : text;
  return typeof value === 'string' ? JSON.stringify(short) : short;
}

/** Record data as tools and other providers print it, and people paste it (RFC 1035, section 5.1). Pure. */

export type Pasted = { readonly data: string } | { readonly why: string };

/** `example.com. 3600 IN TXT "..."`: with a class, or with a time before the type. */
const line =
  /^(?:(?<owner>\S+)\s+)??(?:(?:\d+[smhdw]?\s+)?IN\s+|\d+[smhdw]?\s+(?=[A-Z]))(?<type>[A-Z]{1,10})\s+(?<data>.+)$/is;
const types = /^(A|AAAA|CAA|CNAME|DNAME|MX|NS|PTR|SOA|SRV|SSHFP|TLSA|TXT)$/i;
/** Character strings between blanks, in brackets where they stand on several lines, and what a comment says of them. */
const strings = /^[\s(]*(?:"(?:[^"\\]|\\.)*"[\s()]*)+(?:;.*)?$/s;

/**
 * What is meant by a pasted value: of a zone file's line the data, and of a text in quotes the text.
 * @param name of the record that it is to be, absolute
 */
export function pasted(name: string, type: string, value: string): Pasted {
  const found = line.exec(value.trim())?.groups;
  const data = value.trim();
  if (found?.type === undefined || !types.test(found.type)) return { data: dataOf(type, data) };
  const { owner = '@', type: theirs, data: rest = '' } = found;
  // A sentence may look like it.
  if (type === 'TXT' && theirs.toUpperCase() !== type) return { data };
  if (theirs.toUpperCase() !== type)
    return {
      why: `it is a line of a zone file, of the type ${theirs.toUpperCase()}: give what stands behind the type`,
    };
  const plain = owner.toLowerCase().replace(/\.$/, '');
  const isIt = plain === '@' || plain === name || (!owner.endsWith('.') && name.startsWith(`${plain}.`));
  return isIt ? { data: dataOf(type, rest.trim()) } : { why: `it is a line of a zone file, for ${owner}` };
}

function dataOf(type: string, data: string): string {
  if (type !== 'TXT') return /^"[^"]*"$/.test(data) ? data.slice(1, -1).trim() : data;
  if (!strings.test(data)) return data.replaceAll('\\;', ';');
  const parts = [...data.matchAll(/"((?:[^"\\]|\\.)*)"|;.*/gs)];
  const comment = parts.findIndex(([all]) => all.startsWith(';'));
  const bytes = parts.slice(0, comment < 0 ? undefined : comment).map(([, text = '']) => bytesOf(text));
  return Buffer.concat(bytes).toString('utf8');
}

/** `\DDD` is a byte, and a backslash before anything else makes nothing of it. */
function bytesOf(text: string): Buffer {
  const pieces = text.match(/\\(?:[01]\d\d|2[0-4]\d|25[0-5])|\\?./gs) ?? [];
  return Buffer.concat(
    pieces.map((piece) =>
      /^\\\d{3}$/.test(piece)
        ? Buffer.from([Number(piece.slice(1))])
        : Buffer.from(piece.replace(/^\\(?=.)/s, '')),
    ),
  );
}

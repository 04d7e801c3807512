/** The head of a mail as people know it: sender, subject, date and Message-ID, in letters and not in bytes (RFC 5322, RFC 2047). Pure. */

export interface MailHead {
  readonly from: string;
  readonly subject: string;
  readonly messageId: string;
  /** As its sender wrote it; undefined where that is no date. */
  readonly date: Date | undefined;
}

/** Of the first bytes of a mail; what is cut off there is not seen. */
export function readHead(bytes: Uint8Array): MailHead {
  const text = decoded(bytes);
  const end = /\r?\n\r?\n/.exec(text)?.index ?? text.length;
  const lines = text.slice(0, end).replace(/\r?\n[ \t]+/g, ' ');
  // Nothing here goes back over what it has read: the sender writes what it likes.
  const field = (name: string) => new RegExp(`^${name}[ \\t]*:(.*)$`, 'im').exec(lines)?.[1]?.trim() ?? '';
  const date = new Date(field('date').replace(/\([^()]*\)/g, ''));
  return {
    from: spelled(field('from')),
    subject: spelled(field('subject')),
    messageId: field('message-id'),
    date: Number.isNaN(date.getTime()) ? undefined : date,
  };
}

/** Headers are ASCII, or UTF-8 (RFC 6532); what is neither is read byte by byte. */
function decoded(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return Buffer.from(bytes).toString('latin1');
  }
}

const encodedWord = /=\?([\w.:-]+)(?:\*[\w-]*)?\?([bq])\?([^?\s]*)\?=/gi;

/** `=?utf-8?q?Gr=C3=BC=C3=9Fe?=` -> `Grüße`; blanks between two such words are no blanks. */
export function spelled(text: string): string {
  return text.replace(/(\?=)\s+(?==\?)/g, '$1').replace(encodedWord, (whole, charset, kind, content) => {
    const bytes =
      kind.toLowerCase() === 'b'
        ? Buffer.from(content, 'base64')
        : Buffer.from(
            content
              .replace(/_/g, ' ')
              .replace(/=([0-9a-f]{2})/gi, (_: string, hex: string) =>
                String.fromCharCode(Number.parseInt(hex, 16)),
              ),
            'latin1',
          );
    try {
      return new TextDecoder(charset).decode(bytes);
    } catch {
      // A charset that there is not.
      return whole;
    }
  });
}

/** The name of a folder of Maildir++ as people know it: `.Entw&APw-rfe.Alt` -> `Entwürfe.Alt` (RFC 3501, section 5.1.3). */
export const folderName = (directory: string): string =>
  directory.replace(/^\./, '').replace(/&([A-Za-z0-9+,]*)-/g, (_, code: string) => {
    if (code === '') return '&';
    const bytes = Buffer.from(code.replaceAll(',', '/'), 'base64');
    return Buffer.from(bytes.subarray(0, bytes.length & ~1))
      .swap16()
      .toString('utf16le');
  });

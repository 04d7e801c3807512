/**
 * What became of the user-data, where the box has no settings: what cloud-init made of it, and where its first wrong
 * byte is. Nothing of its text is told but the character there, since it holds a password hash.
 */
import type { Machine } from './machine.ts';
import { paths } from './paths.ts';

/** A fault and its remedy. `at`: the byte's number, from 0; absent where the fault is in no one place. */
export interface Fault {
  readonly what: string;
  readonly remedy: string;
  readonly at?: number;
}

/** The user-data as cloud-init keeps it: undefined where there is none, or blanks alone. */
export async function givenUserData(machine: Machine): Promise<Buffer | undefined> {
  const text = await machine.read(paths.userData, 'latin1');
  return text === undefined || text.trim() === '' ? undefined : Buffer.from(text, 'latin1');
}

/** One sentence about the user-data that brought no settings. */
export async function explainUserData(bytes: Buffer): Promise<{ error: string; hint: string }> {
  const { what, remedy, at } = await firstFault(bytes);
  const where = at === undefined ? '' : ` ${placeOf(bytes, at)}`;
  return {
    error: `there is user-data (${bytes.length} bytes), but no settings came of it: ${what}${where}`,
    hint: `${remedy}; or give the cloud the file user-data as \`letterbox build\` wrote it, unchanged`,
  };
}

/** `at byte 17 (line 2, column 3)`, all from 1; a column is a byte. */
export function placeOf(bytes: Buffer, at: number): string {
  const before = bytes.subarray(0, at).toString('latin1');
  const line = before.split('\n').length;
  return `at byte ${at + 1} (line ${line}, column ${at - before.lastIndexOf('\n')})`;
}

const ignored = 'cloud-init took it for no cloud-config and left it aside';
const unread = 'cloud-init could not read it as YAML and used none of it';
const header = '#cloud-config';
const plainText = 'save it as plain text in UTF-8 without a byte order mark';

/** The first thing in it that is wrong. */
export async function firstFault(bytes: Buffer): Promise<Fault> {
  return (await encodingFault(bytes)) ?? headerFault(bytes) ?? (await yamlFault(bytes));
}

async function encodingFault(bytes: Buffer): Promise<Fault | undefined> {
  const start = bytes.subarray(0, 3).toString('hex');
  if (/^(fffe|feff)/.test(start)) return { what: `it is UTF-16, and ${ignored}`, remedy: plainText, at: 0 };
  if (start === 'efbbbf')
    return { what: `it begins with a byte order mark, and ${ignored}`, remedy: plainText, at: 0 };
  if (start.startsWith('1f8b')) {
    const { gunzipSync } = await import('node:zlib');
    try {
      gunzipSync(bytes);
    } catch {
      return {
        what: 'it is compressed by gzip, and damaged or cut off',
        remedy: 'hand it over uncompressed',
      };
    }
    return { what: 'it is compressed by gzip', remedy: 'hand it over uncompressed' };
  }
  const nul = bytes.indexOf(0);
  if (nul >= 0)
    return {
      what: nul < 2 ? `it is UTF-16, and ${ignored}` : 'it has a byte that is 0',
      remedy: plainText,
      at: nul,
    };
  // A character that is not valid UTF-8 decodes to U+FFFD; what is the same up to there is right.
  const again = Buffer.from(bytes.toString('utf8'));
  if (!again.equals(bytes)) {
    const at = bytes.findIndex((byte, i) => again[i] !== byte);
    return { what: 'it is not UTF-8', remedy: plainText, at };
  }
  return undefined;
}

/** Looks at the first line that is not blank: cloud-init tells by it what it has before it. */
function headerFault(bytes: Buffer): Fault | undefined {
  const text = bytes.toString('latin1');
  const at = text.search(/\S/);
  const first = (text.slice(at).split('\n')[0] as string).trim();
  const remedy = `its first line must be ${header}`;
  if (first.toLowerCase().startsWith(header)) return undefined;
  if (/^(content-type|mime-version):/i.test(first))
    return { what: `it is a MIME document without a part that writes ${paths.settings}`, remedy };
  if (first.startsWith('#!'))
    return { what: `it is a script, which writes no ${paths.settings}`, remedy, at };
  if (first.startsWith('---'))
    return { what: `a line "---" stands before ${header}, and ${ignored}`, remedy, at };
  if (/^#\s+cloud-config/i.test(first))
    return { what: `a blank stands between # and cloud-config, and ${ignored}`, remedy, at: at + 1 };
  if (/^[A-Za-z0-9+/=\s]+$/.test(text) && text.trim().length > 40)
    return { what: `it is base64, and ${ignored}`, remedy: 'encode it once at most', at };
  const later = /^#cloud-config\s*$/im.exec(text);
  if (later !== null) return { what: `something stands before ${header}, and ${ignored}`, remedy, at };
  return { what: `its first line is not ${header}, and ${ignored}`, remedy, at };
}

/** Characters that a word processor, a chat or a web page puts in the place of the plain ones. */
const imposter =
  /^(?:[ \t]*(?:- +)?(?:[\w.]+: *)?)([\u2018-\u201f\u00ab\u00bb\u2039\u203a])|^ *([\u00a0\u2000-\u200b\u3000\ufeff\t])|^ *([\u2010-\u2015\u2022])\s|^[ -]*\w+(\uff1a)/m;

async function yamlFault(bytes: Buffer): Promise<Fault> {
  const text = bytes.toString('utf8');
  const atCharacter = (index: number) => Buffer.byteLength(text.slice(0, index));
  const { parseDocument } = await import('yaml');
  const document = parseDocument(text, {
    version: '1.1',
    logLevel: 'silent',
  });
  const [problem] = document.errors;
  const found = imposter.exec(text);
  const character = found?.slice(1).find((group) => group !== undefined);
  if (found !== null && character !== undefined) {
    const index = found.index + found[0].lastIndexOf(character);
    if (problem === undefined || index <= problem.pos[0] || !/^[ \t]/.test(character)) {
      const code = `U+${character.codePointAt(0)?.toString(16).toUpperCase().padStart(4, '0')}`;
      const names =
        character === '\t' ? 'a tab indents a line' : `it has ${code} where YAML has a plain sign`;
      const what = problem === undefined ? names : `${names}, and ${unread}`;
      return { what, remedy: 'use plain quotes, blanks and hyphens', at: atCharacter(index) };
    }
  }
  const cut = `it ends in the middle, after ${bytes.length} bytes`;
  const whole = 'hand it over whole: its end is missing';
  if (problem !== undefined) {
    const [begin, end] = problem.pos;
    if (end >= text.trimEnd().length - 1)
      return { what: `${cut}, and ${unread}`, remedy: whole, at: bytes.length - 1 };
    return { what: unread, remedy: 'mend this place', at: atCharacter(begin) };
  }
  const files = (document.toJS() as { write_files?: unknown } | null)?.write_files;
  const settings = Array.isArray(files)
    ? files.find((file: { path?: unknown } | null) => file?.path === paths.settings)
    : undefined;
  if (settings === undefined)
    return {
      what: `it is a cloud-config that writes no ${paths.settings}; is its end missing?`,
      remedy: whole,
    };
  const { content } = settings as { content?: unknown };
  if (typeof content !== 'string' || content.trim() === '')
    return { what: `it writes an empty ${paths.settings}: ${cut}`, remedy: whole, at: bytes.length - 1 };
  return {
    what: `it reads well, and yet cloud-init wrote no ${paths.settings}`,
    remedy: 'look at /var/log/cloud-init.log',
  };
}

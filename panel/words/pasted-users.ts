/** Users as they are pasted from a list or a table: `address, password, quota, admin`, one a line. */
import { filled, words } from './spoken.ts';

export interface PastedUser {
  readonly email: string;
  readonly password: string;
  readonly quota: string;
  readonly admin: boolean;
}
export interface BadLine {
  readonly line: number;
  readonly why: string;
}
export interface Pasted {
  readonly users: readonly PastedUser[];
  readonly bad: readonly BadLine[];
}

/**
 * Between the fields stands what stands behind the first address: a tab (from a table), a semicolon, a comma or spaces.
 * A field in double quotes may hold it. Empty lines, lines with a # in front and a heading are passed over.
 */
export function pastedUsers(text: string): Pasted {
  const users: PastedUser[] = [];
  const bad: BadLine[] = [];
  const seen = new Set<string>();
  const said = words().users.bad;
  for (const [i, raw] of text.split(/\r\n|\r|\n/).entries()) {
    const line = raw.trim();
    if (line === '' || line.startsWith('#') || /^"?e?-?mail( address)?"?\s*[,;\t]/i.test(line)) continue;
    const say = (why: string, what = '') => bad.push({ line: i + 1, why: filled(why, { what }) });
    const [email = '', password = '', quota = '', right = '', ...more] = fieldsOf(line);
    const word = right.toLowerCase();
    if (!/^[^\s@]+@[^\s@]+$/.test(email)) say(said.address, email);
    else if (password === '') say(said.password, email);
    else if (quota !== '' && !/^\d+\s*[kmgt]?$/i.test(quota)) say(said.quota, quota);
    else if (word !== '' && word !== 'admin') say(said.privilege, right);
    else if (more.length > 0) say(said.fields);
    else if (seen.has(email.toLowerCase())) say(said.twice, email);
    else {
      seen.add(email.toLowerCase());
      users.push({ email, password, quota, admin: word === 'admin' });
    }
  }
  return { users, bad };
}

function fieldsOf(line: string): string[] {
  const between = ['\t', ';', ','].find((sign) => line.replace(/"(?:[^"]|"")*"/g, '').includes(sign)) ?? ' ';
  const fields: string[] = [];
  let field = '';
  let quoted = false;
  // Blanks within quotes belong to a password; those around are of the list.
  let whole = false;
  const end = () => {
    fields.push(whole ? field : field.trim());
    field = '';
    whole = false;
  };
  for (let i = 0; i < line.length; i++) {
    const sign = line[i] ?? '';
    if (quoted && sign === '"' && line[i + 1] === '"') {
      field += '"';
      i++;
    } else if (sign === '"' && (quoted || field.trim() === '')) {
      quoted = !quoted;
      if (quoted) field = '';
      whole = true;
    } else if (sign === between && !quoted) end();
    else if (quoted || !whole || sign.trim() !== '') field += sign;
  }
  end();
  return between === ' ' ? fields.filter((one) => one !== '') : fields;
}

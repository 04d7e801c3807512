/** Password hashes for `box.yaml`: SHA512-CRYPT (crypt(5)), made by openssl, fed on its standard input. */
import { run } from '../host/run.ts';

/** @throws when the password is one that the box itself would refuse */
export async function hashPassword(typed: string): Promise<string> {
  const password = typed.normalize('NFC');
  if ([...password].length < 8 || Buffer.byteLength(password) > 256)
    throw new Error('a password has at least 8 characters and at most 256 bytes');
  if (/[\p{Cc}\p{Cs}\u2028\u2029]|(?! )\p{Zs}|^ +$/u.test(password))
    throw new Error('a password has letters, signs and plain blanks, and no other white space');
  return (await run(['openssl', 'passwd', '-6', '-stdin'], { input: `${password}\n` })).trim();
}

/** One line from standard input; on a terminal it is asked for, and not shown. */
export async function readPassword(input = process.stdin, output = process.stderr): Promise<string> {
  if (!input.isTTY) {
    const chunks: Buffer[] = [];
    for await (const chunk of input) chunks.push(chunk as Buffer);
    return Buffer.concat(chunks).toString('utf8').split(/\r?\n/)[0] ?? '';
  }
  output.write('Password: ');
  input.setRawMode(true);
  input.setEncoding('utf8');
  let typed = '';
  try {
    for await (const chunk of input as AsyncIterable<string>) {
      for (const key of chunk) {
        if (key === '\r' || key === '\n') return typed;
        if (key === '\u0003') throw new Error('interrupted');
        typed = key === '\u007f' ? typed.slice(0, -1) : typed + key;
      }
    }
    return typed;
  } finally {
    input.setRawMode(false);
    output.write('\n');
  }
}

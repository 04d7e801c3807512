/** The file that says whose mail is fetched from where, with the passwords: root's alone, and every fault of it told at once. */
import * as z from 'zod';
import { hostnamePattern } from '../../../contract/settings.ts';
import { Failure } from '../../machine/failure.ts';
import type { Machine } from '../../machine/machine.ts';

/** Nothing that would end a line of Dovecot's configuration. */
const line = (longest: number) =>
  z
    .string()
    .min(1)
    .max(longest)
    .regex(/^[^\p{Cc}\p{Cs}\u2028\u2029]+$/u, 'holds a control character');

const row = z.strictObject({
  /** Of this box. */
  account: line(254),
  host: z
    .string()
    .refine(
      (host) => hostnamePattern.test(host) || /^[0-9a-f.:]{3,45}$/i.test(host),
      'is no host name and no address',
    ),
  port: z.coerce.number().int().min(1).max(65_535).default(993),
  /** The account's address where absent. */
  user: line(254).optional(),
  password: line(1024),
  /** What stands before the names of all folders there, such as `INBOX`. */
  prefix: line(100).optional(),
  /** Folders that stay there. */
  without: z.array(line(254).regex(/^[^-]/, 'begins with -')).max(100).default([]),
});
const table = z.strictObject({ accounts: z.array(row).min(1).max(10_000) });

export type Row = z.output<typeof row>;

/** @throws Failure with every fault, each with its place; no value is quoted */
export async function parseTable(text: string, file: string): Promise<readonly Row[]> {
  const { parseDocument } = await import('yaml');
  // Failsafe: every scalar is a string, so a password of digits is what was written.
  const document = parseDocument(text, { schema: 'failsafe' });
  const [broken] = document.errors;
  if (broken !== undefined)
    throw new Failure(
      `${file}: line ${broken.linePos?.[0].line ?? '?'}: ${broken.code} (YAML)`,
      'put passwords in quotes',
    );
  const checked = table.safeParse(document.toJS());
  if (checked.success) return checked.data.accounts;
  const faults = checked.error.issues.map(
    ({ path, message }) => `${path.map(String).join('.')}: ${message.replace(/^Invalid input: /, '')}`,
  );
  throw new Failure(`${file}: ${faults.join('; ')}`, 'correct it; docs/moving-in.md shows what it holds');
}

/**
 * @param accounts those that this box has
 * @throws Failure
 */
export async function readTable(
  machine: Machine,
  file: string,
  accounts: ReadonlySet<string>,
): Promise<readonly Row[]> {
  if (!(await machine.exists(file)))
    throw new Failure(`${file} is not there`, 'docs/moving-in.md shows what it holds');
  if (!(await machine.isOwned({ path: file, mode: 0o600 })))
    throw new Failure(
      `${file} holds passwords, and must be root’s alone`,
      `chown root:root ${file} && chmod 600 ${file}`,
    );
  const rows = await parseTable((await machine.read(file)) ?? '', file);
  const seen = new Set<string>();
  const faults: string[] = [];
  for (const { account, host, user = account } of rows) {
    if (!accounts.has(account)) faults.push(`${account} is no account of this box`);
    // Two mailboxes into one account are well; the same twice is not.
    const key = JSON.stringify([account, host, user]);
    if (seen.has(key)) faults.push(`${account} is there twice`);
    seen.add(key);
  }
  if (faults.length === 0) return rows;
  throw new Failure(`${file}: ${faults.join('; ')}`, 'make accounts by: box account add EMAIL');
}

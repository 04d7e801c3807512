/** What a log-in is checked against: the one place that reads password hashes and second factors. */
import { sha512CryptPattern } from '../../contract/settings.ts';
import { type Machine, python } from '../machine/machine.ts';
import { paths } from '../machine/paths.ts';
import { transact } from './database.ts';
import { composed, scheme } from './password.ts';
import { noAccount } from './users.ts';

export interface SecondFactor {
  readonly id: number;
  readonly type: string;
  readonly secret: string;
  /** What was used last: the step of a one-time code, or the code itself where a Mail-in-a-Box noted it. None counts twice. */
  readonly lastUse: string | null;
  readonly label: string | null;
}
export interface LogIn {
  readonly email: string;
  /** With its scheme, as users.sqlite holds it. */
  readonly stored: string;
  readonly privileges: readonly string[];
  readonly factors: readonly SecondFactor[];
}

/** A hash that no password is known for. An account that isn't there costs the look at one all the same. */
const nobody = `$6$nobodyofthisbox$${'.'.repeat(86)}`;

export async function readLogIn(machine: Machine, email: string): Promise<LogIn | undefined> {
  const [users, factors] = await transact(machine, [
    { sql: 'SELECT email, password AS stored, privileges FROM users WHERE email = ?', params: [email] },
    {
      sql: `SELECT id, type, secret, mru_token AS lastUse, label FROM mfa
        WHERE user_id = (SELECT id FROM users WHERE email = ?) ORDER BY id`,
      params: [email],
    },
  ]);
  const [row] = (users?.rows ?? []) as unknown as { email: string; stored: string; privileges: string }[];
  if (row === undefined) return undefined;
  const privileges = row.privileges.split('\n').filter((word) => word !== '');
  return { ...row, privileges, factors: (factors?.rows ?? []) as unknown as SecondFactor[] };
}

/** @throws Failure when there is no such account */
export async function existingLogIn(machine: Machine, email: string): Promise<LogIn> {
  const login = await readLogIn(machine, email);
  if (login === undefined) throw noAccount(email);
  return login;
}

/** Whether this is the account's password. It takes as long for no account, and for one without a password. */
export async function isPassword(
  machine: Machine,
  login: LogIn | undefined,
  password: string,
): Promise<boolean> {
  const hash = login?.stored.startsWith(scheme) ? login.stored.slice(scheme.length) : '';
  const usable = sha512CryptPattern.test(hash);
  const isRight = async (text: string) => {
    const order = JSON.stringify({ hash: usable ? hash : nobody, password: text });
    const out = await machine.run([...python, machine.at(paths.verifyProgram)], order);
    return usable && out.trim() === 'right';
  };
  // As it came, for a hash that others made; else as the box hashes it.
  return (
    (await isRight(password)) || (composed(password) !== password && (await isRight(composed(password))))
  );
}

/**
 * Fetches one account's mail from another server: Dovecot reads that by IMAP and puts here what is not here yet, with flags, dates
 * and folders. Nothing is removed on either side, so that it may be cut at any moment and run again.
 */
import { Failure } from '../../machine/failure.ts';
import type { Machine } from '../../machine/machine.ts';
import { paths } from '../../machine/paths.ts';
import { settingsText } from './settings-text.ts';
import type { Row } from './table.ts';

/** Seconds that it waits for one that was cut off and goes on by itself. */
const lockPatience = 60;
/** doveadm(1): something changed on the other side meanwhile. Once more then finds it. */
const changedMeanwhile = 2;

/** @throws Failure in words for the owner */
export async function fetchAccount(machine: Machine, row: Row, number: number): Promise<void> {
  const config = `${paths.moveInImap}/${number}.conf`;
  const own = (await machine.read(paths.dovecot)) ?? '';
  await machine.put({ path: config, mode: 0o600, text: settingsText(row, own) });
  try {
    const argv = [
      ...['doveadm', '-c', machine.at(config), 'sync', '-1', '-R', '-l', String(lockPatience)],
      ...row.without.flatMap((folder) => ['-x', folder]),
      ...['-u', row.account, 'imapc:'],
    ];
    let { code, err } = await machine.patiently(argv);
    if (code === changedMeanwhile) ({ code, err } = await machine.patiently(argv));
    if (code !== 0) throw explained(row, err, code);
  } finally {
    await machine.remove(config);
  }
}

/** How many mails the account has now. */
export async function mailsOf(machine: Machine, account: string): Promise<number> {
  const argv = ['doveadm', '-f', 'flow', 'mailbox', 'status', '-u', account, '-t', 'messages', '*'];
  const { out } = await machine.outcome(argv);
  return Number(/messages=(\d+)/.exec(out)?.[1] ?? 0);
}

const reasons: readonly (readonly [words: RegExp, what: string, hint: string])[] = [
  [
    /AUTHENTICATIONFAILED|[Aa]uthentication failed|Login (to .* )?failed|Invalid credentials/,
    'the other server refuses user and password',
    'some want a password made for programs; are both right?',
  ],
  [
    /certificate|SSL_connect|ssl_client_ca/i,
    'the other server’s certificate is not one that this box trusts, or not for that name',
    'name it as its certificate does; a private authority goes into /usr/local/share/ca-certificates (update-ca-certificates)',
  ],
  [/dns|No IPs|lookup|resolve/i, 'the other server’s name can’t be looked up', 'is it right?'],
  [
    /connect\(|Connection (refused|timed out|reset)|[Dd]isconnected|Timeout/,
    'the other server can’t be reached, or went away',
    'try again: what came is not fetched again',
  ],
  [/[Qq]uota exceeded|over quota/, 'the account’s quota is full', 'box account quota EMAIL SIZE, then again'],
  [/No space left/, 'the disk is full', 'grow the disk, then again'],
  [/lock/i, 'it is being fetched already', 'wait for that to end'],
];

function explained({ account }: Row, said: string, code: number): Failure {
  const known = reasons.find(([words]) => words.test(said));
  if (known !== undefined) return new Failure(`${account}: ${known[1]}`, known[2]);
  const words = said.trim().split('\n').slice(-2).join('; ').slice(0, 400);
  return new Failure(
    `${account}: ${words || `doveadm ended with ${code}`}`,
    'try again: what came is not fetched again',
  );
}

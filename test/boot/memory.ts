/** How much memory a box needs, once everyone has used each of its doors. */

import type { TestedBox } from './behaviour.ts';
import type { Account, Reader, Server } from './mail.ts';
import { outcome } from './program.ts';

/** Memory that a box with everything on may use while nobody asks for anything, in MiB. */
export const mostIdleMiB = 768;

/** Adds accounts; each has a name and a password of its own. */
export async function addAccounts(box: TestedBox, accounts: readonly Account[]): Promise<void> {
  for (const { email, password } of accounts) await box.run(`box account add ${email} <<'.'\n${password}\n.`);
}

/** One request as this account, whose answer must be `wanted`. */
async function asks(box: Server, name: string, { email, password }: Account, what: string, wanted: number) {
  const [method, where] = what.split(' ');
  const config = [
    `url = "https://${name}${where}"`,
    `request = ${method}`,
    `connect-to = "::${box.host}:${box.port(443)}"`,
    `user = "${email}:${password}"`,
    'insecure\nsilent\nshow-error\nmax-time = 120\noutput = /dev/null\nwrite-out = "%{http_code}"',
  ];
  const argv = [...(box.prefix ?? []), 'curl', '--disable', '--config', '-'];
  const { stdout, stderr } = await outcome(argv, { input: `${config.join('\n')}\n`, seconds: 130 });
  if (Number(stdout) !== wanted) throw new Error(`${what} as ${email}: ${stdout} ${stderr}`);
}

/** An account reads mail and calls up the webmail's first page, its calendars, what a telephone asks first, and the panel. */
export async function usesEveryDoor(box: Server, reader: Reader): Promise<void> {
  const { account, hostname: name } = reader;
  const { code, stderr } = await reader.curl(`imaps://${name}:993/INBOX`);
  if (code !== 0) throw new Error(`IMAP as ${account.email}: ${stderr}`);
  await asks(box, name, account, 'GET /mail/', 200);
  await asks(box, name, account, `PROPFIND /SOGo/dav/${account.email}/Calendar/`, 207);
  await asks(box, name, account, 'OPTIONS /Microsoft-Server-ActiveSync', 200);
  await asks(box, name, account, 'GET /admin/', 200);
}

/** What is used and could not be given back, in MiB (`MemTotal` less `MemAvailable`, proc_meminfo(5)). */
export async function usedMiB(box: TestedBox): Promise<number> {
  const text = await box.run('cat /proc/meminfo');
  const kib = (name: string) => Number(new RegExp(`^${name}: +(\\d+) kB$`, 'm').exec(text)?.[1]);
  return Math.round((kib('MemTotal') - kib('MemAvailable')) / 1024);
}

/** How much memory a box needs, once everyone has used each of its doors. */
import type { TestedBox } from '../rig/behaviour.ts';
import type { Reader, Server } from '../rig/mail.ts';
import { request } from '../rig/request.ts';

/** Memory that a box with everything on may use while nobody asks for anything, in MiB. */
export const mostIdleMiB = 768;

/** An account reads mail and calls up the webmail's first page, its calendars, what a telephone asks first, and the panel. */
export async function usesEveryDoor(box: Server, reader: Reader): Promise<void> {
  const { account, hostname } = reader;
  const { code, stderr } = await reader.curl(`imaps://${hostname}:993/INBOX`);
  if (code !== 0) throw new Error(`IMAP as ${account.email}: ${stderr}`);
  const doors = [
    ['GET /mail/', 200],
    [`PROPFIND /SOGo/dav/${account.email}/Calendar/`, 207],
    ['OPTIONS /Microsoft-Server-ActiveSync', 200],
    ['GET /admin/', 200],
  ] as const;
  for (const [what, wanted] of doors) {
    const { status } = await request(box, what, { as: account });
    if (status !== wanted) throw new Error(`${what} as ${account.email}: ${status}`);
  }
}

/** What is used and could not be given back, in MiB (`MemTotal` less `MemAvailable`, proc_meminfo(5)). */
export async function usedMiB(box: TestedBox): Promise<number> {
  const text = await box.run('cat /proc/meminfo');
  const kib = (name: string) => Number(new RegExp(`^${name}: +(\\d+) kB$`, 'm').exec(text)?.[1]);
  return Math.round((kib('MemTotal') - kib('MemAvailable')) / 1024);
}

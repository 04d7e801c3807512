/** Tells by which key another host was believed: the first that it shows is kept, and who moves in may compare it. */
import { createHash } from 'node:crypto';
import type { Machine } from '../../machine/machine.ts';
import { shownHostKey } from '../../storage/backup/known-host.ts';
import type { Remote } from '../../storage/backup/target.ts';

export async function tellHostKey(
  machine: Machine,
  { host }: Remote,
  name: string,
  say: (line: string) => void,
): Promise<void> {
  const [type, key] = (await shownHostKey(machine, name)).split(' ');
  if (key === undefined) return;
  // As ssh-keygen -l shows it.
  const print = createHash('sha256').update(Buffer.from(key, 'base64')).digest('base64').replace(/=+$/, '');
  say(`the key of ${host}: ${type} SHA256:${print}`);
}

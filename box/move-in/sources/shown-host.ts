/** Tells by which key another host was believed: the first that it shows is kept, and who moves in may compare it. */
import { sshFingerprint } from '../../keys/tls/fingerprints.ts';
import type { Machine } from '../../machine/machine.ts';
import { shownHostKey } from '../../storage/backup/known-host.ts';
import type { Remote } from '../../storage/backup/target.ts';

export async function tellHostKey(
  machine: Machine,
  { host }: Remote,
  name: string,
  say: (line: string) => void,
): Promise<void> {
  const print = sshFingerprint(await shownHostKey(machine, name));
  if (print !== undefined) say(`the key of ${host}: ${print}`);
}

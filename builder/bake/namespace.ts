/** How to be root over files of a root file system: namespaces of its own, which take mounts and processes along when they end. */
import { readFileSync } from 'node:fs';
import os from 'node:os';
import { run } from '../host/run.ts';

type Argv = readonly [string, ...string[]];

/** Who builds. */
export const isRoot = process.getuid?.() === 0;

/**
 * What to put before a command: its own mounts, processes, host name and a network without a way out. As an ordinary user also
 * its own users: root there is this user, and the others are of its range in /etc/subuid. It dies with the builder, even if that
 * is killed (prctl(2), PR_SET_PDEATHSIG), and all in it dies with it.
 */
export const inNamespace: Argv = [
  ...(['setpriv', '--pdeathsig', 'KILL', 'unshare'] as const),
  ...(isRoot ? [] : ['--user', '--map-root-user', '--map-auto']),
  ...['--mount', '--pid', '--fork', '--kill-child', '--net', '--uts', '--ipc'],
];

/** An ordinary user needs a range of ids to play root with (subuid(5)). @throws where there is none */
export function checkUser(): void {
  if (isRoot) return;
  const user = os.userInfo().username;
  const ranges = readIfAny('/etc/subuid').split('\n');
  if (ranges.some((line) => line.startsWith(`${user}:`) || line.startsWith(`${process.getuid?.()}:`))) return;
  throw new Error(
    `/etc/subuid gives ${user} no ids, without which an ordinary user can't make a root file system; run ` +
      `\`sudo usermod --add-subuids 100000-165535 --add-subgids 100000-165535 ${user}\` (and install uidmap), or build as root`,
  );
}

/** Tries what the bake puts before its commands. @throws where this machine does not let it */
export async function checkNamespaces(): Promise<void> {
  try {
    await run([...inNamespace, 'true']);
  } catch (error) {
    const [first = '', said = ''] = (error as Error).message.split('\n');
    throw new Error(`namespaces can't be made (${said.trim() || first}); ${namespaceRemedy()}`);
  }
}

function namespaceRemedy(): string {
  if (isRoot) return 'run it where root may: a container needs the right to unshare(2)';
  if (readIfAny('/proc/sys/kernel/unprivileged_userns_clone').trim() === '0')
    return 'sudo sysctl -w kernel.unprivileged_userns_clone=1';
  if (readIfAny('/proc/sys/kernel/apparmor_restrict_unprivileged_userns').trim() === '1')
    return 'sudo sysctl -w kernel.apparmor_restrict_unprivileged_userns=0';
  return 'build as root';
}

function readIfAny(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}

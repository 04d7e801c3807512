/** Names of temporary files: each writer has its own, and what nobody writes any more is known by it. Part of `Files`. */
import { randomBytes } from 'node:crypto';

/** Those that this process writes at the moment. */
const inWork = new Set<string>();

/**
 * `.NAME.BOOT-PROCESS-RANDOM.box-new`, beside the file that it becomes; a name has at most 255 bytes.
 * @param boot the kernel's id of this boot: after it, other processes have the same numbers
 */
export function beginTemporary(
  name: string,
  boot: string,
): { readonly name: string; readonly end: () => void } {
  const random = randomBytes(8).toString('hex');
  const temporary = `.${name.slice(0, 180)}.${short(boot)}-${process.pid}-${random}.box-new`;
  inWork.add(temporary);
  return { name: temporary, end: () => void inWork.delete(temporary) };
}

/** Whether it is a temporary file whose writer is gone. Names of older programs tell of none. */
export function isLeftOver(name: string, boot: string): boolean {
  if (!/^\..+\.box-new$/.test(name)) return false;
  const [, began, pid] = /\.([0-9a-f]{0,8})-(\d+)-[0-9a-f]{16}\.box-new$/.exec(name) ?? [];
  if (pid === undefined || began !== short(boot)) return true;
  return Number(pid) === process.pid ? !inWork.has(name) : !isRunning(Number(pid));
}

const short = (boot: string) => boot.replace(/[^0-9a-f]/g, '').slice(0, 8);

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // One of another user's is one too.
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** One run at a time in a folder: a second one would clear away what the first is writing. */
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { mkdirSync, statSync } from 'node:fs';
import { createServer } from 'node:net';

/** Somebody is at work there. */
export class FolderBusy extends Error {
  override readonly name = 'FolderBusy';
  constructor(folder: string) {
    super(`another letterbox bakes or exports in ${folder}: wait until it is done, and try again`);
  }
}

/**
 * Holds the folder while `work` runs. The lock is a name in the abstract namespace of Unix sockets (unix(7)), which the kernel gives
 * back whatever the end of the program: a file would stay behind after a power cut. It is made of device and inode, so it is the same
 * by whatever path one comes. Two that see different networks (network namespaces) don't see each other's.
 * @throws FolderBusy
 */
export async function alone<T>(folder: string, work: () => Promise<T>): Promise<T> {
  mkdirSync(folder, { recursive: true });
  const { dev, ino } = statSync(folder);
  const name = createHash('sha256').update(`${dev}:${ino}`).digest('hex').slice(0, 32);
  const holder = createServer((socket) => socket.destroy()).unref();
  holder.listen(`\0letterbox-${name}`);
  try {
    await once(holder, 'listening');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EADDRINUSE') throw new FolderBusy(folder);
    throw error;
  }
  try {
    return await work();
  } finally {
    holder.close();
  }
}

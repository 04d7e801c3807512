/** The power of a test's box fails at a write to its disk. */
import type { File, Machine } from '../../box/machine/machine.ts';

/** Lets `left` writes through and none after, until `end()`. Files in /run and links outside of /home are no state. */
export function cutPower(
  machine: Machine,
  left: number,
): { readonly writes: () => number; readonly end: () => void } {
  const { put, link } = machine;
  let writes = 0;
  const cut = () => {
    if (writes++ === left) throw new Error('power cut');
  };
  machine.put = async (file: File) => {
    if (!file.path.startsWith('/run/')) cut();
    return put.call(machine, file);
  };
  machine.link = async (path, target) => {
    if (path.startsWith('/home/')) cut();
    return link.call(machine, path, target);
  };
  return {
    writes: () => writes,
    end: () => {
      Object.assign(machine, { put, link });
    },
  };
}

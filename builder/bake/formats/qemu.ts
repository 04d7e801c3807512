/** The formats that qemu-img writes and reads by itself. */
import { statSync } from 'node:fs';
import { RunError, run } from '../../host/run.ts';
import type { Disk, DiskFormat } from './format.ts';

/** Bytes of the disk within, as a machine sees it. */
export async function diskSize(file: string, driver: string): Promise<number> {
  const said = JSON.parse(await run(['qemu-img', 'info', '--output=json', '-f', driver, file])) as {
    'virtual-size': number;
  };
  return said['virtual-size'];
}

/** Options as in qemu-img(1), `convert`. */
export async function convert({ file, format }: Disk, to: string, options: readonly string[]): Promise<void> {
  await run(['qemu-img', 'convert', '-f', format, ...options, file, to]);
}

/** By four at once; where each piece has its place in the file, out of order too. In another format the order would be in the file. */
export const inOrder = ['-m', '4'] as const;
export const parallel = [...inOrder, '-W'] as const;

/** `driver` is qemu-img's word for the format. */
export function byQemu(driver: string, options: readonly string[]): DiskFormat {
  return {
    write: (disk, to) => convert(disk, to, ['-O', driver, ...options]),
    difference: async (file, raw, report) => {
      report('reading it back');
      const [size, wanted] = [await diskSize(file, driver), statSync(raw).size];
      if (size !== wanted) return `it has ${size} bytes, the disk ${wanted}`;
      try {
        await run(['qemu-img', 'compare', '-f', driver, '-F', 'raw', file, raw]);
        return undefined;
      } catch (error) {
        // 1: they differ, and where (qemu-img(1)).
        if (error instanceof RunError && error.exitCode === 1) return error.tail;
        throw error;
      }
    },
  };
}

/** The image that Packer's builder makes, by the same steps in a machine, and what of it may differ from the one baked without a boot. */
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { bakeImage } from '../../builder/bake/image.ts';
import { compile } from '../../builder/compile.ts';
import { loadConfig } from '../../builder/config/load.ts';
import { Progress } from '../../builder/host/progress.ts';
import { noteStart } from '../times.ts';
import type { Exception } from './trees.ts';

/** Bakes example.yaml by Packer, of the base that the image under test has, and gives the qcow2. */
export async function bakedByPacker(folder: string): Promise<string> {
  const image = path.join(folder, 'example', 'example.qcow2');
  mkdirSync(path.dirname(image), { recursive: true });
  const compiled = await compile(loadConfig('example.yaml').config);
  const silent = new Progress(() => {}, [1, 1, 1]);
  noteStart('qemu', 'packer');
  const { layers } = await bakeImage(compiled, path.dirname(image), silent, 'packer');
  if (layers[0]?.what !== 'kept')
    throw new Error(`another base than the image’s under test: ${layers[0]?.reason}`);
  return image;
}

const uuid = /[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g;

/** What is not the same, each with its reason, and what of it is. */
export const exceptions: readonly Exception[] = [
  {
    path: '/etc/fstab',
    reason: 'each disk has numbers of its own: its file systems’',
    seen: (text) => text.replace(uuid, 'UUID').replace(/UUID=[0-9A-F]{4}-[0-9A-F]{4}/, 'UUID=ESP'),
  },
  {
    path: '/boot/grub/grub.cfg',
    reason:
      'update-grub wants to see the disk, and the assembler writes the first menu: kernel, arguments and initrd',
    seen: (text) => firstEntry(text).replace(uuid, 'UUID'),
  },
  {
    path: '/usr/lib/box/box.compiled',
    reason: 'V8 may compile to other bytes on another processor, as Packer’s machine has',
    seen: () => '',
    mayAgree: true,
  },
];

/** The kernel with its arguments, and the initrd, of a menu's first entry. */
function firstEntry(menu: string): string {
  const line = (word: string) =>
    new RegExp(`^\\s*${word}\\s+(.*?)\\s*$`, 'm').exec(menu)?.[1] ?? `no ${word}`;
  return [line('linux'), line('initrd')].join('\n');
}

/** Puts a kernel package into the disk of a machine that is off, natively: in emulation its initrd takes six minutes. */
import { mkdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { rawImage } from '../lab/world/image.ts';
import { output } from '../rig/program.ts';
import type { Vm } from './vm.ts';

/**
 * The package's own scripts make the initrd and GRUB's menu, as on a machine that runs. Nothing is started: no init runs there.
 * @param deb path of the .deb
 * @returns what apt said
 */
export async function installKernel(vm: Vm, deb: string): Promise<string> {
  if (vm.running) throw new Error(`${vm.options.name} is on`);
  const raw = await rawImage(vm.folder, vm.disk, 'with-kernel.raw');
  const root = path.join(vm.folder, 'with-kernel');
  mkdirSync(root);
  const script = fileURLToPath(new URL('install-package.sh', import.meta.url));
  const place = [raw.path, String(raw.offset), String(raw.bytes), root, deb];
  const said = await output(['unshare', '--mount', 'sh', script, ...place], { seconds: 600 });
  await output(['qemu-img', 'convert', '-f', 'raw', '-O', 'qcow2', raw.path, vm.disk]);
  rmSync(raw.path);
  return said;
}

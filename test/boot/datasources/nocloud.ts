/** NoCloud (cloud-init, "NoCloud"): user-data on a disk of its own, or over HTTP at an address that the SMBIOS names. */
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { seedIso } from '../../../builder/host/seed.ts';
import type { Disk } from '../../../builder/vm/qemu.ts';
import type { VmOptions } from '../vm.ts';

/** A disk labelled `cidata`. */
export async function nocloudDisk(
  file: string,
  documents: { userData: string; metaData: string },
): Promise<Disk> {
  writeFileSync(file, await seedIso({ 'user-data': documents.userData, 'meta-data': documents.metaData }), {
    mode: 0o600,
  });
  return { path: file, format: 'raw', readOnly: true };
}

/** An HTTP server inside the guest's own user-mode network; no port of the host is opened. */
export function nocloudHttp(
  folder: string,
  documents: { userData: string; metaData: string },
): Pick<VmOptions, 'smbios' | 'services'> {
  const address = '10.0.2.100';
  mkdirSync(folder, { recursive: true });
  writeFileSync(path.join(folder, 'user-data'), documents.userData);
  writeFileSync(path.join(folder, 'meta-data'), documents.metaData);
  const server = fileURLToPath(new URL('answer-http.sh', import.meta.url));
  chmodSync(server, 0o755);
  return {
    smbios: { serial: `ds=nocloud-net;s=http://${address}/` },
    services: [{ address, port: 80, command: `sh ${server} ${folder}` }],
  };
}

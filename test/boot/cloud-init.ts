/** What cloud-init says of its run, as every version from 0.7.5 on writes it (`/run/cloud-init/result.json`). */
import { waitFor } from '../rig/wait.ts';
import type { Vm } from './vm.ts';

export interface CloudInitResult {
  /** The class that read the user-data, and from where: `DataSourceConfigDrive [net,ver=2][source=/dev/vdc]`. */
  readonly datasource: string;
  readonly errors: readonly string[];
}

/** Waits for its end. */
export async function cloudInitResult(vm: Vm): Promise<CloudInitResult> {
  return waitFor('cloud-init to end', async () => {
    const { code, stdout } = await vm.ssh.outcome('cat /run/cloud-init/result.json');
    return code === 0 ? (JSON.parse(stdout) as { v1: CloudInitResult }).v1 : undefined;
  });
}

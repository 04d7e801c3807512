/** What cloud-init says of its run, as every version from 0.7.5 on writes it (`/run/cloud-init/result.json`). */
import type { TestedBox } from './behaviour.ts';
import { waitFor } from './wait.ts';

export interface CloudInitResult {
  /** The class that read the user-data, and from where: `DataSourceConfigDrive [net,ver=2][source=/dev/vdc]`. */
  readonly datasource: string;
  readonly errors: readonly string[];
}

/** Waits for its end. */
export async function cloudInitResult(box: TestedBox): Promise<CloudInitResult> {
  return waitFor('cloud-init to end', async () => {
    const text = await box.run('cat /run/cloud-init/result.json 2>/dev/null || true');
    return text === '' ? undefined : (JSON.parse(text) as { v1: CloudInitResult }).v1;
  });
}

/** What it has done until now, while its last stage waits for the box (`/run/cloud-init/status.json`). */
export async function cloudInitSoFar(box: TestedBox): Promise<CloudInitResult> {
  type Stage = { readonly errors: readonly string[] };
  const text = await box.run('cat /run/cloud-init/status.json');
  const { v1 } = JSON.parse(text) as {
    v1: { datasource: string | null } & Readonly<Record<'init-local' | 'init', Stage>>;
  };
  return { datasource: v1.datasource ?? '', errors: [...v1['init-local'].errors, ...v1.init.errors] };
}

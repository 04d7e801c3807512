/** A box of the lab for the length of one benchmark; it runs natively (systemd-nspawn), and nothing of it is left. */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import path from 'node:path';
import { type Lab, makeLab } from '../test/lab/world/lab.ts';
import type { LabBox } from '../test/lab/world/nspawn.ts';
import { started } from '../test/lab/world/started.ts';
import { Owned } from '../test/rig/artefacts.ts';
import type { Owner } from '../test/rig/owner.ts';

/** Needs root and a baked image. `folder` is for files of the benchmark's own, and goes with the box. */
export async function withBox<T>(
  use: (box: LabBox, owner: Owner, folder: string, lab: Lab) => Promise<T>,
): Promise<T> {
  const artefacts = path.join(process.cwd(), 'test-artefacts');
  mkdirSync(artefacts, { recursive: true });
  const folder = mkdtempSync(path.join(artefacts, 'bench-'));
  const owned = new Owned();
  try {
    const lab = await makeLab({ folder, own: owned.own });
    return await use(await started(lab, 'box', lab.owner), lab.owner, folder, lab);
  } finally {
    await owned.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

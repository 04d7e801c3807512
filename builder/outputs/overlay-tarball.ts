/** The overlay as a tar archive: the same plan always gives the same bytes. */
import { buffer } from 'node:stream/consumers';
import tar from 'tar-stream';
import type { PlanFile } from '../plan/file.ts';

/** Owners go in by name; the bake resolves them, since numeric ids differ between images. */
export async function overlayTarball(files: readonly PlanFile[]): Promise<Buffer> {
  const pack = tar.pack();
  const bytes = buffer(pack);
  for (const file of files) {
    pack.entry(
      {
        name: file.path.slice(1),
        mode: Number.parseInt(file.mode, 8),
        uname: file.owner,
        gname: file.group,
        mtime: new Date(0),
      },
      file.text,
    );
  }
  pack.finalize();
  return bytes;
}

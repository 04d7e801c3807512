/** The overlay as a tar archive: the same plan always gives the same bytes. */
import tar from 'tar-stream';
import type { PlanFile } from '../plan/file.ts';

/** Owners go in by name; the bake resolves them, since numeric ids differ between images. */
export async function overlayTarball(files: readonly PlanFile[]): Promise<Buffer> {
  const pack = tar.pack();
  const bytes = wholeOf(pack);
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

/** Not by the consumer of Node's own, which makes a Blob of it: that copies all of it twice more, in small turns. */
function wholeOf(pack: tar.Pack): Promise<Buffer> {
  const parts: Uint8Array[] = [];
  return new Promise((done, failed) => {
    pack.on('data', (part) => void parts.push(part as Uint8Array));
    pack.once('error', failed);
    pack.once('end', () => done(Buffer.concat(parts)));
  });
}

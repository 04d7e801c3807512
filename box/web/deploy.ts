/** Puts a tar archive of pages in the place of a site's folder: all of it, or nothing. */
import { randomBytes } from 'node:crypto';
import type { Box } from '../machine/box.ts';
import { exclusively } from '../machine/exclusively.ts';
import { Failure } from '../machine/failure.ts';
import { python } from '../machine/machine.ts';
import { paths } from '../machine/paths.ts';
import { folderOf } from './folder.ts';
import { followWeb } from './publish.ts';
import { readTar } from './tar.ts';

const limits = { entries: 10_000, bytes: 256 * 1_048_576 };
const staged = /^\.upload-[0-9a-f]{16}$/;

/** Gives the number of files. @param archive the path of the tar file */
export async function deploy(box: Box, domain: string, archive: string): Promise<number> {
  const { machine } = box;
  const folder = await folderOf(box, domain);
  return exclusively(machine, async () => {
    // What a power cut left.
    for (const name of await machine.list(paths.www))
      if (staged.test(name)) await machine.removeTree(`${paths.www}/${name}`);
    const fresh = `${paths.www}/.upload-${randomBytes(8).toString('hex')}`;
    try {
      const files = await machine.putTree(
        { ...folder, path: fresh },
        readTar(machine.chunks(archive), limits),
      );
      if (files === 0) throw new Failure('the archive holds no file', 'tar czf site.tar.gz -C FOLDER .');
      await machine.own({ ...folder, path: fresh });
      await machine.run(['sync']);
      await machine.run([
        ...python,
        machine.at(paths.exchangeProgram),
        machine.at(fresh),
        machine.at(folder.path),
      ]);
      await followWeb(box);
      return files;
    } finally {
      // By now the old pages, or the half of the new ones.
      await machine.removeTree(fresh);
    }
  });
}

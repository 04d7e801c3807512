/** Files that `letterbox export` made of the image: by its own notes, which nobody signs. */
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { ReadManifest } from '../../contract/trust/manifest.ts';
import { checksum } from '../bake/digest.ts';
import { exportsFile } from '../bake/exported.ts';
import { parseExports } from './notes-read.ts';
import type { Verdict, Wrong } from './verdict.ts';

const remedy = 'delete it, and export it again: letterbox export --for';

/** `disks`: those of the folder that the bake did not write. */
export async function verifyExports(
  dir: string,
  disks: readonly string[],
  manifest: ReadManifest | undefined,
): Promise<Verdict> {
  const checked: string[] = [];
  const notChecked: string[] = [];
  const wrong: Wrong[] = [];
  const notesFile = path.join(dir, exportsFile);
  const notes = existsSync(notesFile) ? parseExports(readFileSync(notesFile, 'utf8')) : {};
  if (notes === undefined)
    wrong.push({ file: notesFile, rule: 'can’t be read as notes about exports', remedy: 'delete it' });
  for (const name of disks) {
    const file = path.join(dir, name);
    const note = notes !== undefined && Object.hasOwn(notes, name) ? notes[name] : undefined;
    if (note === undefined)
      wrong.push({ file, rule: 'was made neither by the bake nor by an export that was noted', remedy });
    else if (manifest !== undefined && note.image !== manifest.files[`${manifest.name}.qcow2`]?.sha256)
      wrong.push({ file, rule: 'was exported from another image than the one that lies here', remedy });
    else if (note.sha256 === undefined)
      notChecked.push(`${name}: exported by a version of Letterbox that noted no sum of it`);
    else if ((await checksum(file)) !== note.sha256)
      wrong.push({ file, rule: `was changed: its SHA-256 is another than in ${exportsFile}`, remedy });
    else checked.push(`${name}: each byte, by the unsigned note of the export, which had read it back`);
  }
  return { checked, notChecked, wrong };
}

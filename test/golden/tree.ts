/** What a config compiles to, as text files: path -> text. */
import { rendered } from '../../builder/compile.ts';
import type { Config } from '../../builder/config/schema.ts';

/** What the image would hold under `root/`, with owners and modes in `modes.txt`, and the outputs beside it. */
export function treeOf(config: Config): Map<string, string> {
  const { plan, imageFiles, cloudFiles, bootFiles } = rendered(config);
  const files = new Map(plan.files.map((file) => [`root${file.path}`, file.text]));
  files.set(
    'modes.txt',
    plan.files.map((f) => `${f.mode} ${f.owner}:${f.group} ${f.path} <- ${f.from}\n`).join(''),
  );
  // The archive and the ISO are not text: their content is in this tree, their bytes have tests of their own.
  for (const { path: name, content } of [...imageFiles, ...cloudFiles, ...bootFiles])
    files.set(name, `${content}`);
  return files;
}

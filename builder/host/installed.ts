/** Which programs there are on this machine. */
import { accessSync, constants, statSync } from 'node:fs';
import path from 'node:path';

/** Those of `names` that PATH does not have. */
export function notInstalled(names: readonly string[], searched = process.env.PATH ?? ''): string[] {
  const folders = searched.split(path.delimiter).filter((folder) => folder !== '');
  return names.filter((name) => !folders.some((folder) => isProgram(path.join(folder, name))));
}

function isProgram(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return statSync(file).isFile();
  } catch {
    return false;
  }
}

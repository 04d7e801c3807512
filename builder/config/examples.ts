/** The configs of examples/, each named for one thing that it shows. */
import { readdirSync, readFileSync } from 'node:fs';

/** Each file's name and text, in order; the folder lies where the project's commands are run. */
export function examples(): ReadonlyMap<string, string> {
  const names = readdirSync('examples').sort();
  return new Map(names.map((name) => [name, readFileSync(`examples/${name}`, 'utf8')]));
}

/** The Debian packages of this machine. */
import { notInstalled } from './installed.ts';
import { run } from './run.ts';

/** Those of a list (`host/demo.txt`) that are not installed, as `host/install.sh` finds them; undefined where there is no dpkg. */
export async function missingPackages(installer: string, list: string): Promise<string[] | undefined> {
  if (notInstalled(['dpkg-query']).length > 0) return undefined;
  const missing = await run(['sh', installer, '--missing', list]);
  return missing.split(/\s+/).filter((name) => name !== '');
}

/** apt for the archive of the release under test, whatever release the build host is: with lists and a cache of its own. */
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { findSources } from '../../builder/bake/base/bootstrap.ts';
import { sourcesList } from '../../builder/bake/base/sources.ts';
import { projectRoot } from '../../builder/paths.ts';
import { output } from './program.ts';
import { release } from './release.ts';

const folder = path.join(projectRoot, '.cache/test-archive', release.name);

let fetched: Promise<void> | undefined;

/** Fetches the lists. */
async function fetchLists(): Promise<void> {
  const { base } = release;
  if (base.kind !== 'bootstrap') throw new Error(`${release.name} is not made from packages here`);
  for (const made of ['lists/partial', 'cache/archives/partial'])
    mkdirSync(path.join(folder, made), { recursive: true });
  writeFileSync(path.join(folder, 'sources.list'), sourcesList(base, await findSources(base, undefined)));
  writeFileSync(path.join(folder, 'status'), '');
  await output(['flock', folder, 'apt-get', ...options, '-q', 'update'], { seconds: 300 });
}

const options = [
  ['Dir::Etc::sourcelist', path.join(folder, 'sources.list')],
  ['Dir::Etc::sourceparts', '/dev/null'],
  ['Dir::State::lists', path.join(folder, 'lists')],
  ['Dir::State::status', path.join(folder, 'status')],
  ['Dir::Cache', path.join(folder, 'cache')],
  // Whoever runs the tests can read them.
  ['APT::Sandbox::User', 'root'],
].flatMap(([key, value]) => ['-o', `${key}=${value}`]);

/** Runs `apt-get` or `apt-cache` there, and gives what it says. */
export async function apt(
  program: 'apt-get' | 'apt-cache',
  args: readonly string[],
  cwd = folder,
): Promise<string> {
  fetched ??= fetchLists();
  await fetched;
  return output(['env', '-C', cwd, program, ...options, ...args], { seconds: 300 });
}

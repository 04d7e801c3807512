/** A release's archive as it is now, by an apt of its own: what it has, and what it would install. The build host's apt is left alone. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { alone } from '../../host/alone.ts';
import { run } from '../../host/run.ts';
import type { LockedPackage } from '../../lock/lock.ts';
import { Offers } from './offers.ts';
import { connectionSettings } from './sources.ts';

export interface Archive {
  readonly offers: Offers;
  /** What comes into an empty root, with the pattern of what a base has besides. */
  readonly resolve: (packages: readonly string[]) => Promise<readonly LockedPackage[]>;
}

/** What a base has whether a plan asks for it or not, but for what is essential: apt itself is among it. */
export const requiredPattern = '?and(?priority(required),?not(?essential))';

/**
 * Fetches the indices, and uses them; those that are there and current are not fetched again. `sources`: the lines of a sources.list(5).
 * @throws FolderBusy, RunError
 */
export function inArchive<T>(
  sources: string,
  folder: string,
  use: (archive: Archive) => T | Promise<T>,
): Promise<T> {
  const root = path.resolve(folder);
  return alone(root, async () => use(await opened(sources, root)));
}

async function opened(sources: string, root: string): Promise<Archive> {
  for (const made of [
    'var/lib/apt/lists/partial',
    'var/cache/apt/archives/partial',
    'var/lib/dpkg',
    'etc/apt/apt.conf.d',
    'etc/apt/preferences.d',
  ])
    mkdirSync(path.join(root, made), { recursive: true });
  const connection = connectionSettings(await run(['apt-config', 'dump']));
  const file = (name: string) => path.join(root, name);
  // A proxy's address may carry a password.
  writeFileSync(file('apt.conf'), `${connection}${settings(root)}`, { mode: 0o600 });
  writeFileSync(file('etc/apt/sources.list'), sources);
  writeFileSync(file('var/lib/dpkg/status'), '');
  const env = { APT_CONFIG: file('apt.conf') };
  const apt = (...args: readonly string[]) => run(['apt-get', '-q', '-y', ...args], { env });
  await apt('update');
  const offers = new Offers();
  const format = '$(CREATED_BY)\t$(RELEASE)\t$(FILENAME)';
  for (const target of (await apt('indextargets', '--format', format)).split('\n')) {
    const [createdBy, suite = '', index = ''] = target.split('\t');
    if (createdBy === 'Packages') offers.add(suite, readFileSync(index, 'utf8'));
  }

  const wouldFetch = async (...args: readonly string[]) =>
    parseUris(await apt('--print-uris', ...args)).map((each) => known(offers, each));
  const resolve = async (packages: readonly string[]) => {
    // In the two steps of mmdebstrap: what is there already decides between alternatives.
    writeFileSync(file('var/lib/dpkg/status'), '');
    const first = await wouldFetch('dist-upgrade');
    writeFileSync(file('var/lib/dpkg/status'), first.map(({ record }) => installed(record)).join('\n'));
    const second = await wouldFetch('install', ...packages, requiredPattern);
    writeFileSync(file('var/lib/dpkg/status'), '');
    const all = new Map([...first, ...second].map((each) => [each.name, each]));
    return [...all.values()].map(({ name, version, architecture, sha256 }) => ({
      name,
      version,
      architecture,
      sha256,
    }));
  };
  return { offers, resolve };
}

/** Nothing of the build host's: neither its sources nor its pins, nor what it would recommend. */
function settings(root: string): string {
  return [
    `Dir "${root}/";`,
    `Dir::State::status "${root}/var/lib/dpkg/status";`,
    'APT::Install-Recommends "false";',
    'APT::Update::Error-Mode "any";',
    'APT::Sandbox::User "root";',
    'Acquire::Languages "none";',
    'Acquire::GzipIndexes "false";',
    '',
  ].join('\n');
}

/** `'URI' NAME_VERSION_ARCHITECTURE.deb SIZE DIGEST` a line, among apt's other words. */
export function parseUris(said: string): { readonly name: string; readonly version: string }[] {
  return [...said.matchAll(/^'[^']*' ([^_\s]+)_([^_\s]+)_[^_\s]+\.deb /gm)].map(
    ([, name = '', version = '']) => ({
      name,
      version: decodeURIComponent(version),
    }),
  );
}

function known(offers: Offers, { name, version }: { readonly name: string; readonly version: string }) {
  const offer = offers.find(name, version);
  if (offer === undefined) throw new Error(`apt would take ${name} ${version}, which no index has`);
  return offer;
}

const installed = (record: string) => `${record.trimEnd()}\nStatus: install ok installed\n`;

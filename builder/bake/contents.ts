/** Reads of a provisioned tree what its bills are made of: its list of files and its packages' records, and no file's content but theirs. */
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { run } from '../host/run.ts';
import type { Records } from '../trust/bill/owners.ts';
import { parseListing, realPaths } from '../trust/bill/tree.ts';

export interface Contents extends Records {
  /** `/var/lib/dpkg/status`. */
  readonly status: string;
  /** The copyright file of a package; "" where it has none. */
  readonly copyrightOf: (name: string) => string;
  readonly packagesDate: string;
}

const wanted = [
  './var/lib/dpkg/status',
  './var/lib/dpkg/diversions',
  './var/lib/dpkg/alternatives/*',
  './var/lib/dpkg/info/*.list',
  './usr/share/doc/*/copyright',
];
const registry = '/var/lib/ucf/registry';
const packagesDate = '/usr/lib/box/packages-date';

/** `tree`: a tar archive; `work`: a folder of its own for what is taken out of it, gone afterwards. */
export async function readContents(tree: string, work: string): Promise<Contents> {
  const listing = await run([
    'tar',
    '--list',
    '--verbose',
    '--numeric-owner',
    '--quoting-style=literal',
    '-f',
    tree,
  ]);
  const files = parseListing(listing.split('\n'));
  const real = realPaths(files);
  const regular = new Set(files.filter(({ target }) => target === undefined).map((file) => file.path));
  const single = [registry, packagesDate].filter((file) => regular.has(file)).map((file) => `.${file}`);
  const members = [...wanted, ...single];
  rmSync(work, { recursive: true, force: true });
  mkdirSync(work, { recursive: true });
  try {
    const plain = ['--no-same-owner', '--no-same-permissions', '--wildcards'];
    await run(['tar', '--extract', ...plain, '-f', tree, '-C', work, ...members]);
    // A link may lead anywhere on the machine that bakes.
    const read = (file: string) => (regular.has(file) ? readFileSync(path.join(work, file), 'utf8') : '');
    const below = (folder: string, end: string) =>
      readdirSync(path.join(work, folder))
        .filter((name) => name.endsWith(end))
        .sort();
    const info = '/var/lib/dpkg/info';
    const alternatives = '/var/lib/dpkg/alternatives';
    const texts = new Map(
      below('/usr/share/doc', '').map((name) => {
        const file = real(`/usr/share/doc/${name}/copyright`);
        return [name, existsSync(path.join(work, file)) ? read(file) : ''];
      }),
    );
    return {
      files,
      status: read('/var/lib/dpkg/status'),
      lists: below(info, '.list').map((name) => read(`${info}/${name}`)),
      diversions: read('/var/lib/dpkg/diversions'),
      alternatives: Object.fromEntries(
        below(alternatives, '').map((name) => [name, read(`${alternatives}/${name}`)]),
      ),
      ucf: read(registry),
      copyrightOf: (name) => texts.get(name) ?? '',
      packagesDate: read(packagesDate).trim(),
    };
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

/** Makes a base tree from packages, natively: mmdebstrap's root file system, as a tar archive. */
import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { BootstrapBase } from '../../../releases/release.ts';
import type { Report } from '../../host/progress.ts';
import { run } from '../../host/run.ts';
import type { Lock } from '../../lock/lock.ts';
import { pinsText } from '../../lock/pins.ts';
import { projectRoot } from '../../paths.ts';
import { checkUser, isRoot } from '../namespace.ts';
import { requiredPattern } from './archive.ts';
import { InstallProgress } from './install-progress.ts';
import {
  connectionSettings,
  fromBuildHost,
  fromMirror,
  indexTargetsFormat,
  type Source,
  sourcesList,
} from './sources.ts';

export interface BootstrapRequest {
  readonly base: BootstrapBase;
  readonly packages: readonly string[];
  readonly sources: readonly Source[];
  readonly files: BootstrapFiles;
  /** Without one: what the archive has. */
  readonly lock: Lock | undefined;
  /** Fetched packages are kept here, so that a changed package list is cheap. */
  readonly debFolder: string;
  readonly workFolder: string;
  readonly log: string;
  readonly report: Report;
}

/** Files of the project whose content decides what a bootstrapped tree is like. */
const fileNames = ['base/dpkg.cfg', 'base/after-packages.sh'] as const;
export type BootstrapFiles = Readonly<Record<(typeof fileNames)[number], string>>;

/** Reads them once, so that the tree is made from the very text that its name is the hash of. */
export function readBootstrapFiles(): BootstrapFiles {
  const texts = fileNames.map((name) => [name, readFileSync(path.join(projectRoot, name), 'utf8')]);
  return Object.fromEntries(texts) as BootstrapFiles;
}

/** Where the packages come from: the mirror that the config names, else what the build host's apt uses. */
export async function findSources(base: BootstrapBase, mirror: string | undefined): Promise<Source[]> {
  if (mirror !== undefined) return fromMirror(base, mirror);
  const targets = await run(['apt-get', 'indextargets', '--format', indexTargetsFormat]);
  return fromBuildHost(base, targets.split('\n'), (file) => readFileSync(file, 'utf8'));
}

/** Writes the tree, a tar archive, to `file`. */
export async function bootstrap(request: BootstrapRequest, file: string): Promise<void> {
  const { workFolder, log, report } = request;
  checkUser();
  mkdirSync(request.debFolder, { recursive: true });
  symlinkSync(request.debFolder, path.join(workFolder, 'debs'));
  writeFileSync(path.join(workFolder, 'sources.list'), sourcesList(request.base, request.sources));
  const connection = connectionSettings(await run(['apt-config', 'dump']));
  // A proxy's address may carry a password.
  writeFileSync(path.join(workFolder, 'connection.conf'), connection, { mode: 0o600 });
  if (request.lock !== undefined) writeFileSync(path.join(workFolder, 'box-lock'), pinsText(request.lock));
  const progress = new InstallProgress();
  await run([...asRoot, ...mmdebstrap(request), file, 'sources.list'], {
    cwd: workFolder,
    log,
    onLine: (line) => {
      const news = progress.line(line);
      if (news !== undefined) report(news.text, news.fraction);
    },
  });
}

/**
 * The hooks run with the work folder as their working directory and are constant text: no path of this
 * machine takes part in a shell string. Scripts go as text since in a user namespace they can't be read.
 * What is held has the same packages as minbase, by way of the variant that leaves versions to apt's preferences: minbase names those
 * of the main suite, and apt takes what is named.
 */
export function mmdebstrap({
  packages,
  base,
  files,
  lock,
}: Pick<BootstrapRequest, 'packages' | 'base' | 'files' | 'lock'>): readonly string[] {
  return [
    '--verbose',
    lock === undefined ? '--variant=minbase' : '--variant=apt',
    `--components=${base.components.join(',')}`,
    `--include=${packages.join(',')}`,
    ...(lock === undefined ? [] : [`--include=${requiredPattern}`]),
    ...files['base/dpkg.cfg']
      .split('\n')
      .filter((line) => line.startsWith('path-'))
      .map((line) => `--dpkgopt=${line}`),
    '--skip=essential/unlink',
    // Packages write the host's name into their configuration.
    '--setup-hook=hostname localhost',
    '--setup-hook=mkdir -p "$1/var/cache/apt/archives"',
    '--setup-hook=sync-in debs /var/cache/apt/archives',
    '--setup-hook=upload connection.conf /etc/apt/apt.conf.d/99build-host',
    ...(lock === undefined ? [] : holdingHooks),
    '--customize-hook=sync-out /var/cache/apt/archives debs',
    `--customize-hook=${files['base/after-packages.sh']}`,
    '--format=tar',
    base.suites[0]?.suite ?? '',
  ];
}

/** The box has its upgrades from the archive, so the pins are for this one installation. */
const holdingHooks = [
  '--setup-hook=upload box-lock /etc/apt/preferences.d/box-lock',
  '--customize-hook=rm "$1/etc/apt/preferences.d/box-lock"',
];

/**
 * How to be root: as root itself, or in a user namespace. Only there does mmdebstrap have a host name of its own;
 * as root `unshare` gives it one, or the hook above would rename the build host.
 */
const asRoot: readonly [string, ...string[]] = isRoot
  ? ['unshare', '--uts', 'mmdebstrap', '--mode=root']
  : ['mmdebstrap', '--mode=unshare'];

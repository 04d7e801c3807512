/** Makes a base disk from packages, natively: mmdebstrap for the root file system, `base/assemble.sh` for the disk. */
import { mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { BootstrapBase } from '../../../releases/release.ts';
import type { Report } from '../../host/progress.ts';
import { run } from '../../host/run.ts';
import { projectRoot } from '../../paths.ts';
import { assembling, InstallProgress } from './install-progress.ts';
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
  readonly diskSize: number;
  /** Fetched packages are kept here, so that a changed package list is cheap. */
  readonly debFolder: string;
  readonly workFolder: string;
  readonly log: string;
  readonly report: Report;
}

/** Files of the project whose content decides what a bootstrapped disk is like. */
const fileNames = ['base/dpkg.cfg', 'base/after-packages.sh', 'base/assemble.sh'] as const;
export type BootstrapFiles = Readonly<Record<(typeof fileNames)[number], string>>;

/** Reads them once, so that the disk is made from the very text that its name is the hash of. */
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

/** Writes the disk, a qcow2, to `file`. */
export async function bootstrap(request: BootstrapRequest, file: string): Promise<void> {
  const { workFolder, log, report } = request;
  const rootFs = path.join(workFolder, 'root.tar');
  checkUser();
  mkdirSync(request.debFolder, { recursive: true });
  symlinkSync(request.debFolder, path.join(workFolder, 'debs'));
  writeFileSync(path.join(workFolder, 'sources.list'), sourcesList(request.base, request.sources));
  const connection = connectionSettings(await run(['apt-config', 'dump']));
  // A proxy's address may carry a password.
  writeFileSync(path.join(workFolder, 'connection.conf'), connection, { mode: 0o600 });
  const progress = new InstallProgress();
  await run([...asRoot.install, ...mmdebstrap(request), rootFs, 'sources.list'], {
    cwd: workFolder,
    log,
    onLine: (line) => {
      const news = progress.line(line);
      if (news !== undefined) report(news.text, news.fraction);
    },
  });
  report(assembling.text, assembling.fraction);
  await assemble(rootFs, file, request);
  rmSync(rootFs);
}

/**
 * The hooks run with the work folder as their working directory and are constant text: no path of this
 * machine takes part in a shell string. Scripts go as text since in a user namespace they can't be read.
 */
function mmdebstrap({ packages, base, files }: BootstrapRequest): readonly string[] {
  return [
    '--verbose',
    '--variant=minbase',
    `--components=${base.components.join(',')}`,
    `--include=${packages.join(',')}`,
    ...files['base/dpkg.cfg']
      .trimEnd()
      .split('\n')
      .map((line) => `--dpkgopt=${line}`),
    '--skip=essential/unlink',
    // Packages write the host's name into their configuration.
    '--setup-hook=hostname localhost',
    '--setup-hook=mkdir -p "$1/var/cache/apt/archives"',
    '--setup-hook=sync-in debs /var/cache/apt/archives',
    '--setup-hook=upload connection.conf /etc/apt/apt.conf.d/99build-host',
    '--customize-hook=sync-out /var/cache/apt/archives debs',
    `--customize-hook=${files['base/after-packages.sh']}`,
    '--format=tar',
    base.suites[0]?.suite ?? '',
  ];
}

async function assemble(
  rootFs: string,
  file: string,
  { diskSize, files, log }: BootstrapRequest,
): Promise<void> {
  const redirect = 'from=$1 to=$2; shift 2; exec "$@" <"$from" >"$to"';
  const assembler = [
    ...asRoot.assemble,
    'sh',
    '-c',
    files['base/assemble.sh'],
    'assemble.sh',
    String(diskSize),
  ];
  await run(['sh', '-c', redirect, 'redirect', rootFs, file, ...assembler], { log });
}

/**
 * How to be root: as root itself, or in a user namespace. Only there does mmdebstrap have a host name of its own;
 * as root `unshare` gives it one, or the hook above would rename the build host.
 */
const asRoot: { readonly install: readonly [string, ...string[]]; readonly assemble: readonly string[] } =
  process.getuid?.() === 0
    ? { install: ['unshare', '--uts', 'mmdebstrap', '--mode=root'], assemble: [] }
    : { install: ['mmdebstrap', '--mode=unshare'], assemble: ['mmdebstrap', '--unshare-helper'] };

/** An ordinary user needs a range of ids to play root with (subuid(5)). */
function checkUser(): void {
  if (process.getuid?.() === 0) return;
  const user = os.userInfo().username;
  const ranges = readIfAny('/etc/subuid').split('\n');
  if (ranges.some((line) => line.startsWith(`${user}:`) || line.startsWith(`${process.getuid?.()}:`))) return;
  throw new Error(
    `/etc/subuid gives ${user} no ids, without which an ordinary user can't make a base disk; run ` +
      `\`sudo usermod --add-subuids 100000-165535 --add-subgids 100000-165535 ${user}\` (and install uidmap), or build as root`,
  );
}

function readIfAny(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}

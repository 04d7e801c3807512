/** Runs Packer's QEMU builder over the base disk; a failed bake keeps its disk, its logs and the way to look inside. */
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Compiled } from '../compile.ts';
import type { Report } from '../host/progress.ts';
import { RunError, run } from '../host/run.ts';
import { qemuFlags } from '../outputs/packer/qemu.ts';
import { command, projectRoot } from '../paths.ts';
import { probeAcceleration } from '../vm/qemu.ts';
import { aptLoginFor } from './apt-login.ts';
import { BakeError } from './bake-error.ts';
import { lastWords, runPacker, templateFolder } from './run-packer.ts';

export interface PackerBuild {
  readonly compiled: Compiled;
  readonly base: string;
  readonly out: string;
  /** Scratch folder; kept when the bake fails. */
  readonly work: string;
  readonly report: Report;
}

/** Leaves the baked disk at `<work>/disk/<name>.qcow2`. @throws BakeError */
export async function packerBuild({ compiled, base, out, work, report }: PackerBuild): Promise<void> {
  rmSync(work, { recursive: true, force: true });
  mkdirSync(work, { recursive: true, mode: 0o700 });
  const file = (name: string) => path.resolve(work, name);
  await run(['ssh-keygen', '-q', '-t', 'ed25519', '-N', '', '-C', 'letterbox bake', '-f', file('ssh_key')]);
  const { sources, esm } = compiled.plan.archives;
  const publicKey = readFileSync(file('ssh_key.pub'), 'utf8').trim();
  writeFileSync(file('user-data'), seedUserData(publicKey, sources.length > 0));
  writeFileSync(file('meta-data'), 'instance-id: bake\n');
  const folder = await templateFolder(path.join(out, 'packer'), work);
  const acceleration = await probeAcceleration();
  const flags = qemuFlags({
    base: path.resolve(base),
    bake_dir: path.resolve(out, 'bake'),
    output_dir: file('disk'),
    provision_dir: path.join(projectRoot, 'packer/provision'),
    seed_user_data: file('user-data'),
    seed_meta_data: file('meta-data'),
    ssh_key: file('ssh_key'),
    apt_login: file('apt-login'),
    accelerator: acceleration.kind,
    cpu: acceleration.kind === 'kvm' ? 'host' : 'max',
    cpus: '2',
    serial_log: file('serial.log'),
    pid_file: file('qemu.pid'),
    // Packages come with a bootstrapped base: the bake has no way out, which proves that it downloads nothing.
    network: compiled.release.base.kind === 'bootstrap' ? ',restrict=on' : '',
  });
  try {
    if (esm !== undefined) writeFileSync(file('apt-login'), await aptLoginFor(esm.uri), { mode: 0o600 });
    await runPacker({
      folder,
      flags,
      work,
      onError: 'abort',
      report,
      onExit: () => endMachine(file('qemu.pid')),
    });
  } catch (error) {
    if (!(error instanceof RunError)) throw error;
    throw explain(out, work);
  } finally {
    // The folder is kept when the bake fails.
    rmSync(file('apt-login'), { force: true });
  }
}

/** After `-on-error=abort` Packer leaves its machine running, which is ours to end; after a good bake it is off. */
function endMachine(pidFile: string): void {
  if (!existsSync(pidFile)) return;
  try {
    process.kill(Number(readFileSync(pidFile, 'utf8')), 'SIGTERM');
  } catch {
    // It has ended by itself.
  }
}

/** The step that failed, in its own words, and how to look inside. */
function explain(out: string, work: string): BakeError {
  const name = path.basename(out);
  return new BakeError(lastWords(work), {
    'whole log': `${path.join(work, 'packer.log')}; console: ${path.join(work, 'serial.log')}`,
    'disk as it was': path.join(work, 'disk', `${name}.qcow2`),
    'look inside': `${command} inspect ${out}`,
  });
}

/**
 * Root's key, and nothing else that would stay in the image: no account of the vendor's, no answers about a boot loader. Sources of
 * the plan's own are cloud-init's to leave alone: it would write the usual ones over them while the steps run.
 */
function seedUserData(publicKey: string, hasSources: boolean): string {
  const seed = {
    disable_root: false,
    ssh_pwauth: false,
    ssh_authorized_keys: [publicKey],
    ssh_genkeytypes: ['ed25519'],
    users: [],
    grub_dpkg: { enabled: false },
    ...(hasSources ? { apt_preserve_sources_list: true } : {}),
  };
  return `#cloud-config\n${JSON.stringify(seed)}\n`;
}

/** What every builder does once its machine is up: sends the plan's files along and runs the steps (Packer's `file` and `shell`). */
import type { Release } from '../../../releases/release.ts';
import { bakeFolder, stepEnvironment, stepLines } from './provision-steps.ts';

type Provisioner = Readonly<Record<string, unknown>>;

/** Where somebody other than root may write. */
const uploads = '/tmp/letterbox';
/** Packer's own way of running a script, by root. The script says itself that its first error ends it. */
const asRoot = 'chmod +x {{ .Path }}; sudo env {{ .Vars }} {{ .Path }}';

/** The steps of the bake, as root, whoever logs in; `before`: what is done when their files are there. */
export function stepProvisioners(
  release: Release,
  user: string,
  before: readonly Provisioner[] = [],
): readonly Provisioner[] {
  const isRoot = user === 'root';
  const folder = isRoot ? bakeFolder : uploads;
  return [
    { shell: { inline: [`mkdir -p ${folder}`] } },
    { file: { source: '${var.bake_dir}/', destination: folder } },
    { file: { source: '${var.provision_dir}/', destination: folder } },
    ...before,
    {
      shell: {
        inline: isRoot ? stepLines : [...moved, ...stepLines],
        environment_vars: stepEnvironment(release, isRoot ? undefined : user),
        ...(isRoot ? {} : { execute_command: asRoot }),
        skip_clean: true,
      },
    },
  ];
}

const moved = [`rm -rf ${bakeFolder}`, `mv ${uploads} ${bakeFolder}`, `chown -R root:root ${bakeFolder}`];

/** The disk that was baked here, written onto the machine's second one. */
export function diskProvisioners(user: string): readonly Provisioner[] {
  return [
    { file: { source: '${var.disk}', destination: `${uploads}.raw.gz` } },
    {
      shell: {
        script: '${var.write_disk}',
        environment_vars: [`LETTERBOX_DISK=${uploads}.raw.gz`],
        ...(user === 'root' ? {} : { execute_command: asRoot }),
      },
    },
  ];
}

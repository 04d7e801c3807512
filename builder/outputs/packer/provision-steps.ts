/** The steps of a bake, in order: each is a file in `packer/provision/`, and both builders run the same. */
import type { Release } from '../../../releases/release.ts';

export const provisionSteps = [
  '10-packages',
  '15-downloads',
  '20-overlay',
  '30-box',
  '40-services',
  '80-verify',
  '90-seal',
] as const;

/** Where they and the plan's lists lie meanwhile. */
export const bakeFolder = '/root/bake';

/** Where apt's log-in for the archive that is sold is meanwhile: in memory, since a deleted file leaves its blocks on the disk. */
export const aptLogin = '/run/bake/apt-login';

/** Shell lines that run them. The first that fails has to end them all: whoever runs them says `set -e`. */
export const stepLines: readonly string[] = provisionSteps.flatMap((step) => [
  `echo "letterbox: step ${step}, up $(cut -d' ' -f1 /proc/uptime) s"`,
  `sh ${bakeFolder}/${step}.sh`,
]);

/** What they must know of the release, and the account of the vendor's by which they are run, which has to go. */
export function stepEnvironment(release: Release, account?: string): string[] {
  return [
    `LETTERBOX_INIT=${release.init}`,
    `LETTERBOX_NODE=${release.node.from}`,
    ...(account === undefined ? [] : [`LETTERBOX_ACCOUNT=${account}`]),
  ];
}

/** How many of the steps were done when this line was said; undefined where it doesn't tell. */
export function stepsDone(line: string): number | undefined {
  const step = provisionSteps.findIndex((name) => line.includes(`letterbox: step ${name}`));
  return step < 0 ? undefined : step;
}

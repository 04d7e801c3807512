/** The plain lists that the provision scripts read in the bake: archives, packages, downloads, services, verifications. */
import type { Download } from '../../releases/release.ts';
import type { Plan } from '../plan/plan.ts';

/** `source LINE`, and of the archive that is sold `esm-package NAME`, `esm-keyring FILE`, `esm-pin FILE`, `esm-list FILE`, `esm-source LINE`. */
export function archivesList({ archives: { sources, esm } }: Pick<Plan, 'archives'>): string {
  return lines([
    ...sources.map((line) => `source ${line}`),
    ...(esm === undefined
      ? []
      : [
          ...esm.packages.map((name) => `esm-package ${name}`),
          `esm-keyring ${esm.keyring}`,
          `esm-pin ${esm.pin}`,
          `esm-list ${esm.list}`,
          ...esm.sources.map((line) => `esm-source ${line}`),
        ]),
  ]);
}

/** One package a line. */
export function packagesList(plan: Plan): string {
  return lines(plan.packages);
}

/** A download's file beside the lists: what it is comes before how it is packed, which `tar` finds out. */
export const downloadFile = ({ name, version }: Download) => `downloads/${name}-${version}.tar`;

/** `FILE<tab>SHA-256<tab>FOLDER<tab>TO<tab>WITHOUT...` a line. */
export function downloadsList(plan: Plan): string {
  return lines(
    plan.downloads.map((download) => {
      const { sha256, folder, to, without = [] } = download;
      return [downloadFile(download), sha256, folder, to, ...without].join('\t');
    }),
  );
}

/** `early NAME` or `service NAME` a line, in start order. */
export function servicesList(plan: Plan): string {
  return lines([
    ...plan.earlyServices.map((name) => `early ${name}`),
    ...plan.image.services.map((name) => `service ${name}`),
  ]);
}

/** `ROLE<tab>COMMAND<tab>ARGUMENT...` a line: each daemon's own check of its configuration. */
export function verifyList(plan: Plan): string {
  return lines(plan.verify.map(({ role, argv }) => [role, ...argv].join('\t')));
}

function lines(all: readonly string[]): string {
  return all.map((line) => `${line}\n`).join('');
}

/** The box's own pages: the front door, how programs are set up, and what a domain without pages shows. */
import { paths } from '../../machine/paths.ts';
import { readImage } from '../../machine/settings-file.ts';
import { pageFiles } from '../../web/pages/files.ts';
import { filesStep } from './files-step.ts';
import type { Step } from './step.ts';

const files = filesStep('web pages', async ({ machine, settings: { hostname } }) =>
  pageFiles(hostname, await readImage(machine)),
);

export const webPagesStep: Step = {
  ...files,
  optional: true,
  async run(box, tell) {
    await box.machine.putDirectory({ path: paths.pages, mode: 0o755 });
    await files.run(box, tell);
  },
};

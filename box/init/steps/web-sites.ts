/** nginx's server blocks for the domains, after the accounts and the certificate that they follow from. */
import { isWebPublished, publishWeb } from '../../web/publish.ts';
import type { Step } from './step.ts';

export const webSitesStep: Step = {
  title: 'web sites',
  optional: true,
  done: isWebPublished,
  /** What nginx refuses stays as it was and is reported by `box status`: mail must not wait for it. */
  async run(box) {
    await publishWeb(box);
  },
};

/** The documents that mail programs set themselves up by: nginx serves them as they lie there. */
import type { Machine } from '../../machine/machine.ts';
import { readImage } from '../../machine/settings-file.ts';
import { autoconfigFile } from '../../mail-clients/autoconfig.ts';
import { serversOf } from '../../mail-clients/servers.ts';
import { followProfile, isProfileCurrent } from '../../mail-clients/sign.ts';
import { filesStep } from './files-step.ts';
import type { Step } from './step.ts';

export const autoconfigStep = filesStep(
  'settings for mail programs',
  async ({ machine, settings }) => [autoconfigFile(serversOf(settings.hostname, await readImage(machine)))],
  { optional: true },
);

/** Where it was tried in vain at this boot. */
const inVain = new WeakSet<Machine>();

/** After the certificate that it is signed with. Mail does not wait for it: `box status` tells what is wrong. */
export const mailProfileStep: Step = {
  title: 'profile for Apple’s mail programs',
  optional: true,
  done: async (box) => inVain.has(box.machine) || (await isProfileCurrent(box)),
  async run(box) {
    if (!(await followProfile(box))) inVain.add(box.machine);
  },
};

/** The page that says whose box this is, until its owner puts another in its place. */
import type { File } from '../../machine/machine.ts';
import { paths } from '../../machine/paths.ts';
import { pageText } from '../../web/page-text.ts';
import type { Step } from './step.ts';

/** Of ours it is a tenth. */
const longest = 10_000;

const file = (hostname: string): File => ({
  path: paths.webPage,
  mode: 0o644,
  owner: 'user-data',
  group: 'user-data',
  text: pageText(hostname),
});

export const webPageStep: Step = {
  title: 'web page',
  optional: true,
  /** A page of somebody else's stays; our own, with an old name of the box or cut off, is written anew. */
  async done({ machine, settings: { hostname } }) {
    if (((await machine.identity(paths.webPage))?.size ?? 0) > longest) return true;
    const page = await machine.read(paths.webPage);
    if (page === undefined || page === '') return false;
    const shown = /<title>(.*)<\/title>/.exec(page)?.[1] ?? '';
    return shown === hostname || page !== pageText(shown);
  },
  run: ({ machine, settings: { hostname } }) => machine.put(file(hostname)),
};

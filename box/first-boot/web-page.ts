/** The page that says whose box this is, until its owner puts another in its place. */
import type { Step } from '../init/step.ts';
import type { File } from '../machine/machine.ts';
import { paths } from '../machine/paths.ts';

export function pageText(hostname: string): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${hostname}</title>
<style>
body { font: 1.1rem/1.6 system-ui, sans-serif; max-width: 34rem; margin: 20vh auto 0; padding: 0 1.5rem }
h1 { font-size: 1.6rem; overflow-wrap: anywhere }
</style>
</head>
<body>
<main>
<h1>${hostname}</h1>
<p>This is a mail box. Its people read and send their mail here.</p>
</main>
</body>
</html>
`;
}

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

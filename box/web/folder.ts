/** The folder that holds a domain's pages: which there may be, and a new one with a first page in it. */
import type { Box } from '../machine/box.ts';
import { Failure } from '../machine/failure.ts';
import type { Directory } from '../machine/machine.ts';
import { paths } from '../machine/paths.ts';
import { plainPage } from './pages/plain-page.ts';
import { wantedWeb } from './publish.ts';

/** Whose the pages are: the account that sftp logs in as. */
export const pagesOf = { owner: 'user-data', group: 'user-data' } as const;

/** The folder of a domain that has one or may have. @throws Failure for any other name: only a known one becomes a path. */
export async function folderOf(box: Box, domain: string): Promise<Directory> {
  const { sites, redirects } = await wantedWeb(box);
  const known = ['default', ...[...sites, ...redirects].map((site) => site.domain)];
  if (!known.includes(domain)) throw new Failure(`the box has no web site ${domain}`, 'see: box web list');
  return { path: `${paths.www}/${domain}`, mode: 0o755, ...pagesOf };
}

export async function addSite(box: Box, domain: string): Promise<void> {
  const folder = await folderOf(box, domain);
  if (await box.machine.exists(folder.path))
    throw new Failure(`${folder.path} is there already`, 'put the pages into it');
  await box.machine.putDirectory(folder);
  await box.machine.put({
    path: `${folder.path}/index.html`,
    mode: 0o644,
    ...pagesOf,
    // The owner's own file from here on: it is there in one language.
    text: plainPage('en', domain, box.settings.hostname, false),
  });
}

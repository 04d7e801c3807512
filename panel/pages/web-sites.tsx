/** The domains' web sites: what each shows, and new pages for one, as an archive or as a folder. */
import type { Site } from '../../contract/api.ts';
import { ask, askJson, Unfit } from '../ask.ts';
import { say } from '../notice.ts';
import { complain } from '../parts/complain.ts';
import { Form } from '../parts/form.tsx';
import { useLoaded } from '../parts/use-loaded.ts';
import { Waiting } from '../parts/waiting.tsx';
import { filled, words } from '../words/spoken.ts';
import { end, headerOf, paddingOf, pathInFolder } from '../words/tar.ts';

/** What nginx takes. */
const most = 64 * 1_048_576;

export function WebSites() {
  const loaded = useLoaded(() => askJson('GET /web/domains'));
  if (loaded.data === undefined) return <Waiting of={loaded} />;
  const sites = loaded.data;
  const { sites: said } = words();
  const put = async (domain: string, body: Blob, field: string) => {
    if (body.size > most) throw new Unfit(said.tooMuch, field);
    const told = await ask(`POST /web/sites/${encodeURIComponent(domain)}`, { body });
    await loaded.again();
    say(`${domain}:`, { told: `${told.trim()}.` });
  };
  const update = async () => {
    try {
      const told = (await ask('POST /web/update')).trim();
      await loaded.again();
      say(told === '' ? said.upToDate : said.updated);
    } catch (error) {
      complain(error);
    }
  };
  const domain = {
    name: 'domain',
    label: said.domain,
    type: 'choice',
    // The box's own name shows the default pages.
    choices: ['default', ...sites.slice(1).map((site) => site.domain)],
    value: sites[1]?.domain ?? 'default',
    speaksOf: /web site/,
  } as const;
  return (
    <>
      <p>{said.lead}</p>
      <section>
        <h2>{said.sites}</h2>
        <ul class="rows">
          {sites.map((site) => (
            <li key={site.domain}>
              <div class="what">
                <a href={`https://${site.domain}/`} target="_blank" rel="noreferrer">
                  {site.domain}
                </a>
                <p class="soft">{shown(site)}</p>
              </div>
            </li>
          ))}
        </ul>
        <button type="button" onClick={update}>
          {said.update}
        </button>
        <p class="hint">{said.updateHint}</p>
      </section>
      <section>
        <h2>{said.put}</h2>
        <p>{said.putText}</p>
        <Form
          action={said.upload}
          fields={[
            domain,
            {
              name: 'archive',
              label: said.archive,
              type: 'file',
              required: true,
              hint: said.archiveHint,
              speaksOf: /archive|MiB/,
            },
          ]}
          submit={async ({ domain: to = 'default' }, { archive }) =>
            put(to, archive?.[0] ?? new Blob(), 'archive')
          }
        />
      </section>
      <details>
        <summary>
          <h2>{said.putFolder}</h2>
        </summary>
        <Form
          action={said.uploadFolder}
          fields={[
            domain,
            {
              name: 'folder',
              label: said.folder,
              type: 'folder',
              required: true,
              hint: said.folderHint,
              speaksOf: /archive|MiB|too long|folder/,
            },
          ]}
          submit={async ({ domain: to = 'default' }, { folder = [] }) => put(to, packed(folder), 'folder')}
        />
      </details>
    </>
  );
}

function shown({ root, custom_root, static_enabled }: Site): string {
  const { sites: said } = words();
  if (!static_enabled) return said.leadsElsewhere;
  return filled(root === custom_root ? said.shows : said.showsDefault, { folder: root });
}

function packed(files: readonly File[]): Blob {
  const parts = files.flatMap((file): BlobPart[] => {
    const path = pathInFolder(file.webkitRelativePath);
    if (path === undefined) return [];
    const header = headerOf({ path, bytes: file.size });
    return [header as BlobPart, file, paddingOf(file.size) as BlobPart];
  });
  if (parts.length === 0) throw new Unfit(words().sites.noFile, 'folder');
  return new Blob([...parts, end as BlobPart]);
}

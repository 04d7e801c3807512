/** The domains' web sites: what each shows, and new pages for one, as an archive or as a folder. */
import type { Site } from '../../contract/api.ts';
import { ask, askJson, reasonOf } from '../ask.ts';
import { say } from '../notice.ts';
import { Form } from '../parts/form.tsx';
import { useLoaded } from '../parts/use-loaded.ts';
import { Waiting } from '../parts/waiting.tsx';
import { end, headerOf, paddingOf, pathInFolder } from '../words/tar.ts';

/** What nginx takes. */
const most = 64 * 1_048_576;

export function WebSites() {
  const loaded = useLoaded(() => askJson('GET /web/domains'));
  if (loaded.data === undefined) return <Waiting of={loaded} />;
  const sites = loaded.data;
  const put = async (domain: string, body: Blob) => {
    if (body.size > most) throw new Error('That is more than 64 MiB: use sftp, or a smaller archive.');
    const told = await ask(`POST /web/sites/${encodeURIComponent(domain)}`, { body });
    await loaded.again();
    say(`${domain}: ${told.trim()}.`);
  };
  const update = async () => {
    try {
      const told = (await ask('POST /web/update')).trim();
      await loaded.again();
      say(told === '' ? 'The web sites were up to date.' : 'The web sites are up to date now.');
    } catch (error) {
      say(reasonOf(error), { bad: true });
    }
  };
  const domain = {
    name: 'domain',
    label: 'Domain',
    type: 'choice',
    // The box's own name shows the default pages.
    choices: ['default', ...sites.slice(1).map((site) => site.domain)],
    value: sites[1]?.domain ?? 'default',
    speaksOf: /web site/,
  } as const;
  return (
    <>
      <p>Each mail domain has a web site here. One without pages of its own shows the default ones.</p>
      <section>
        <h2>Sites</h2>
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
          Bring up to date
        </button>
        <p class="hint">After a change by sftp: a new folder, or other rules in custom.yaml.</p>
      </section>
      <section>
        <h2>Put pages there</h2>
        <p>They take the place of all that the domain shows: what was there is gone.</p>
        <Form
          action="Upload archive"
          fields={[
            domain,
            {
              name: 'archive',
              label: 'Archive (tar or tar.gz)',
              type: 'file',
              required: true,
              hint: 'Of plain files and folders, with index.html at its top; at most 64 MiB.',
              speaksOf: /archive|MiB/,
            },
          ]}
          submit={async ({ domain: to = 'default' }, { archive }) => put(to, archive?.[0] ?? new Blob())}
        />
      </section>
      <details>
        <summary>
          <h2>Put a folder there</h2>
        </summary>
        <Form
          action="Upload folder"
          fields={[
            domain,
            {
              name: 'folder',
              label: 'Folder',
              type: 'folder',
              required: true,
              hint: 'It is packed in the browser, without files whose names begin with a dot.',
              speaksOf: /archive|MiB|too long|folder/,
            },
          ]}
          submit={async ({ domain: to = 'default' }, { folder = [] }) => put(to, packed(folder))}
        />
      </details>
    </>
  );
}

function shown({ root, custom_root, static_enabled }: Site): string {
  if (!static_enabled) return 'shows no pages of its own: it leads elsewhere';
  return root === custom_root ? `shows ${root}` : `shows the default pages, ${root}`;
}

function packed(files: readonly File[]): Blob {
  const parts = files.flatMap((file): BlobPart[] => {
    const path = pathInFolder(file.webkitRelativePath);
    if (path === undefined) return [];
    const header = headerOf({ path, bytes: file.size });
    return [header as BlobPart, file, paddingOf(file.size) as BlobPart];
  });
  if (parts.length === 0) throw new Error('There is no file in this folder.');
  return new Blob([...parts, end as BlobPart]);
}

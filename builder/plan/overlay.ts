/** Reads a role's overlay folders and gives the files as they will lie on the box. */
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { parse } from 'yaml';
import * as z from 'zod';
import type { Release } from '../../releases/release.ts';
import { projectRoot } from '../paths.ts';
import type { TemplateValues } from '../roles/role.ts';
import type { PlanFile } from './file.ts';
import { render, TemplateError } from './render.ts';

const template = '.mustache';

/** `overlays/<role>/modes.yaml`: files that are not root's own 0644 (0755 where executable). */
const modesSchema = z.record(
  z.string().startsWith('/'),
  z.strictObject({
    mode: z.string().regex(/^0[0-7]{3}$/),
    owner: z.string().default('root'),
    group: z.string().default('root'),
  }),
);

/**
 * The files of one role on one release: `common` first, then those of the program that it is, where there is a choice, then the
 * release's, as it names their folders. A later one replaces a file of the same path.
 * @throws TemplateError for a hole without a value, a value without a hole, or a mode for a file that isn't there.
 */
export function overlayFiles(
  role: string,
  layers: Release['overlays'],
  values: TemplateValues,
  { software, root = projectRoot }: { readonly software?: string | undefined; readonly root?: string } = {},
): PlanFile[] {
  const folder = path.join(root, 'overlays', role);
  const used = new Set<string>();
  // Only what is laid on top is rendered: what it replaces may be another version's, with holes of its own.
  const sources = new Map<string, Source>();
  for (const layer of ['common', ...(software === undefined ? [] : [software]), ...layers]) {
    for (const source of sourcesIn(path.join(folder, layer), root)) {
      // A folder may be named after a version, as PostgreSQL's are.
      sources.set(`/${render(source.name, values, source.from, used)}`, source);
    }
  }
  const files = new Map<string, PlanFile>();
  for (const [onBox, { from, mode, text }] of sources) {
    files.set(onBox, {
      path: onBox,
      mode,
      owner: 'root',
      group: 'root',
      text: from.endsWith(template) ? render(text, values, from, used) : text,
      from,
    });
  }
  for (const name of Object.keys(values)) {
    if (!used.has(name))
      throw new TemplateError(
        `overlays/${role}: the value "${name}" is used by no template of ${layers.at(-1)}`,
      );
  }
  applyModes(path.join(folder, 'modes.yaml'), files, root);
  return [...files.values()];
}

function applyModes(file: string, files: Map<string, PlanFile>, root: string): void {
  for (const [onBox, mode] of Object.entries(modesIn(file, root))) {
    const planned = files.get(onBox);
    // A mode may name a file that only another release has.
    if (planned !== undefined) files.set(onBox, { ...planned, ...mode });
    else if (!isInSomeLayer(path.dirname(file), onBox)) {
      throw new TemplateError(`${path.relative(root, file)}: ${onBox} is in no layer of this role`);
    }
  }
}

function isInSomeLayer(folder: string, onBox: string): boolean {
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .some((layer) => ['', template].some((end) => existsSync(path.join(folder, layer.name, onBox + end))));
}

/** A file of an overlay, and how it is named in its layer: as on the box, but for holes. */
interface Source {
  readonly name: string;
  readonly from: string;
  readonly mode: '0644' | '0755';
  readonly text: string;
}

/** Every file below a folder, sorted, so that the same tree always gives the same plan. */
const sourcesIn = once((folder, root): readonly Source[] => {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.join(entry.parentPath, entry.name))
    .sort()
    .map((file) => ({
      name: file.slice(folder.length + 1, file.endsWith(template) ? -template.length : undefined),
      from: path.relative(root, file),
      mode: (statSync(file).mode & 0o100) === 0 ? '0644' : '0755',
      text: readFileSync(file, 'utf8'),
    }));
});

const modesIn = once(
  (file): z.infer<typeof modesSchema> =>
    existsSync(file) ? modesSchema.parse(parse(readFileSync(file, 'utf8')) ?? {}) : {},
);

/** The program's own files stay as they are while it runs, and a fleet is many plans of them: each is read once. */
function once<T>(read: (place: string, root: string) => T): typeof read {
  const known = new Map<string, T>();
  return (place, root) => {
    const value = known.get(place) ?? read(place, root);
    if (root === projectRoot) known.set(place, value);
    return value;
  };
}

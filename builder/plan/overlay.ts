/** Reads a role's overlay folders and gives the files as they will lie on the box. */
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';
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
 * release's own. A later one replaces a file of the same path.
 * @throws TemplateError for a hole without a value, a value without a hole, or a mode for a file that isn't there.
 */
export function overlayFiles(
  role: string,
  release: string,
  values: TemplateValues,
  { software, root = projectRoot }: { readonly software?: string | undefined; readonly root?: string } = {},
): PlanFile[] {
  const folder = path.join(root, 'overlays', role);
  const files = new Map<string, PlanFile>();
  const used = new Set<string>();
  for (const layer of ['common', ...(software === undefined ? [] : [software]), release]) {
    for (const source of regularFiles(path.join(folder, layer))) {
      const from = path.relative(root, source);
      const onBox = `/${path.relative(path.join(folder, layer), source)}`;
      const isTemplate = onBox.endsWith(template);
      const text = readFileSync(source, 'utf8');
      files.set(isTemplate ? onBox.slice(0, -template.length) : onBox, {
        path: isTemplate ? onBox.slice(0, -template.length) : onBox,
        mode: (statSync(source).mode & 0o100) === 0 ? '0644' : '0755',
        owner: 'root',
        group: 'root',
        text: isTemplate ? render(text, values, from, used) : text,
        from,
      });
    }
  }
  for (const name of Object.keys(values)) {
    if (!used.has(name))
      throw new TemplateError(`overlays/${role}: the value "${name}" is used by no template of ${release}`);
  }
  applyModes(path.join(folder, 'modes.yaml'), files, root);
  return [...files.values()];
}

function applyModes(file: string, files: Map<string, PlanFile>, root: string): void {
  if (!existsSync(file)) return;
  const modes = modesSchema.parse(parse(readFileSync(file, 'utf8')) ?? {});
  for (const [onBox, mode] of Object.entries(modes)) {
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

/** Every file below a folder, sorted, so that the same tree always gives the same plan. */
function regularFiles(folder: string): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.join(entry.parentPath, entry.name))
    .sort();
}

/** docs/files.md names every planned file, port and path of the box program, and no planned file that is gone. */
import { readFileSync } from 'node:fs';
import test from 'ava';
import { paths } from '../../../box/machine/paths.ts';
import { loadConfig } from '../../../builder/config/load.ts';
import type { Config } from '../../../builder/config/schema.ts';
import type { PlanFile } from '../../../builder/plan/file.ts';
import { makePlan } from '../../../builder/plan/plan.ts';
import { releases } from '../../../releases/index.ts';
import { section, tableRows, unquoted } from './markdown.ts';

const text = readFileSync('docs/files.md', 'utf8');

/** A config of its own where there is one, else what the example makes of it: each has all roles that the release has. */
const configs = ['example.yaml', 'examples/guide.yaml'].map((file) => loadConfig(file).config);
const plans = [...releases.values()].map((release) => {
  const [example] = configs;
  const config = configs.find((one) => one.release === release.name) ?? { ...(example as Config) };
  return makePlan({ ...config, release: release.name }, release);
});

/** Who has a file, as the table writes it: all of a family by the name of the folder that they share. */
function nameOf(having: readonly string[]): string {
  if (having.length === releases.size) return 'all';
  const families = [...new Set([...releases.values()].flatMap(({ overlays }) => overlays))];
  const members = (family: string) =>
    [...releases.values()].filter(({ overlays }) => overlays.includes(family)).map(({ name }) => name);
  const family = families.find((it) => members(it).join() === having.join());
  return family ?? having.join(', ');
}

/** The role that a file lies in the overlay of; the plan itself writes for the box program. */
const roleOf = ({ from }: PlanFile) => /^overlays\/([^/]+)\//.exec(from)?.[1] ?? 'box';

/** The mode as the table writes it: nothing for what is usual. */
function modeOf({ owner, group, mode }: PlanFile): string {
  if (owner !== 'root' || group !== 'root') return `${mode} ${owner}:${group}`;
  return mode === '0644' ? '' : mode;
}

test('the table of planned files is the plan: path, role, release and mode', (t) => {
  const planned = new Map<string, string>();
  for (const file of plans.flatMap(({ files }) => files)) {
    const having = plans.filter(({ files }) => files.some(({ path }) => path === file.path));
    const on = nameOf(having.map(({ release }) => release));
    planned.set(file.path, [roleOf(file), on, modeOf(file)].join(' | '));
  }
  const rows = tableRows(section(text, 'Image: files of the plan'));
  const told = new Map(rows.map(([path = '', ...rest]) => [unquoted(path), rest.slice(0, 3).join(' | ')]));
  t.is(told.size, rows.length, 'a file is listed twice');
  const sorted = (map: Map<string, string>) => [...map].sort(([a], [b]) => (a < b ? -1 : 1));
  t.deepEqual(sorted(told), sorted(planned));
  for (const [path, , , , what] of rows) t.truthy(what, `${path} has no words`);
});

/** What not all releases have, says so at its end: a release, or a family of them. */
const isOf = (release: string, row: string) =>
  releases.get(release)?.overlays.some((layer) => row.endsWith(` (${layer})`)) === true;

test('the table of ports is the image’s, and ssh', (t) => {
  const all = tableRows(section(text, 'Ports')).map((cells) => cells.join(' | '));
  for (const { image, roles } of plans) {
    const rows = all
      .filter((row) => !row.endsWith(')') || isOf(image.release, row))
      .map((row) => row.replace(/ \([^()]*\)$/, ''));
    // The rows of the roles that this plan has; ssh belongs to none.
    const own = rows.filter((row) => (roles as readonly string[]).includes(row.split(' | ')[2] ?? ''));
    const declared = image.ports.map(
      ({ port, protocol, name, role, public: isPublic }) =>
        `${port}/${protocol} | ${name} | ${role} | ${isPublic ? 'public' : 'loopback'}`,
    );
    t.deepEqual(own.sort(), declared.sort());
  }
  t.is(all.filter((row) => row.startsWith('22/tcp')).length, 1);
});

test('every path that the box program knows is named', (t) => {
  // As a whole: /home/user-data/mail/dkim does not name /home/user-data/mail.
  const isNamed = (path: string) =>
    new RegExp(`(?<![\\w/.])${path.replaceAll('.', '\\.')}(?![\\w/-]|\\.\\w)`).test(text);
  t.deepEqual(
    Object.values(paths).filter((path) => !isNamed(path)),
    [],
  );
});

test('every file that `letterbox build` writes is named', (t) => {
  const source = readFileSync('builder/compile.ts', 'utf8');
  const outputs = [...source.matchAll(/\{ path: '([a-z][^']*)', content:/g)].map(([, path = '']) => path);
  t.true(outputs.length >= 10, `${outputs.length} outputs were found`);
  for (const output of outputs) t.true(text.includes(`\`${output}\``), output);
});

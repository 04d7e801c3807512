/** The project's own shape: imports run one way, releases are data, every role has its folder and its words. */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import test from 'ava';
import { releases } from '../releases/index.ts';
import { roleNames } from '../releases/release.ts';

/** For each folder or file: what it may import of the project. The longest prefix counts. */
const mayImport: Readonly<Record<string, readonly string[]>> = {
  'box/settings.ts': [],
  // What both programs do alike: names, and what becomes of what nobody reads.
  'box/idna.ts': [],
  'box/output.ts': [],
  'box/': ['box/'],
  // It knows the box by its API alone.
  'panel/': ['panel/'],
  'releases/release.ts': [],
  'releases/': ['releases/'],
  'builder/outputs/': [
    'builder/outputs/',
    'builder/plan.ts',
    'builder/paths.ts',
    'box/settings.ts',
    'releases/release.ts',
    'releases/version.ts',
  ],
  'builder/roles/': [
    'builder/roles/',
    'builder/tls-policy.ts',
    'builder/tls-suites.ts',
    'builder/config/schema.ts',
    'box/settings.ts',
    'releases/release.ts',
    'releases/version.ts',
  ],
  'builder/config/': ['builder/config/', 'box/settings.ts', 'box/idna.ts', 'releases/'],
  'builder/run.ts': [],
  'builder/render.ts': ['builder/roles/role.ts'],
  'builder/': ['builder/', 'box/settings.ts', 'box/output.ts', 'releases/', 'package.json'],
};

const sources = [
  ...['builder', 'box', 'releases', 'panel'].flatMap((folder) => filesBelow(folder, '.ts')),
  ...filesBelow('panel', '.tsx'),
];

for (const file of sources) {
  const rule = Object.keys(mayImport)
    .filter((prefix) => file.startsWith(prefix))
    .sort((a, b) => b.length - a.length)[0];

  test(`${file} imports only what ${rule} may`, (t) => {
    const allowed = mayImport[rule ?? ''] ?? [];
    for (const imported of projectImports(file)) {
      t.true(
        allowed.some((prefix) => imported.startsWith(prefix)),
        `${file} imports ${imported}`,
      );
    }
    t.pass();
  });
}

test('only builder/run.ts starts programs in the builder, only box/machine.ts on the box', (t) => {
  const starters = sources.filter((file) =>
    /from '(execa|node:child_process)'/.test(readFileSync(file, 'utf8')),
  );
  t.deepEqual(starters.sort(), ['box/machine.ts', 'builder/run.ts']);
});

test('a release is data: its name occurs in no code outside of releases/', (t) => {
  for (const file of [...sources, ...filesBelow('packer', '.sh')].filter(
    (name) => !name.startsWith('releases/'),
  )) {
    for (const name of releases.keys())
      t.false(readFileSync(file, 'utf8').includes(name), `${file} names ${name}`);
  }
});

test('every role has an overlay folder or nothing to lay down, a file in builder/roles and a paragraph in docs/roles.md', (t) => {
  const docs = readFileSync('docs/roles.md', 'utf8');
  const overlays = readdirSync('overlays');
  for (const role of roleNames) t.true(docs.includes(`## ${role}\n`), `docs/roles.md has no "## ${role}"`);
  t.deepEqual(
    overlays.filter((folder) => !(roleNames as readonly string[]).includes(folder)),
    [],
    'overlays of no role',
  );
  const files = readdirSync('builder/roles').filter(
    (file) => !['dialect.ts', 'index.ts', 'role.ts'].includes(file),
  );
  t.deepEqual(files.sort(), roleNames.map((role) => `${role}.ts`).sort());
});

test('a role that has files for one release has files for each, of its own or common ones', (t) => {
  for (const role of roleNames) {
    const layers = readdirSync(`overlays/${role}`, { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map((entry) => entry.name);
    if (!layers.includes('common'))
      t.deepEqual(layers.sort(), [...releases.keys()].sort(), `overlays/${role}`);
  }
  t.pass();
});

test('every source file begins with a sentence about itself and stays a room, not a hall', (t) => {
  for (const file of sources) {
    const text = readFileSync(file, 'utf8');
    t.regex(text, /^\/\*\*/, `${file} has no first sentence`);
    t.true(text.split('\n').length <= 300, `${file} has ${text.split('\n').length} lines`);
  }
});

function projectImports(file: string): string[] {
  return [...readFileSync(file, 'utf8').matchAll(/(?:from|import) '(\.[^']+)'/g)].map(([, specifier = '']) =>
    path.join(path.dirname(file), specifier),
  );
}

function filesBelow(folder: string, ending: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith(ending))
    .map((entry) => path.join(entry.parentPath, entry.name));
}

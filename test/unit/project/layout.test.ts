/** The project's own shape: imports run one way, releases are data, every role has its folder and its words. */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import test from 'ava';
import { cloudNames } from '../../../clouds/index.ts';
import { releases } from '../../../releases/index.ts';
import { roleNames } from '../../../releases/release.ts';

/**
 * Each program's rooms (folders and loose files), floor above floor. A file imports of its own room, of rooms on lower
 * floors, and of the grounds. Rooms on one floor do not know each other, and types count as everything else does.
 */
const floors: Readonly<Record<string, readonly (readonly string[])[]>> = {
  builder: [
    ['cli.ts'],
    ['program.ts'],
    ['lock-verbs.ts', 'machine-verbs.ts', 'trust-verbs.ts'],
    ['commands'],
    ['verify'],
    ['bake'],
    ['trust', 'vm'],
    ['compile.ts'],
    ['lock', 'outputs'],
    ['plan'],
    ['roles'],
    ['config', 'host', 'paths.ts', 'version.ts'],
  ],
  box: [
    ['main.ts'],
    ['commands'],
    ['api'],
    ['accounts', 'health', 'init', 'move-in'],
    ['renew', 'reports', 'web'],
    ['dns'],
    ['mail-clients'],
    ['mail'],
    ['keys', 'storage', 'outbound-tls', 'upgrades'],
    ['machine'],
  ],
  panel: [['main.tsx'], ['frame.tsx'], ['pages'], ['parts'], ['ask.ts', 'notice.ts'], ['words']],
  // What passes between the programs, and what two of them do alike.
  contract: [
    ['api.ts', 'clouds.ts', 'report.ts', 'settings.ts', 'idna.ts', 'output.ts', 'trust'],
    ['health.ts', 'mail-restore.ts', 'reports.ts'],
  ],
  clouds: [
    ['index.ts'],
    cloudNames.map((name) => `${name}.ts`),
    ['amazon-builders.ts', 'proxmox-builders.ts', 'vsphere-builders.ts', 'devices.ts'],
    ['launch'],
    ['cloud.ts'],
    ['packer-builder.ts', 'import-command.ts', 'launch-plan.ts'],
  ],
  releases: [
    ['index.ts'],
    ['debian-12.ts', 'debian-13.ts', 'ubuntu-14.04.ts'],
    ['debian.ts'],
    ['php.ts', 'sabre.ts'],
    ['release.ts'],
    ['version.ts'],
  ],
};

/** What each program may import from outside of it. */
const grounds: Readonly<Record<string, readonly string[]>> = {
  builder: ['contract', 'releases', 'clouds', 'package.json'],
  box: ['contract'],
  // It knows the box by its API alone.
  panel: ['contract/api.ts'],
  contract: [],
  clouds: [],
  releases: [],
};

const sources = Object.keys(floors).flatMap((program) =>
  filesBelow(program).filter((file) => /\.tsx?$/.test(file)),
);
const imports = new Map(sources.map((file) => [file, projectImports(file)]));

for (const file of sources) {
  test(`${file} imports of its own room, of lower floors and of the grounds`, (t) => {
    const [program = '', room = ''] = file.split('/');
    const rooms = floors[program] ?? [];
    const floorOf = (name: string) => rooms.findIndex((floor) => floor.includes(name));
    t.true(floorOf(room) >= 0, `${program}/${room} stands on no floor`);
    const allowed = (imported: string) => {
      const [otherProgram, other = ''] = imported.split('/');
      if (otherProgram !== program)
        return (grounds[program] ?? []).some((ground) => `${imported}/`.startsWith(`${ground}/`));
      return other === room || floorOf(other) > floorOf(room);
    };
    const up = imports
      .get(file)
      ?.filter((imported) => !allowed(imported))
      .map((imported) => `${file} -> ${imported}`);
    t.deepEqual(up, []);
  });
}

test('no files import one another in a circle', (t) => {
  t.deepEqual(circles(), []);
});

test('what is decided and rendered by the builder touches nothing of the build host', (t) => {
  const pure = sources.filter((file) => /^builder\/(plan|outputs)\//.test(file));
  t.true(pure.length > 0);
  for (const file of pure)
    t.deepEqual(
      imports.get(file)?.filter((imported) => imported.startsWith('builder/host/')),
      [],
      file,
    );
});

test('the web process knows of the root half only how to ask it, and routes know neither', (t) => {
  const beyond = (room: string, allowed: RegExp) =>
    sources
      .filter((file) => file.startsWith(`box/api/${room}/`))
      .flatMap((file) => (imports.get(file) ?? []).map((imported) => [file, imported] as const))
      .filter(([, imported]) => imported.startsWith('box/api/') && !allowed.test(imported));
  const own = String.raw`[a-z-]+\.ts|routes/.+`;
  t.deepEqual(beyond('http', new RegExp(`^box/api/(${own}|http/.+|keeper/protocol\\.ts)$`)), []);
  t.deepEqual(beyond('keeper', new RegExp(`^box/api/(${own}|keeper/.+)$`)), []);
  t.deepEqual(beyond('routes', new RegExp(`^box/api/(${own})$`)), []);
});

test('only builder/host/run.ts starts programs in the builder, only box/machine/machine.ts on the box', (t) => {
  const starters = sources.filter((file) =>
    /from '(?:execa|node:child_process)'|import\('execa'\)/.test(readFileSync(file, 'utf8')),
  );
  t.deepEqual(starters.sort(), ['box/machine/machine.ts', 'builder/host/run.ts']);
});

test('the pages take nothing of the contract but types: not a byte of it is in the bundle', (t) => {
  for (const file of sources.filter((name) => name.startsWith('panel/')))
    for (const [line] of readFileSync(file, 'utf8').matchAll(/^.*\/contract\/.*$/gm))
      t.regex(line, /^import type /, file);
  t.pass();
});

test('zod is taken as a namespace: by its name `z` a bundle gets all of it, with every language', (t) => {
  t.deepEqual(
    sources.filter((file) => /import \{[^}]*\} from 'zod'/.test(readFileSync(file, 'utf8'))),
    [],
  );
});

test('a release is data: its name occurs in no code outside of releases/, but for what a cloud calls its image of it', (t) => {
  const data = /^(?:releases|clouds)\//;
  for (const file of [...sources, ...filesBelow('packer')].filter((name) => !data.test(name))) {
    for (const name of releases.keys())
      t.false(readFileSync(file, 'utf8').includes(name), `${file} names ${name}`);
  }
});

test('a cloud is data: its name occurs in no code outside of clouds/', (t) => {
  // One is a program's name too, and one an image format's.
  const names = cloudNames.filter((name) => name !== 'qemu' && name !== 'gce');
  t.true(names.length > 0);
  for (const file of sources.filter((name) => !name.startsWith('clouds/'))) {
    for (const name of names)
      t.notRegex(readFileSync(file, 'utf8'), new RegExp(`\\b${name}\\b`, 'i'), `${file} names ${name}`);
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
    (file) => !['dialect.ts', 'index.ts', 'loopback-doors.ts', 'role.ts', 'tls'].includes(file),
  );
  t.deepEqual(files.sort(), roleNames.map((role) => `${role}.ts`).sort());
});

test('a role that has files for one release has files for each, of its own or common ones', (t) => {
  for (const role of roleNames) {
    const layers = readdirSync(`overlays/${role}`, { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map((entry) => entry.name);
    // Where a release says which program the role is, that layer is the release's.
    const software = [...releases.values()].flatMap(({ roles }) => roles[role].software ?? []);
    if (software.length > 0)
      t.deepEqual(
        software.filter((name) => !layers.includes(name)),
        [],
        `overlays/${role}`,
      );
    if (!layers.includes('common'))
      for (const { name, overlays } of releases.values())
        t.true(
          overlays.some((layer) => layers.includes(layer)),
          `overlays/${role} has nothing for ${name}`,
        );
    const known = new Set<string>([
      'common',
      ...software,
      ...[...releases.values()].flatMap((it) => it.overlays),
    ]);
    t.deepEqual(
      layers.filter((name) => !known.has(name)),
      [],
      `overlays/${role}: a layer of no release`,
    );
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

/** Groups of files of which each reaches the others by imports. */
function circles(): string[] {
  const reached = new Map(sources.map((file) => [file, reachedFrom(file)]));
  const groups = sources.map((file) =>
    [...(reached.get(file) ?? [])].filter((other) => reached.get(other)?.has(file)).sort(),
  );
  return [...new Set(groups.filter((group) => group.length > 0).map((group) => group.join(' ')))].sort();
}

/** The file itself is among them if it stands in a circle. */
function reachedFrom(file: string): Set<string> {
  const reached = new Set<string>();
  const left = [...(imports.get(file) ?? [])];
  for (let next = left.pop(); next !== undefined; next = left.pop()) {
    if (reached.has(next)) continue;
    reached.add(next);
    left.push(...(imports.get(next) ?? []));
  }
  return reached;
}

function projectImports(file: string): string[] {
  const specifiers = readFileSync(file, 'utf8').matchAll(/(?:from |import |import\()'(\.[^']+)'/g);
  return [...new Set([...specifiers].map(([, specifier = '']) => path.join(path.dirname(file), specifier)))];
}

function filesBelow(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.join(entry.parentPath, entry.name))
    .sort();
}

// Bundles the programs: dist/letterbox.cjs (the builder), dist/box.cjs (the program on the appliance), dist/passkeys.cjs (a part of it) and
// dist/panel/ (its pages); and notes in dist/libraries.json which libraries are in those of the appliance, for its bill of materials.
import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { build } from 'esbuild';
import Mustache from 'mustache';

/** What is rarely needed is a file beside the program, which reads it only then. */
const apart = {
  name: 'apart',
  setup({ onResolve }) {
    onResolve({ filter: /\/passkey-library\.ts$/ }, ({ kind }) =>
      kind === 'dynamic-import' ? { path: './passkeys.cjs', external: true } : undefined,
    );
  },
};
const onBox = {
  // The oldest Node that a release carries (ubuntu-14.04: glibc 2.19 allows nothing newer).
  target: 'node16',
  format: 'cjs',
  minify: true,
  // A program that was compiled before it starts (start.cjs) can require(), and not import().
  supported: { 'dynamic-import': false },
};

const common = { bundle: true, platform: 'node', legalComments: 'none', logLevel: 'warning' };

const [, ...onAppliance] = await Promise.all([
  build({
    ...common,
    entryPoints: ['builder/cli.ts'],
    outfile: 'dist/letterbox.cjs',
    target: 'node20',
    // One file, which a start reads as it was compiled (bin/script.js); what a verb does not need is in it, and not run.
    format: 'cjs',
    supported: { 'dynamic-import': false },
    minify: true,
    // Node.js shows the line of what nobody caught.
    lineLimit: 120,
    define: { 'import.meta.url': 'thisFile' },
    banner: { js: "const thisFile = require('node:url').pathToFileURL(__filename).href;" },
    // What writes bills as XML, which the builder does not.
    external: ['xmlbuilder2', 'libxmljs2'],
  }),
  build({
    ...common,
    entryPoints: ['box/main.ts'],
    outfile: 'dist/box.cjs',
    ...onBox,
    plugins: [apart],
    banner: { js: '#!/usr/bin/env node' },
    metafile: true,
  }),
  build({
    ...common,
    entryPoints: ['box/accounts/log-in/passkey-library.ts'],
    outfile: 'dist/passkeys.cjs',
    ...onBox,
    metafile: true,
  }),
  buildPanel(),
]);
writeFileSync(
  'dist/libraries.json',
  `${JSON.stringify(librariesOf(onAppliance.map(({ metafile }) => metafile)), null, 2)}\n`,
);

// Each template of overlays/ as Mustache keeps it once it is parsed, which takes longer than all else that a plan does.
const templates = readdirSync('overlays', { recursive: true }).filter((name) => name.endsWith('.mustache'));
const parsed = templates.sort().map((name) => {
  const text = readFileSync(path.join('overlays', name), 'utf8');
  return [`${text}:{{:}}`, Mustache.parse(text)];
});
writeFileSync('dist/templates.json', JSON.stringify(Object.fromEntries(parsed)));

// What was compiled of the one before is none of this one's.
rmSync('dist/letterbox.compiled', { force: true });
spawnSync(process.execPath, ['bin/compile.js'], { stdio: ['ignore', 'ignore', 'inherit'] });

/** The packages of which a byte is in a bundle: with their licence, and the digest that the lock file has of each. */
function librariesOf(metafiles) {
  const locked = JSON.parse(readFileSync('package-lock.json', 'utf8')).packages;
  const outputs = metafiles.flatMap((metafile) => Object.values(metafile.outputs));
  const files = outputs.flatMap(({ inputs }) =>
    Object.keys(inputs).filter((file) => inputs[file].bytesInOutput > 0),
  );
  const folders = files.flatMap((file) => /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(file)?.[0] ?? []);
  return [...new Set(folders)].sort().map((folder) => {
    const { name, version, license } = JSON.parse(readFileSync(`${folder}/package.json`, 'utf8'));
    return { name, version, licence: license, integrity: locked[folder].integrity };
  });
}

/** Names carry the hash of what is in a file, so that browsers may keep it for good; index.html says which are current. */
async function buildPanel() {
  const made = await build({
    ...common,
    platform: 'browser',
    entryPoints: { panel: 'panel/main.tsx', style: 'panel/style.css' },
    entryNames: '[name]-[hash]',
    // Each language but English is a file of its own, which a browser loads that wants it.
    splitting: true,
    chunkNames: 'words-[hash]',
    outdir: 'dist/panel',
    write: false,
    // Browsers of the last three years.
    target: ['es2022', 'chrome111', 'firefox111', 'safari16.4'],
    format: 'esm',
    jsx: 'automatic',
    jsxImportSource: 'preact',
    tsconfig: 'panel/tsconfig.json',
    minify: true,
    metafile: true,
  });
  rmSync('dist/panel', { recursive: true, force: true });
  mkdirSync('dist/panel', { recursive: true });
  for (const { path: file, contents } of made.outputFiles) writeFileSync(file, contents);
  const nameOf = (entry) =>
    path.basename(
      Object.entries(made.metafile.outputs).find(([, { entryPoint }]) => entryPoint === entry)?.[0] ?? '',
    );
  const html = readFileSync('panel/index.html', 'utf8')
    .replace('{{style}}', `assets/${nameOf('panel/style.css')}`)
    .replace('{{script}}', `assets/${nameOf('panel/main.tsx')}`);
  writeFileSync('dist/panel/index.html', html);
  return made;
}

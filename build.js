// Bundles the programs: dist/letterbox.js (the builder), dist/box.cjs (the program on the appliance), dist/passkeys.cjs (a part of it) and dist/panel/ (its pages).
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { build } from 'esbuild';

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

await Promise.all([
  build({
    ...common,
    entryPoints: ['builder/cli.ts'],
    outfile: 'dist/letterbox.js',
    target: 'node20',
    format: 'esm',
    // CommonJS libraries inside an ES module bundle still call require() for Node's own modules.
    banner: {
      js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);",
    },
  }),
  build({
    ...common,
    entryPoints: ['box/main.ts'],
    outfile: 'dist/box.cjs',
    ...onBox,
    plugins: [apart],
    banner: { js: '#!/usr/bin/env node' },
  }),
  build({
    ...common,
    entryPoints: ['box/accounts/log-in/passkey-library.ts'],
    outfile: 'dist/passkeys.cjs',
    ...onBox,
  }),
  buildPanel(),
]);

/** Names carry the hash of what is in a file, so that browsers may keep it for good; index.html says which are current. */
async function buildPanel() {
  const { metafile } = await build({
    ...common,
    platform: 'browser',
    entryPoints: { panel: 'panel/main.tsx', style: 'panel/style.css' },
    entryNames: '[name]-[hash]',
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
  }).then((made) => {
    rmSync('dist/panel', { recursive: true, force: true });
    mkdirSync('dist/panel', { recursive: true });
    for (const { path: file, contents } of made.outputFiles) writeFileSync(file, contents);
    return made;
  });
  const nameOf = (ending) =>
    path.basename(Object.keys(metafile.outputs).find((name) => name.endsWith(ending)) ?? '');
  const html = readFileSync('panel/index.html', 'utf8')
    .replace('{{style}}', `assets/${nameOf('.css')}`)
    .replace('{{script}}', `assets/${nameOf('.js')}`);
  writeFileSync('dist/panel/index.html', html);
}

// Bundles the two programs: dist/letterbox.js (the builder) and dist/box.cjs (the program on the appliance).
import { build } from 'esbuild';

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
    // The oldest Node that a release carries (ubuntu-14.04: glibc 2.19 allows nothing newer).
    target: 'node16',
    format: 'cjs',
    minify: true,
    banner: { js: '#!/usr/bin/env node' },
  }),
]);

// Bundles tests as JavaScript, `bundle.js FOLDER...` of test/: to have each test process compile the sources anew takes as long as
// many a test. Writes dist/tests/FOLDER/; a single file is run from its source, with `npx ava FILE`.
import { rmSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';

for (const folder of process.argv.slice(2)) {
  rmSync(`dist/tests/${folder}`, { recursive: true, force: true });
  await build({
    entryPoints: [`test/${folder}/**/*.test.ts`],
    outbase: `test/${folder}`,
    outdir: `dist/tests/${folder}`,
    bundle: true,
    splitting: true,
    packages: 'external',
    platform: 'node',
    // Those of the box run on the Node.js of its oldest release too (test/node-of-releases.ts).
    target: 'node16',
    format: 'esm',
    sourcemap: true,
    logLevel: 'warning',
    plugins: [{ name: 'own place', setup: keepPlace }],
  });
}

/** A module finds its files from where its source lies. */
function keepPlace({ onLoad }) {
  onLoad({ filter: /\.ts$/ }, async ({ path }) => ({
    contents: (await readFile(path, 'utf8')).replaceAll(
      'import.meta.url',
      JSON.stringify(pathToFileURL(path).href),
    ),
    loader: 'ts',
  }));
}

// Bundles tests as JavaScript, `bundle.js FOLDER...` of test/: to have each test process compile the sources anew takes as long as
// many a test. Writes dist/tests/FOLDER/; a single file is run from its source, with `npx ava FILE`.
import { readdirSync, rmSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';

/**
 * What needs no machine is one process for each folder, not for each file: to start one and to load ava, zod and the like into it takes
 * longer than most files do, and what the files of a folder have in common, like a box after its first boot, is made once.
 */
const together = ['unit', 'golden', 'bad-configs'];

for (const folder of process.argv.slice(2)) {
  rmSync(`dist/tests/${folder}`, { recursive: true, force: true });
  await build({
    entryPoints: together.includes(folder) ? byFolder(`test/${folder}`) : [`test/${folder}/**/*.test.ts`],
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
    plugins: [
      { name: 'test files of a folder', setup: joinFolders },
      { name: 'own place', setup: keepPlace },
    ],
  });
}

/** One entry for each folder that has test files: `box/dns.test` of `test/unit/box/dns/*.test.ts`. */
function byFolder(top) {
  const files = readdirSync(top, { recursive: true }).filter((file) => file.endsWith('.test.ts'));
  return [...new Set(files.map((file) => path.dirname(path.join(top, file))))].map((folder) => ({
    in: `folder:${folder}`,
    out: `${folder === top ? path.basename(top) : path.relative(top, folder)}.test`,
  }));
}

function joinFolders({ onResolve, onLoad }) {
  onResolve({ filter: /^folder:/ }, (args) => ({
    path: args.path.replace('folder:', ''),
    namespace: 'folder',
  }));
  onLoad({ filter: /./, namespace: 'folder' }, ({ path: folder }) => ({
    contents: readdirSync(folder)
      .filter((file) => file.endsWith('.test.ts'))
      .map((file) => `import './${file}';`)
      .join('\n'),
    resolveDir: folder,
  }));
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

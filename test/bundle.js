// Bundles tests as JavaScript, `bundle.js FOLDER...` of test/: to have each test process compile the sources anew takes as long as
// many a test. Writes dist/tests/FOLDER/; a single file is run from its source, with `npx ava FILE`.
import { readdirSync, rmSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';

/**
 * What needs no machine is one process for each room, not for each file: to start one and to load ava, zod and the like into it takes
 * longer than most files do, and what the files of a room have in common, like a box after its first boot, is made once.
 */
const together = ['unit', 'golden', 'bad-configs'];

for (const folder of process.argv.slice(2)) {
  rmSync(`dist/tests/${folder}`, { recursive: true, force: true });
  await build({
    entryPoints: together.includes(folder) ? byRoom(`test/${folder}`) : [`test/${folder}/**/*.test.ts`],
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
      { name: 'test files of a room', setup: joinRoom },
      { name: 'own place', setup: keepPlace },
    ],
  });
}

/** One entry for each room, with what lies deeper in it: `box/dns.test` of `test/unit/box/dns/` and all below. */
function byRoom(top) {
  return [...new Set(testsBelow(top).map(roomOf))].map((room) => ({
    in: `room:${path.join(top, room)}`,
    out: `${room === '.' ? path.basename(top) : room}.test`,
  }));
}

function joinRoom({ onResolve, onLoad }) {
  onResolve({ filter: /^room:/ }, (args) => ({ path: args.path.replace('room:', ''), namespace: 'room' }));
  onLoad({ filter: /./, namespace: 'room' }, ({ path: folder }) => ({
    contents: testsBelow(folder)
      .map((file) => `import './${file}';`)
      .join('\n'),
    resolveDir: folder,
  }));
}

function testsBelow(folder) {
  const files = readdirSync(folder, { recursive: true });
  return files.filter((file) => file.endsWith('.test.ts')).sort();
}

function roomOf(file) {
  return path.dirname(file).split(path.sep).slice(0, 2).join(path.sep);
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

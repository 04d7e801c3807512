/** The box's unit tests on the Node.js of each release that brings its own: a bundle's syntax is one thing, the library another. */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import test from 'ava';
import { build, type Plugin } from 'esbuild';
import { execa } from 'execa';
import { nodeRuntime } from '../../builder/bake/node-runtime.ts';
import { releases } from '../../releases/index.ts';

const cache = path.resolve('out/cache');

/** A module finds its files from where its source lies. */
const ownPlace: Plugin = {
  name: 'own place',
  setup: ({ onLoad }) => {
    onLoad({ filter: /\.ts$/ }, ({ path: file }) => ({
      contents: readFileSync(file, 'utf8').replaceAll(
        'import.meta.url',
        JSON.stringify(pathToFileURL(file).href),
      ),
      loader: 'ts',
    }));
  },
};

for (const release of releases.values()) {
  if (release.node.from !== 'npm') continue;
  test(`${release.name}: the box’s unit tests hold on ${release.node.package}`, async (t) => {
    t.timeout(1_800_000);
    const node = await nodeRuntime(release, cache);
    const folder = mkdtempSync(path.join(tmpdir(), 'letterbox-node-'));
    t.teardown(() => rmSync(folder, { recursive: true, force: true }));
    await build({
      entryPoints: ['test/unit/box/**/*.test.ts'],
      outbase: 'test/unit',
      outdir: folder,
      outExtension: { '.js': '.mjs' },
      bundle: true,
      platform: 'node',
      target: 'node16',
      format: 'esm',
      banner: {
        js: "import { createRequire as req } from 'node:module'; const require = req(import.meta.url);",
      },
      alias: { ava: path.resolve('test/thorough/node-16/ava.ts') },
      logLevel: 'error',
      plugins: [ownPlace],
    });
    const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) =>
      file.endsWith('.test.mjs'),
    );
    t.true(files.length > 40);
    const failed: string[] = [];
    let count = 0;
    for (const file of files.sort()) {
      const { exitCode, stdout, stderr } = await execa(node ?? '', [path.join(folder, file)], {
        reject: false,
      });
      count += Number(/^(\d+) tests$/m.exec(stdout)?.[1] ?? 0);
      if (exitCode !== 0) failed.push(`${file}: ${stdout}${stderr}`);
    }
    t.log(`${count} tests of ${files.length} files`);
    t.deepEqual(failed, []);
  });
}

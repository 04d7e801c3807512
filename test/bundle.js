// `npm run check` runs the quick tests as JavaScript: to have each test process compile the sources anew takes as long
// as the tests. Writes dist/tests/; a single file is run from its source, with `npx ava FILE`.
import { readFileSync, rmSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';

rmSync('dist/tests', { recursive: true, force: true });
await build({
  entryPoints: ['test/unit/**/*.test.ts', 'test/golden/*.test.ts', 'test/bad-configs/*.test.ts'],
  outbase: 'test',
  outdir: 'dist/tests',
  bundle: true,
  splitting: true,
  packages: 'external',
  platform: 'node',
  target: 'node20',
  format: 'esm',
  sourcemap: true,
  logLevel: 'warning',
  plugins: [{ name: 'own place', setup: keepPlace }],
});

/** A module finds its files from where its source lies. */
function keepPlace({ onLoad }) {
  onLoad({ filter: /\.ts$/ }, ({ path }) => ({
    contents: readFileSync(path, 'utf8').replaceAll(
      'import.meta.url',
      JSON.stringify(pathToFileURL(path).href),
    ),
    loader: 'ts',
  }));
}

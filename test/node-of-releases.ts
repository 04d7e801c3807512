// The box program's unit tests by the Node.js of each release that carries its own, which the bake lays into the image.
import { spawnSync } from 'node:child_process';
import { nodeRuntime } from '../builder/bake/node-runtime.ts';
import { cacheDir } from '../builder/paths.ts';
import { releases } from '../releases/index.ts';

for (const release of releases.values()) {
  const node = await nodeRuntime(release, cacheDir);
  if (node === undefined) continue;
  // ava starts its workers by the program that it runs by.
  const argv = ['node_modules/ava/entrypoints/cli.mjs', '--config', 'test/node-of-releases.config.js'];
  const { status, error } = spawnSync(node, argv, { stdio: 'inherit' });
  if (error !== undefined) throw error;
  if (status !== 0) process.exitCode = 1;
}

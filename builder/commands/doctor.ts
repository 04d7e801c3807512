/** `letterbox doctor`: looks at the build host, by what the bake and the boot themselves ask of it. Changes nothing. */
import { existsSync, readFileSync, statfsSync } from 'node:fs';
import path from 'node:path';
import { releases } from '../../releases/index.ts';
import { findSources } from '../bake/base/bootstrap.ts';
import { checkNamespaces, checkUser } from '../bake/namespace.ts';
import type { Loaded } from '../config/load.ts';
import { type Config, configSchema } from '../config/schema.ts';
import { GiB } from '../config/values.ts';
import { missingPackages } from '../host/packages.ts';
import { cacheDir, projectRoot } from '../paths.ts';
import { readKeyFile } from '../trust/key-file.ts';
import { oldestNode } from '../version.ts';
import { probeAcceleration } from '../vm/qemu.ts';
import { diagnosis, type Finding, type HostFacts } from './diagnosis.ts';
import { usualRelease } from './first-answers.ts';
import { signingKeyFile } from './signer.ts';

/** Base tree, provisioned tree, packages and image of one bake, with room for the disk in the making. */
const bakeTakes = 4 * GiB;

/** With a config, what it wants; else what one without further keys does. */
export async function examine(loaded?: Loaded): Promise<Finding[]> {
  return diagnosis(await lookAround(loaded));
}

async function lookAround(loaded: Loaded | undefined): Promise<HostFacts> {
  const config = loaded?.config;
  const keyFile = loaded === undefined ? undefined : signingKeyFile(loaded);
  const own = (name: string) => path.relative('.', path.join(projectRoot, 'host', name));
  const missing = (list: string) => missingPackages(own('install.sh'), own(`${list}.txt`));
  const forTests = existsSync(own('test.txt')) ? await missing('test') : undefined;
  const { memory } = config?.boot ?? configSchema.shape.boot.parse(undefined);
  const user = await refusal(checkUser);
  return {
    node: { found: process.versions.node, wanted: oldestNode },
    missing: await missing('demo'),
    missingForTests: forTests,
    sources: await refusal(() => sourcesOf(config)),
    user,
    // Without ids there are none: that is told already.
    namespaces: user === undefined ? await refusal(checkNamespaces) : undefined,
    acceleration: await probeAcceleration(),
    disk: { folder: path.dirname(cacheDir), free: freeAt(cacheDir), wanted: bakeTakes },
    memory: { free: availableMemory(), wanted: memory },
    // Its password is not asked for.
    ...(keyFile === undefined
      ? {}
      : { signingKey: { file: keyFile, refused: await refusal(() => readKeyFile(keyFile)) } }),
    installs: (list) => `sh ${own('install.sh')} ${own(`${list}.txt`)}`,
  };
}

/** What a check of the bake's says when it refuses. */
async function refusal(check: () => unknown): Promise<string | undefined> {
  try {
    await check();
    return undefined;
  } catch (error) {
    return (error as Error).message;
  }
}

async function sourcesOf(config: Config | undefined): Promise<void> {
  const base = releases.get(config?.release ?? usualRelease)?.base;
  // A vendor's image has its packages from the network, in the bake.
  if (base?.kind === 'bootstrap') await findSources(base, config?.image.mirror);
}

function freeAt(folder: string): number {
  if (!existsSync(folder)) return freeAt(path.dirname(folder));
  const { bavail, bsize } = statfsSync(folder);
  return bavail * bsize;
}

/** What programs may have without swapping, caches given up: proc(5). */
function availableMemory(): number {
  const kiB = /^MemAvailable:\s+(\d+) kB$/m.exec(readFileSync('/proc/meminfo', 'utf8'))?.[1];
  return Number(kiB ?? 0) * 1024;
}

/** Another release than example.yaml's: its config, its image, and what tests are told so that they run on it. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { parseDocument } from 'yaml';
import { loadConfig } from '../builder/config/load.ts';
import { releases } from '../releases/index.ts';
import type { Release } from '../releases/release.ts';

export interface OtherRelease {
  readonly release: Release;
  /** example.yaml as that release; `letterbox bake` makes `image` of it. */
  readonly config: string;
  readonly image: string;
  /** What test/rig/release.ts and test/rig/image.ts read. */
  readonly environment: Readonly<Record<'LETTERBOX_RELEASE' | 'LETTERBOX_IMAGE', string>>;
}

export function otherRelease(release: Release): OtherRelease {
  const name = `test-${release.name}`.replaceAll('.', '-');
  const config = path.join('test-artefacts', `${name}.yaml`);
  const document = parseDocument(readFileSync('example.yaml', 'utf8'));
  document.set('name', name);
  document.set('release', release.name);
  mkdirSync(path.dirname(config), { recursive: true });
  writeFileSync(config, String(document));
  const image = path.resolve('out', name, `${name}.qcow2`);
  return { release, config, image, environment: { LETTERBOX_RELEASE: release.name, LETTERBOX_IMAGE: image } };
}

/** Those that can be baked wherever example.yaml can: from packages of an archive that is there. */
export function otherReleases(): OtherRelease[] {
  const own = loadConfig('example.yaml').config.release;
  return [...releases.values()]
    .filter(({ name, base }) => name !== own && base.kind === 'bootstrap')
    .map(otherRelease);
}

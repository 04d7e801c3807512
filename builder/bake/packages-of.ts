/** The packages of an image that was baked, by the bill beside it. */
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { PackageURL } from 'packageurl-js';
import * as z from 'zod';
import type { LockedPackage } from '../lock/lock.ts';
import { cyclonedxFile } from '../trust/bill/files.ts';

/** One that came in an archive which is gone from the cache has no digest. */
export type BakedPackage = Omit<LockedPackage, 'sha256'> & { readonly sha256: string | undefined };

const schema = z.object({
  components: z.array(
    z.object({
      purl: z.string(),
      hashes: z.array(z.object({ alg: z.string(), content: z.string() })).optional(),
    }),
  ),
});

/** Undefined where no image of that release lies there, or none that says what is in it. */
export function packagesOf(out: string, release: string): BakedPackage[] | undefined {
  const file = path.join(out, cyclonedxFile);
  if (!existsSync(file)) return undefined;
  const { components } = schema.parse(JSON.parse(readFileSync(file, 'utf8')));
  const packages = components.flatMap(({ purl, hashes = [] }) => {
    const { type, name, version, qualifiers } = PackageURL.fromString(purl);
    if (type !== 'deb' || qualifiers?.distro !== release) return [];
    const sha256 = hashes.find(({ alg }) => alg === 'SHA-256')?.content;
    return [{ name, version: version ?? '', architecture: qualifiers?.arch ?? '', sha256 }];
  });
  return packages.length === 0 ? undefined : packages;
}

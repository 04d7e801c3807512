/** Whether the bills of materials are of the image that lies there, and tell of the same components. */

import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import * as z from 'zod';
import type { ReadManifest } from '../../contract/trust/manifest.ts';
import { cyclonedxFile, spdxFile, unownedFile } from '../trust/bill/files.ts';
import type { Verdict, Wrong } from './verdict.ts';

const cyclonedxSchema = z.object({
  bomFormat: z.literal('CycloneDX'),
  metadata: z.object({
    component: z.object({
      name: z.string(),
      version: z.string().optional(),
      properties: z.array(z.object({ name: z.string(), value: z.string() })),
    }),
  }),
  components: z.array(z.object({ purl: z.string() })),
});

const spdxSchema = z.object({
  spdxVersion: z.literal('SPDX-2.3'),
  packages: z.array(
    z.object({ externalRefs: z.array(z.object({ referenceLocator: z.string() })).optional() }),
  ),
});

const unownedSchema = z.object({
  none: z.array(z.object({ files: z.array(z.string()) })),
  unknown: z.array(z.string()),
});

const remedy = 'bake again, or get the whole folder from where it was baked';

export function verifyBills(dir: string, manifest: ReadManifest): Verdict {
  if (manifest.bills === undefined)
    return {
      checked: [],
      notChecked: ['bill of materials: there is none, since this image was baked before there were any'],
      wrong: [],
    };
  const wrong: Wrong[] = [];
  const blame = (name: string, rule: string) => wrong.push({ file: path.join(dir, name), rule, remedy });
  const cyclonedx = read(dir, cyclonedxFile, cyclonedxSchema);
  const spdx = read(dir, spdxFile, spdxSchema);
  if (cyclonedx === undefined) blame(cyclonedxFile, 'is no bill in CycloneDX');
  if (spdx === undefined) blame(spdxFile, 'is no bill in SPDX 2.3');
  if (cyclonedx === undefined || spdx === undefined) return { checked: [], notChecked: [], wrong };

  const { component } = cyclonedx.metadata;
  const told = new Map(component.properties.map(({ name, value }) => [name, value]));
  if (component.name !== manifest.name || component.version !== manifest.imageId)
    blame(
      cyclonedxFile,
      `is of another image than manifest.json: ${component.name} ${component.version ?? ''}`,
    );
  for (const [disk, { sha256 }] of Object.entries(manifest.files))
    if (told.get(`letterbox:disk:${disk}:sha256`) !== sha256)
      blame(cyclonedxFile, `tells of another ${disk}`);
  const purls = cyclonedx.components.map(({ purl }) => purl).sort();
  const others = spdx.packages.flatMap(({ externalRefs = [] }) =>
    externalRefs.map((ref) => ref.referenceLocator),
  );
  if (purls.join('\n') !== others.sort().join('\n'))
    blame(spdxFile, `has other components than ${cyclonedxFile}`);

  const owners = read(dir, unownedFile, unownedSchema);
  const files =
    owners === undefined
      ? ''
      : `; ${owners.none.flatMap((each) => each.files).length} files of none, each with its reason in ${unownedFile}`;
  const what = `bill of materials: ${purls.length} components, the same in ${cyclonedxFile} and ${spdxFile}`;
  return {
    checked: wrong.length === 0 ? [`${what}${files}`] : [],
    notChecked:
      owners === undefined
        ? [
            'files of no component: this image was baked by a machine of its own, and nobody looked into its disk',
          ]
        : owners.unknown.map((file) => `${file}: belongs to no component, and nothing says why`),
    wrong,
  };
}

function read<T extends z.ZodType>(dir: string, name: string, schema: T): z.output<T> | undefined {
  const file = path.join(dir, name);
  if (!existsSync(file)) return undefined;
  try {
    return schema.safeParse(JSON.parse(readFileSync(file, 'utf8'))).data;
  } catch {
    return undefined;
  }
}

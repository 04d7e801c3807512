/** Whether `manifest.json` and `provenance.json` tell of the same files as the sums, and of one image. */

import path from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { manifestFile, type ReadManifest, sumsFile } from '../../contract/trust/manifest.ts';
import type { Sums } from '../../contract/trust/sums.ts';
import { provenanceFile } from '../bake/certify.ts';
import { allWritten } from '../bake/manifest.ts';
import { predicateType, provenanceOf, statementType } from '../trust/provenance.ts';
import { version } from '../version.ts';
import type { ReadStatement } from './notes-read.ts';
import type { Wrong } from './verdict.ts';

const remedy = 'delete it and bake again, or get the whole folder from where it was baked';

export interface Documents {
  readonly dir: string;
  readonly sums: Sums;
  readonly manifest: ReadManifest;
  /** How many bytes a file of the image has; undefined where it is missing. */
  readonly bytesOf: (name: string) => number | undefined;
}

export function verifyManifest({ dir, sums, manifest, bytesOf }: Documents, wantedName: string): Wrong[] {
  const file = path.join(dir, manifestFile);
  const wrong = Object.entries(allWritten(manifest)).flatMap(([name, { sha256, bytes }]) => {
    if (sums[name] !== sha256) return [`has another sum of ${name} than ${sumsFile}`];
    const found = bytesOf(name);
    return found === undefined || found === bytes
      ? []
      : [`says ${bytes} bytes of ${name}, which has ${found}`];
  });
  if (Object.keys(manifest.files).length === 0) wrong.push('names no disk');
  return [
    ...wrong.map((rule) => ({ file, rule, remedy })),
    ...(manifest.name === wantedName
      ? []
      : [
          {
            file,
            rule: `is of the image ${JSON.stringify(manifest.name)}, and ${JSON.stringify(wantedName)} was wanted`,
            remedy: 'get the right one; where the folder alone has another name, say --name',
          },
        ]),
  ];
}

export function verifyProvenance({ dir, sums, manifest }: Documents, statement: ReadStatement): Wrong[] {
  const file = path.join(dir, provenanceFile);
  const { subject } = statement;
  const rules: string[] = [];
  if (statement._type !== statementType || statement.predicateType !== predicateType)
    rules.push('is no in-toto statement v1 with SLSA provenance v1');
  for (const { name, digest } of subject)
    if (sums[name] !== digest.sha256) rules.push(`tells of another ${name} than ${sumsFile}`);
  const told = new Set(subject.map(({ name }) => name));
  for (const name of Object.keys(manifest.files)) if (!told.has(name)) rules.push(`does not tell of ${name}`);
  // What another version of Letterbox says of the same manifest may have another form.
  if (
    rules.length === 0 &&
    manifest.version === version &&
    !isDeepStrictEqual(statement, provenanceOf(manifest))
  )
    rules.push('does not follow from manifest.json');
  return rules.map((rule) => ({ file, rule, remedy }));
}

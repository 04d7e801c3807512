/** `letterbox verify`: looks at every byte that a bake wrote, and says all that is wrong at once. */
import { existsSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { manifestFile, parseManifest, signatureFile, sumsFile } from '../../contract/trust/manifest.ts';
import type { PublicKey } from '../../contract/trust/public-key.ts';
import { parseSums, type Sums } from '../../contract/trust/sums.ts';
import { provenanceFile } from '../bake/certify.ts';
import { checksum } from '../bake/digest.ts';
import { exportsFile } from '../bake/exported.ts';
import { verifyBills } from './bills.ts';
import { verifyManifest, verifyProvenance } from './documents.ts';
import { verifyExports } from './exports.ts';
import { readFolder } from './folder.ts';
import { parseStatement } from './notes-read.ts';
import { verifySignature } from './signature.ts';
import type { Verdict, Wrong } from './verdict.ts';

export interface Asked {
  /** The folder of an image. */
  readonly dir: string;
  /** Whose signature it must bear. */
  readonly key?: PublicKey | undefined;
  /** Which image it must be. Without it: the one that the folder is named after. */
  readonly name?: string | undefined;
  /** By which config it is baked again afterwards. */
  readonly rebuild?: string | undefined;
}

const again = 'bake again, or get the whole folder from where it was baked';
/** A bake goes by what lies there. */
const without = `delete it and ${again}`;

/** @throws where there is no such folder */
export async function verifyImage({
  dir,
  key,
  name = path.basename(path.resolve(dir)),
  rebuild,
}: Asked): Promise<Verdict> {
  if (!existsSync(dir) || !statSync(dir).isDirectory())
    throw new Error(`${dir}: there is no such folder; name the one of an image, out/<name>`);
  const at = (file: string) => path.join(dir, file);
  const wrong: Wrong[] = [];
  const blame = (file: string, rule: string, remedy = again) => wrong.push({ file: at(file), rule, remedy });

  const { sums, wrong: lines } = existsSync(at(sumsFile))
    ? parseSums(readFileSync(at(sumsFile), 'utf8'))
    : { sums: {} as Sums, wrong: ['is missing'] };
  for (const rule of lines) blame(sumsFile, rule);
  for (const file of [manifestFile, provenanceFile])
    if (lines.length === 0 && sums[file] === undefined) blame(sumsFile, `does not name ${file}`);
  for (const [file, sum] of Object.entries(sums)) {
    const found = await found256(at(file));
    if (found === undefined) blame(file, 'is missing');
    else if (found !== sum) blame(file, `was changed: its SHA-256 is another than in ${sumsFile}`, without);
  }

  const manifest = documentOf(at(manifestFile), parseManifest);
  const statement = documentOf(at(provenanceFile), parseStatement);
  if (manifest === undefined && isFile(at(manifestFile)))
    blame(manifestFile, 'is no manifest of Letterbox', without);
  if (statement === undefined && isFile(at(provenanceFile)))
    blame(provenanceFile, 'is no statement of in-toto');
  if (manifest !== undefined) {
    const documents = { dir, sums, manifest, bytesOf: (file: string) => bytesOf(at(file)) };
    wrong.push(...verifyManifest(documents, name));
    if (statement !== undefined) wrong.push(...verifyProvenance(documents, statement));
  }
  const bills = manifest === undefined ? undefined : verifyBills(dir, manifest);

  const folder = readFolder(dir, manifest?.name ?? name, new Set([...Object.keys(sums), ...ownNames]));
  for (const file of folder.made)
    if (sums[file] === undefined)
      blame(file, `is not in ${sumsFile}, and lies where the bake writes`, 'delete it');
  const exported = folder.disks.filter((file) => sums[file] === undefined);
  const ofExports = await verifyExports(dir, exported, manifest);
  const signature = verifySignature(dir, key, manifest);
  return {
    checked: [
      ...signature.checked,
      `sums: ${Object.keys(sums).length} files of ${sumsFile}, each byte of them`,
      ...(manifest === undefined || statement === undefined
        ? []
        : [`manifest and provenance: both of ${Object.keys(manifest.files).join(', ')}${idText(manifest)}`]),
      ...(bills?.checked ?? []),
      ...ofExports.checked,
    ],
    notChecked: [
      ...signature.notChecked,
      ...(bills?.notChecked ?? []),
      ...ofExports.notChecked,
      ...(rebuild === undefined
        ? ['origin: whether its inputs give this image (--rebuild bakes it again)']
        : []),
      'age: whether there is a newer one',
      ...folder.besides.map(({ names, why }) => `${names.join(', ')}: ${why}`),
    ],
    wrong: [...signature.wrong, ...wrong, ...(bills?.wrong ?? []), ...ofExports.wrong],
  };
}

/** Files about the image that no sum can name. */
const ownNames = [sumsFile, signatureFile, manifestFile, provenanceFile, exportsFile];

const idText = ({ imageId }: { imageId?: string | undefined }) =>
  imageId === undefined ? '' : `; a box of it calls it ${imageId}`;

const isFile = (file: string) => statSync(file, { throwIfNoEntry: false })?.isFile() ?? false;
const bytesOf = (file: string) => (isFile(file) ? statSync(file).size : undefined);
const found256 = async (file: string) => (isFile(file) ? checksum(file) : undefined);

function documentOf<T>(file: string, parse: (text: string) => T | undefined): T | undefined {
  return isFile(file) ? parse(readFileSync(file, 'utf8')) : undefined;
}

/**
 * What is published where the image says that its successors are: the sums, the signature over them, and the manifest. They are fetched,
 * held against the key that is in the image, and beside the image that runs. Nothing of an image itself is fetched.
 */
import { createHash } from 'node:crypto';
import type { Image } from '../../../contract/settings.ts';
import { imageComment } from '../../../contract/trust/image-comment.ts';
import { KeyError } from '../../../contract/trust/key-error.ts';
import {
  manifestFile,
  parseManifest,
  type ReadManifest,
  signatureFile,
  sumsFile,
} from '../../../contract/trust/manifest.ts';
import { mostBytes as mostOfKeys } from '../../../contract/trust/minisign-text.ts';
import { parsePublicKey } from '../../../contract/trust/public-key.ts';
import { checkSignature } from '../../../contract/trust/signature.ts';
import { parseSums } from '../../../contract/trust/sums.ts';
import { Failure } from '../../machine/failure.ts';
import { fetchText } from '../../machine/fetch-text.ts';
import type { Machine } from '../../machine/machine.ts';
import { paths } from '../../machine/paths.ts';

/** Nobody answers there, or with something else than three such files. */
export class NotTold extends Failure {}

/** What is there is not what the owner of the key signed for a box like this one. */
export class NotTrusted extends Failure {}

/** Milliseconds for each file. */
const patience = 20_000;
const mostBytes = 1024 * 1024;

export type Updates = NonNullable<Image['updates']>;

/** What was signed. @throws NotTold, NotTrusted */
export async function fetchPublished(
  machine: Machine,
  image: Image,
  updates: Updates,
): Promise<ReadManifest> {
  const fetched = (name: string, most = mostBytes) => fetchFile(machine, updates.from, name, most);
  const sums = await fetched(sumsFile);
  const signature = await fetched(signatureFile, mostOfKeys);
  const comment = signed(signature, sums, updates);
  const manifestText = await fetched(manifestFile);
  const digest = createHash('sha256').update(manifestText).digest('hex');
  // A folder is filled file by file: whoever asks meanwhile sees some of both images.
  if (parseSums(sums.toString()).sums[manifestFile] !== digest)
    throw new NotTrusted(
      `${manifestFile} at ${updates.from} is not the one that was signed`,
      'if it is being published just now, ask again later; else somebody changed it: see who may write there',
    );
  const manifest = parseManifest(manifestText.toString());
  if (manifest === undefined || imageComment(manifest) !== comment)
    throw new NotTrusted(
      `${manifestFile} at ${updates.from} tells of another image than the signature`,
      'publish the whole folder that one bake wrote: letterbox verify',
    );
  if (manifest.name !== image.name)
    throw new NotTrusted(
      `${updates.from} has the image ${JSON.stringify(manifest.name)}, and this box is of ${JSON.stringify(image.name)}`,
      'publish each image in a folder of its own, and name that in image.updates.from',
    );
  return manifest;
}

function signed(signature: Buffer, sums: Buffer, { from, key }: Updates): string {
  try {
    return checkSignature(signature.toString(), sums, parsePublicKey(`untrusted comment: \n${key}\n`));
  } catch (error) {
    if (!(error instanceof KeyError)) throw error;
    throw new NotTrusted(
      `${signatureFile} at ${from} ${error.rule}`,
      'do not launch what is published there before you know why: docs/trust.md',
    );
  }
}

async function fetchFile(machine: Machine, from: string, name: string, most: number): Promise<Buffer> {
  const url = new URL(`${from.replace(/\/$/, '')}/${name}`);
  const ca = await machine.read(paths.authorities);
  if (ca === undefined)
    throw new NotTold(`${paths.authorities} is missing`, 'apt-get install --reinstall ca-certificates');
  const where = { host: url.hostname, port: Number(url.port || 443), path: url.pathname };
  const limits = { ca, accept: '*/*', patience, mostBytes: most };
  try {
    return await fetchText({
      ...where,
      ...limits,
      faultOf: ({ statusCode = 0, headers }) => {
        if (statusCode === 200) return undefined;
        const { location } = headers;
        return statusCode >= 300 && statusCode < 400 && location !== undefined
          ? `it leads elsewhere, to ${JSON.stringify(location.slice(0, 200))}`
          : `the web server says ${statusCode}`;
      },
    });
  } catch (error) {
    throw new NotTold(
      `${url.href}: ${(error as Error).message}`,
      'open it in a browser; if the place is another one, name that in image.updates.from and bake',
    );
  }
}

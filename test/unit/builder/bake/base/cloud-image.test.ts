import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import test, { type ExecutionContext } from 'ava';
import { ChecksumError, fetchChecked } from '../../../../../builder/bake/base/cloud-image.ts';

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');

/** A vendor’s file at a `file:` address, and a folder for downloads. */
function vendor(t: ExecutionContext, content: string) {
  const folder = mkdtempSync(path.join(tmpdir(), 'letterbox-image-'));
  t.teardown(() => rmSync(folder, { recursive: true }));
  const original = path.join(folder, 'cloud image.img');
  writeFileSync(original, content);
  return { original, url: pathToFileURL(original).href, downloads: path.join(folder, 'downloads') };
}

test('an image with the right digest is fetched once', async (t) => {
  const { original, url, downloads } = vendor(t, 'image');
  const base = { kind: 'cloud-image', url, sha256: sha256('image') } as const;
  const file = await fetchChecked(base, downloads);
  t.is(readFileSync(file, 'utf8'), 'image');
  rmSync(original);
  t.is(await fetchChecked(base, downloads), file);
});

test('an image with another digest is refused and not kept', async (t) => {
  const { url, downloads } = vendor(t, 'renewed');
  const error = await t.throwsAsync(
    fetchChecked({ kind: 'cloud-image', url, sha256: sha256('image') }, downloads),
    {
      instanceOf: ChecksumError,
    },
  );
  t.true(error.message.includes(sha256('renewed')) && error.message.includes(sha256('image')));
  t.deepEqual(readdirSync(downloads), []);
});

test('a download that was damaged later is fetched again', async (t) => {
  const { url, downloads } = vendor(t, 'image');
  const base = { kind: 'cloud-image', url, sha256: sha256('image') } as const;
  const file = await fetchChecked(base, downloads);
  writeFileSync(file, 'damaged');
  t.is(readFileSync(await fetchChecked(base, downloads), 'utf8'), 'image');
});

test('an address that gives nothing is an error that names it', async (t) => {
  const { url, downloads } = vendor(t, 'image');
  const base = { kind: 'cloud-image', url: `${url}.gone`, sha256: sha256('image') } as const;
  await t.throwsAsync(fetchChecked(base, downloads), { message: /curl exited \d+/ });
  t.deepEqual(readdirSync(downloads), []);
});

import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import test, { type ExecutionContext } from 'ava';
import { carryDownloads, DownloadError, fetchChecked } from '../../../../builder/bake/download.ts';
import type { Download } from '../../../../releases/release.ts';

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');

/** A vendor’s file at a `file:` address, and a folder for downloads. */
function vendor(t: ExecutionContext, content: string) {
  const folder = mkdtempSync(path.join(tmpdir(), 'letterbox-download-'));
  t.teardown(() => rmSync(folder, { recursive: true }));
  const original = path.join(folder, 'cloud image.img');
  writeFileSync(original, content);
  return { original, url: pathToFileURL(original).href, downloads: path.join(folder, 'downloads') };
}

test('a file with the right digest is fetched once', async (t) => {
  const { original, url, downloads } = vendor(t, 'image');
  const base = { url, sha256: sha256('image') };
  const file = await fetchChecked(base, downloads);
  t.is(readFileSync(file, 'utf8'), 'image');
  rmSync(original);
  t.is(await fetchChecked(base, downloads), file);
});

test('a file with another digest is refused and not kept', async (t) => {
  const { url, downloads } = vendor(t, 'renewed');
  const error = await t.throwsAsync(fetchChecked({ url, sha256: sha256('image') }, downloads), {
    instanceOf: DownloadError,
  });
  for (const said of [url, sha256('renewed'), sha256('image'), 'compare with their signed list'])
    t.true(error.message.includes(said), said);
  t.deepEqual(readdirSync(downloads), []);
});

test('a download that was damaged later is fetched again', async (t) => {
  const { url, downloads } = vendor(t, 'image');
  const base = { url, sha256: sha256('image') };
  const file = await fetchChecked(base, downloads);
  writeFileSync(file, 'damaged');
  t.is(readFileSync(await fetchChecked(base, downloads), 'utf8'), 'image');
});

test('an address that gives nothing is an error that names it, and where to put the file instead', async (t) => {
  const { url, downloads } = vendor(t, 'image');
  const base = { kind: 'cloud-image', url: `${url}.gone`, sha256: sha256('image') } as const;
  const error = await t.throwsAsync(fetchChecked(base, downloads), {
    instanceOf: DownloadError,
    message: /curl exited \d+/,
  });
  for (const said of [base.url, sha256('image'), path.join(downloads, sha256('image'))])
    t.true(error.message.includes(said), said);
  t.deepEqual(readdirSync(downloads), []);
});

test('a file that was put where it is looked for is not fetched', async (t) => {
  const { url, downloads } = vendor(t, 'image');
  mkdirSync(downloads);
  const put = path.join(downloads, sha256('image'));
  writeFileSync(put, 'image');
  t.is(await fetchChecked({ url: `${url}.gone`, sha256: sha256('image') }, downloads), put);
});

test('what the bake carries is what this plan names, and nothing of a plan before', async (t) => {
  const { url, downloads } = vendor(t, 'archive');
  const out = path.join(path.dirname(downloads), 'out');
  const download = (name: string): Download => ({
    name,
    version: '1.0',
    url,
    sha256: sha256('archive'),
    licence: 'MIT',
    folder: name,
    to: `/usr/share/${name}`,
  });
  const where = { out, kept: downloads, report: () => undefined };
  await carryDownloads([download('one'), download('two')], where);
  t.deepEqual(readdirSync(path.join(out, 'bake/downloads')), ['one-1.0.tar', 'two-1.0.tar']);
  await carryDownloads([download('two')], where);
  t.deepEqual(readdirSync(path.join(out, 'bake/downloads')), ['two-1.0.tar']);
});

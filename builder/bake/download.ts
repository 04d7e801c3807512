/** Fetches what the image takes from its makers: once, kept under its SHA-256, and nothing that has another. */
import { copyFileSync, existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import path from 'node:path';
import type { Download } from '../../releases/release.ts';
import type { Report } from '../host/progress.ts';
import { RunError, run } from '../host/run.ts';
import { downloadFile } from '../outputs/bake-lists.ts';
import { checksum } from './digest.ts';

/** The file can't be had, or is not the one that the release names. */
export class DownloadError extends Error {
  override readonly name = 'DownloadError';
}

/** Puts the downloads where the provision steps look for them: `<out>/bake/downloads/`, and no other. @throws DownloadError */
export async function carryDownloads(
  downloads: readonly Download[],
  { out, kept, report }: { out: string; kept: string; report: Report },
): Promise<void> {
  rmSync(path.join(out, 'bake/downloads'), { recursive: true, force: true });
  for (const download of downloads) {
    report(`fetching ${download.name} ${download.version}`);
    const file = await fetchChecked(download, kept);
    const carried = path.join(out, 'bake', downloadFile(download));
    mkdirSync(path.dirname(carried), { recursive: true });
    copyFileSync(file, carried);
  }
}

/** The file's path in `kept`. Nothing that has another digest ever gets that path. @throws DownloadError */
export async function fetchChecked(
  { url, sha256 }: Pick<Download, 'url' | 'sha256'>,
  kept: string,
): Promise<string> {
  const file = path.join(kept, sha256);
  if (existsSync(file) && (await checksum(file)) === sha256) return file;
  mkdirSync(kept, { recursive: true });
  const temporary = `${file}.${process.pid}.tmp`;
  try {
    await fetchTo(temporary, url).catch((error: unknown) => {
      if (!(error instanceof RunError)) throw error;
      throw new DownloadError(
        `${url} was not fetched: ${error.message}\nTry again; or fetch it elsewhere, and put the file with SHA-256 ${sha256} at ${file}`,
      );
    });
    const found = await checksum(temporary);
    if (found !== sha256) {
      throw new DownloadError(
        `${url} has SHA-256 ${found}, not ${sha256}, and was thrown away: if its makers have renewed it, compare with their ` +
          'signed list and set the new one in the release',
      );
    }
    renameSync(temporary, file);
  } finally {
    rmSync(temporary, { force: true });
  }
  return file;
}

async function fetchTo(file: string, url: string): Promise<void> {
  const quietly = ['--fail', '--silent', '--show-error', '--location', '--retry', '3'];
  await run(['curl', ...quietly, '--output', file, '--', url]);
}

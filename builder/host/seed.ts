/** Makes the NoCloud seed: a small ISO 9660 disk, labelled `cidata`, with user-data and meta-data (cloud-init, "NoCloud"). */
import { mkdtempSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { runShort } from './run.ts';

/** The same files always give the same bytes. Needs the program `xorriso`. */
export async function seedIso(files: Readonly<Record<string, string>>, label = 'cidata'): Promise<Buffer> {
  const folder = mkdtempSync(path.join(tmpdir(), 'letterbox-seed-'));
  // A name may have folders in it (`latest/user_data`): on the disk, not here.
  const flat = (name: string) => path.join(folder, name.replaceAll('/', '_'));
  try {
    for (const [name, text] of Object.entries(files)) {
      writeFileSync(flat(name), text, { mode: 0o600 });
      utimesSync(flat(name), 0, 0);
    }
    const iso = path.join(folder, '.seed.iso');
    const sources = Object.keys(files).map((name) => `${name}=${flat(name)}`);
    const time = '1970010100000000';
    await runShort(
      [
        'xorriso',
        '-as',
        'mkisofs',
        '-quiet',
        '-o',
        iso,
        '-V',
        label,
        '-R',
        '-J',
        `--modification-date=${time}`,
        '-graft-points',
        ...sources,
      ],
      { SOURCE_DATE_EPOCH: '0' },
    );
    return readFileSync(iso);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

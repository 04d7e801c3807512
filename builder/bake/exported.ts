/** `exports.json` beside the image: which file was made of which image, and whether another run would make the same. */
import { existsSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { writeFileAtomically } from '../host/write.ts';
import { version } from '../version.ts';

export interface MadeOf {
  /** SHA-256. */
  readonly image: string;
  /** What went in beside it. */
  readonly besides: unknown;
}

interface Note extends MadeOf {
  /** Of Letterbox. */
  readonly version: string;
  readonly bytes: number;
  /** For `letterbox verify`; whether another export is needed goes by size and time, which cost nothing. */
  readonly sha256: string;
  /** Milliseconds since 1970. */
  readonly modified: number;
}
/** By the file's name. */
type Exports = Readonly<Record<string, Note>>;

/** It was read back, and holds the disk of that image. `sha256`: of the file itself. */
export function noteExport(out: string, file: string, { image, besides }: MadeOf, sha256: string): void {
  const { size: bytes, mtimeMs: modified } = statSync(file);
  const note: Note = { image, besides, version, bytes, sha256, modified };
  const noted: Exports = { ...readExports(out), [path.basename(file)]: note };
  writeFileAtomically(noteOf(out), `${JSON.stringify(noted, null, 2)}\n`);
}

/** Why the file must be made, in words; undefined where what lies there is what would come out. */
export function whyExport(out: string, file: string, { image, besides }: MadeOf): string | undefined {
  const noted = readExports(out)[path.basename(file)];
  if (!existsSync(file)) return noted === undefined ? 'there was none yet' : 'it was removed';
  if (noted === undefined) return 'what lies there was never read back';
  if (noted.image !== image) return 'the image changed';
  if (!isDeepStrictEqual(noted.besides, besides)) return 'the machine around the disk changed';
  if (noted.version !== version) return `${noted.version} of Letterbox made it`;
  const { size, mtimeMs } = statSync(file);
  return size === noted.bytes && mtimeMs === noted.modified ? undefined : 'it was written to since';
}

export const exportsFile = 'exports.json';

const noteOf = (out: string) => path.join(out, exportsFile);

function readExports(out: string): Exports {
  return existsSync(noteOf(out)) ? (JSON.parse(readFileSync(noteOf(out), 'utf8')) as Exports) : {};
}

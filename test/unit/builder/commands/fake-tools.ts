/** Programs by the names of the clouds' own tools, which note what they were asked and do nothing else. */
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { ExecutionContext } from 'ava';

export interface FakeTools {
  /** PATH with them first, and nothing but them where `alone`. */
  readonly bin: string;
  /** One line a call, each argument in brackets, and the first bytes of what came in. */
  readonly asked: () => string[];
}

/** Each prints `said`, a word; a call whose arguments have `fails` in them fails. They are first in PATH until the test ends. */
export function fakeTools(
  t: ExecutionContext,
  names: readonly string[],
  { said = 'id-1', fails = 'nothing of this' } = {},
): FakeTools {
  const folder = mkdtempSync(path.join(tmpdir(), 'letterbox-tools-'));
  const bin = path.join(folder, 'bin');
  const log = path.join(folder, 'asked.txt');
  mkdirSync(bin);
  const script = `#!/bin/sh
line="\${0##*/}$(printf ' [%s]' "$@")"
case "$line" in *ssh*zstd*) line="$line < $(head -c 4)" ;; esac
printf '%s\\n' "$line" >>'${log}'
case "$line" in *'${fails}'*) echo 'it said no' >&2; exit 3 ;; esac
echo '${said}'
`;
  for (const name of names) {
    writeFileSync(path.join(bin, name), script);
    chmodSync(path.join(bin, name), 0o755);
  }
  const before = process.env.PATH;
  process.env.PATH = `${bin}:${before}`;
  t.teardown(() => {
    process.env.PATH = before;
    rmSync(folder, { recursive: true });
  });
  return {
    bin,
    asked: () => {
      const lines = existsSync(log) ? readFileSync(log, 'utf8').trimEnd().split('\n') : [];
      rmSync(log, { force: true });
      return lines;
    },
  };
}

/** A program called `packer` that says what it was asked, in place of the real one. */
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';

/** First in PATH until `remove` is called. `asked` gives each call's arguments, and for `build` the names in the template's folder. */
export function fakePacker(folder: string, { version, build }: { version: string; build: string }) {
  const bin = path.join(folder, 'bin');
  const log = path.join(folder, 'asked.txt');
  mkdirSync(bin);
  const script = `#!/bin/sh
echo "$*" >>${log}
case "$1" in
version) echo "Packer v${version}" ;;
build) for last in "$@"; do :; done; ls "$last" >>${log}; ${build} ;;
esac
`;
  writeFileSync(path.join(bin, 'packer'), script);
  chmodSync(path.join(bin, 'packer'), 0o755);
  const before = process.env.PATH;
  process.env.PATH = `${bin}:${before}`;
  return {
    asked: () => (existsSync(log) ? readFileSync(log, 'utf8').trimEnd().split('\n') : []),
    remove: () => {
      process.env.PATH = before;
    },
  };
}

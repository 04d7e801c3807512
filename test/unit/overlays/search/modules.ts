/** The index's Python as a release has it: the common modules and its own. */
import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { projectRoot } from '../../../../builder/paths.ts';
import { releases } from '../../../../releases/index.ts';

const made = new Map<string, string>();

/** A folder with the modules, which goes with the process. */
export function modulesOf(release: string): string {
  const known = made.get(release);
  if (known !== undefined) return known;
  const folder = mkdtempSync(path.join(tmpdir(), 'letterbox-search-'));
  for (const layer of ['common', ...(releases.get(release)?.overlays ?? [])]) {
    const from = path.join(projectRoot, 'overlays/search', layer, 'usr/lib/box/search');
    if (existsSync(from)) cpSync(from, folder, { recursive: true });
  }
  process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
  made.set(release, folder);
  return folder;
}

/** Runs a piece of Python beside the modules; `given` is there as `given`, and what it puts into `found` comes back. */
export function runPython(folder: string, code: string, given: unknown): unknown {
  const before = `import json, sys\nsys.path.insert(0, ${JSON.stringify(folder)})\nsys.dont_write_bytecode = True\n`;
  const program = `${before}given = json.loads(sys.stdin.read())\n${code}\nprint(json.dumps(found))`;
  const printed = execFileSync('/usr/bin/python3', ['-I', '-S', '-c', program], {
    input: JSON.stringify(given),
  });
  return JSON.parse(printed.toString());
}

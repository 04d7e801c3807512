/** Processes that run on with what an upgrade replaced: their program, a library, or the scripts that they interpret. */
import type { Machine } from '../machine/machine.ts';

export interface Outdated {
  readonly pid: number;
  /** The program's short name, comm of proc(5). */
  readonly program: string;
  /** Its unit as the kernel's control groups name it: `nginx.service`, `session-3.scope`; undefined without systemd. */
  readonly unit?: string;
  /** One file that was replaced. */
  readonly file: string;
}

/** Where packages put programs and libraries. What else is deleted while it is mapped is somebody's temporary file. */
const packaged = /^\/(usr\/(?!local\/)|lib|bin\/|sbin\/)/;

/** Where an interpreter's own code lies beside the scripts that it was given, and how its files end. */
const interpreters: readonly (readonly [program: RegExp, folders: readonly string[], files: string])[] = [
  [/^\/usr\/bin\/perl/, ['/usr/share/perl5', '/usr/share/perl', '/usr/lib/x86_64-linux-gnu/perl5'], '*.pm'],
  [/^\/usr\/bin\/python3/, ['/usr/lib/python3', '/usr/lib/python3.*'], '*.py'],
  [/^\/usr\/bin\/node|^\/usr\/lib\/box\/node/, [], ''],
  [/^\/usr\/s?bin\/php/, ['/usr/lib/php'], '*.so'],
];

/** All of them, by process id. Root sees every process. */
export async function outdatedProcesses(machine: Machine): Promise<Outdated[]> {
  const found: Outdated[] = [];
  for (const name of await machine.list('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    // A process may end while it is looked at.
    const file = await replacedFile(machine, name).catch(() => undefined);
    if (file === undefined) continue;
    const text = async (part: string) => (await machine.read(`/proc/${name}/${part}`).catch(() => '')) ?? '';
    const unit = unitOf(await text('cgroup'));
    const program = (await text('comm')).trim();
    found.push({ pid: Number(name), program, file, ...(unit === undefined ? {} : { unit }) });
  }
  return found.sort((a, b) => a.pid - b.pid);
}

/** The outermost unit in a path of control groups, `0::/system.slice/system-postfix.slice/postfix@-.service`: a person's own units lie below it. */
export function unitOf(cgroup: string): string | undefined {
  const line = cgroup.split('\n').find((text) => /^(0:|\d+:name=systemd):/.test(text)) ?? '';
  return line.split('/').find((part) => /\.(service|scope)$/.test(part));
}

/** In lines of proc(5) maps: code of a package that is on the disk no more. */
export function deletedCode(maps: string): string | undefined {
  for (const [, file = ''] of maps.matchAll(/^\S+ ..x\S* \S+ \S+ \d+ +(\/.*) \(deleted\)$/gm))
    if (packaged.test(file)) return file;
  return undefined;
}

async function replacedFile(machine: Machine, pid: string): Promise<string | undefined> {
  const maps = (await machine.read(`/proc/${pid}/maps`)) ?? '';
  // The kernel's own processes have none.
  if (maps === '') return undefined;
  return deletedCode(maps) ?? (await replacedScript(machine, pid));
}

/** A script, or a module of its interpreter, that is newer than the process. */
async function replacedScript(machine: Machine, pid: string): Promise<string | undefined> {
  const program = (await machine.linkTarget(`/proc/${pid}/exe`)) ?? '';
  const interpreter = interpreters.find(([path]) => path.test(program));
  if (interpreter === undefined) return undefined;
  const [, folders, files] = interpreter;
  const words = ((await machine.read(`/proc/${pid}/cmdline`)) ?? '').split('\0').slice(1);
  const scripts = words.filter((word) => /^\/(usr|etc)\//.test(word));
  const started = await startOf(machine, pid);
  if (started === undefined) return undefined;
  const newer = (places: readonly string[], name: string) =>
    // Globs are for folders of a version. What is not there is no fault.
    machine
      .outcome([
        '/usr/bin/find',
        ...places,
        '-type',
        'f',
        '-name',
        name,
        '-newerct',
        `@${started}`,
        '-print',
        '-quit',
      ])
      .then(({ out }) => out.split('\n')[0] || undefined);
  const places = await Promise.all(folders.map((folder) => expand(machine, folder)));
  return (
    (scripts.length > 0 ? await newer(scripts, '*') : undefined) ??
    (places.flat().length > 0 ? await newer(places.flat(), files) : undefined)
  );
}

/** A folder, or those whose names begin as the one before `*`. */
async function expand(machine: Machine, folder: string): Promise<string[]> {
  if (!folder.endsWith('*')) return (await machine.exists(folder)) ? [folder] : [];
  const at = folder.lastIndexOf('/');
  const begins = folder.slice(at + 1, -1);
  const names = await machine.list(folder.slice(0, at));
  return names.filter((name) => name.startsWith(begins)).map((name) => `${folder.slice(0, at)}/${name}`);
}

/** Seconds since 1970: when a process began, by proc(5) stat (field 22, in hundredths) and the boot's time. */
async function startOf(machine: Machine, pid: string): Promise<number | undefined> {
  const stat = (await machine.read(`/proc/${pid}/stat`)) ?? '';
  const ticks = Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19]);
  const boot = Number(/^btime (\d+)$/m.exec((await machine.read('/proc/stat')) ?? '')?.[1]);
  return Number.isFinite(ticks) && Number.isFinite(boot) ? boot + Math.ceil(ticks / 100) : undefined;
}

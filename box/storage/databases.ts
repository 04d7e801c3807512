/**
 * The last good copies of databases that people can't do without. A copy is SQLite's own, and SQLite judges it before it takes the
 * place of the one before. A damaged database is set aside, and never removed.
 */
import { basename, dirname } from 'node:path';
import { Failure } from '../machine/failure.ts';
import type { Directory, Machine } from '../machine/machine.ts';
import { paths } from '../machine/paths.ts';
import { copyDatabase } from '../machine/sqlite.ts';

interface Kept extends Directory {
  /** Whatever opens it to write does so as its owner: what lies beside it tells SQLite which other files to write. */
  readonly as: readonly string[];
}

/** Who logs in and where mail goes; people's contacts, identities and settings at the webmail. */
const kept: readonly Kept[] = [
  { path: paths.accounts, mode: 0o640, group: 'box-accounts', as: [] },
  {
    path: paths.webmailDatabase,
    mode: 0o640,
    owner: 'box-webmail',
    group: 'box-webmail',
    as: [paths.asWebmail],
  },
];

const copyOf = (path: string) => `${paths.lastGood}/${basename(path)}`;
const ofThese = (only: string | undefined) => kept.filter(({ path }) => (only ?? path) === path);

export type Condition = 'whole' | 'damaged' | 'gone';

/** @throws Failure where nobody can tell: it can't be read at all, or is locked */
async function conditionOf(machine: Machine, path: string, as: readonly string[] = []): Promise<Condition> {
  if (!(await machine.isPlainFile(path))) return (await machine.exists(path)) ? 'damaged' : 'gone';
  const sql = 'PRAGMA quick_check(1); SELECT count(*) FROM sqlite_master;';
  const argv = [...as, 'sqlite3', '-cmd', '.timeout 60000', machine.at(path), sql];
  const { code, out, err } = await machine.outcome(argv);
  // One without a table is an empty file.
  if (code === 0) return /^ok\n[1-9]/.test(out) ? 'whole' : 'damaged';
  if (/not a database|malformed|corrupt/i.test(err + out)) return 'damaged';
  throw new Failure(`${path}: ${err.trim()}`, 'check the disk (dmesg), then: box init');
}

export interface Judged {
  readonly path: string;
  readonly condition: Condition;
  /** There is one, of whatever condition. */
  readonly hasCopy: boolean;
}

/** How each is. What is not there and has no copy is not meant to be, or not yet. */
export async function conditions(machine: Machine, only?: string): Promise<Judged[]> {
  const all: Judged[] = [];
  for (const { path, as } of ofThese(only)) {
    const condition = await conditionOf(machine, path, as);
    const copied = await hasCopy(machine, path);
    if (condition !== 'gone' || copied) all.push({ path, condition, hasCopy: copied });
  }
  return all;
}

export const hasCopy = (machine: Machine, path: string): Promise<boolean> => machine.exists(copyOf(path));

/** Takes a copy of each. @throws Failure naming the first that is damaged; the copy of that stays as it is */
export async function keepGoodCopies(machine: Machine, only?: string): Promise<void> {
  for (const { path } of ofThese(only))
    if (await machine.isPlainFile(path)) await keepGoodCopy(machine, path);
}

async function keepGoodCopy(machine: Machine, path: string): Promise<void> {
  const fresh = `${paths.lastGood}/.${basename(path)}.box-new`;
  await machine.putDirectory({ path: paths.lastGood, mode: 0o700 });
  await machine.remove(fresh);
  try {
    await copyDatabase(machine, path, fresh);
    if ((await conditionOf(machine, fresh)) !== 'whole')
      throw new Failure(`${path} is damaged`, 'run: box init, which takes the last good copy');
    await machine.own({ path: fresh, mode: 0o600 });
    await machine.moveOver(fresh, copyOf(path));
  } catch (error) {
    await machine.remove(fresh).catch(() => undefined);
    throw error;
  }
}

/**
 * Puts the last good copy in the place of each that is damaged, or gone. Gives those that it did that for.
 * @throws Failure where accounts are lost with their copy: none are made anew in silence
 */
export async function healDatabases(machine: Machine, only?: string): Promise<string[]> {
  const healed: string[] = [];
  for (const { as, ...file } of ofThese(only)) {
    const { path } = file;
    const condition = await conditionOf(machine, path, as);
    const copy = copyOf(path);
    if (condition === 'whole' || !(await machine.exists(copy))) continue;
    if ((await conditionOf(machine, copy)) !== 'whole') {
      if (path !== paths.accounts) continue;
      throw new Failure(
        `${path} is ${condition}, and its copy ${copy} is damaged`,
        'restore it from a backup (box backup restore DIR), then: box init',
      );
    }
    // What SQLite left beside the damaged one would be read into the copy.
    for (const beside of [`${path}-journal`, `${path}-wal`, `${path}-shm`, path])
      if (await machine.exists(beside)) await machine.setAside(beside);
    const text = (await machine.read(copy, 'latin1')) ?? '';
    await machine.put({ ...file, text, encoding: 'latin1' });
    healed.push(path);
  }
  return healed;
}

/** Those that were damaged once, as they were set aside. */
export async function setAside(machine: Machine): Promise<string[]> {
  const found: string[] = [];
  for (const { path } of kept)
    for (const name of await machine.list(dirname(path)))
      if (name.startsWith(`${basename(path)}.damaged-`)) found.push(`${dirname(path)}/${name}`);
  return found;
}

/**
 * The webmail's own secret and its database. Both are made beside their place and put there whole; an upgrade of the
 * database works on a copy, since Roundcube's own program leaves half of one where the power goes. Whatever opens the
 * database does so as its owner: what lies beside it (journals, links) tells SQLite which other files to write or remove.
 */
import { randomBytes } from 'node:crypto';
import { Failure } from '../../machine/failure.ts';
import type { Machine } from '../../machine/machine.ts';
import { paths } from '../../machine/paths.ts';
import { readImage } from '../../machine/settings-file.ts';
import { healDatabases } from '../../storage/databases.ts';
import type { Step } from './step.ts';

const whose = { owner: 'box-webmail', group: 'box-webmail' } as const;
const folder = { path: paths.webmail, mode: 0o750, ...whose };
const database = { path: paths.webmailDatabase, mode: 0o640, ...whose };
const fresh = { ...database, path: `${paths.webmail}/.roundcube.sqlite.box-new` };
/** In no backup: with it whoever reads the database can read the passwords of those who are logged in. */
const key = { path: paths.webmailKey, mode: 0o640, group: 'box-webmail' } as const;

export const webmailStep: Step = {
  title: 'webmail',
  optional: true,
  async done({ machine }) {
    if (!(await readImage(machine)).roles.includes('webmail')) return true;
    if (!(await machine.isOwned(key)) || !isKey(await machine.read(key.path))) return false;
    if (!(await machine.isOwned(folder)) || !(await machine.isOwned(database))) return false;
    return (await versionOf(machine, database.path)) >= (await newestSchema(machine));
  },
  async run({ machine }) {
    if (isKey(await machine.read(key.path))) await machine.own(key);
    else await machine.put({ ...key, text: `${randomBytes(24).toString('base64')}\n` });
    await machine.putDirectory(folder);
    // Packages number their users as they come: on another image the same name may have another number.
    await machine.run(['chown', '-hR', `${whose.owner}:${whose.group}`, machine.at(folder.path)]);
    let version = await versionOf(machine, database.path);
    // There may be people's contacts in it.
    if (version === 0 && (await healDatabases(machine, database.path)).length > 0)
      version = await versionOf(machine, database.path);
    if (version === 0) {
      // Not one that was never written to: there may be people's contacts in it.
      if (await machine.exists(database.path)) await machine.setAside(database.path);
      await makeDatabase(machine);
    } else if (version < (await newestSchema(machine))) await upgradeDatabase(machine);
    await machine.own(database);
  },
};

const isKey = (text: string | undefined) => /^[A-Za-z0-9+/]{32}\n$/.test(text ?? '');

/** Schemas are numbered by date. The number of the database's; 0: there is none in it, or it is damaged. */
async function versionOf(machine: Machine, path: string): Promise<number> {
  if (!(await machine.isPlainFile(path))) return 0;
  const sql = "SELECT value FROM system WHERE name = 'roundcube-version'";
  const { code, out, err } = await machine.outcome([paths.asWebmail, 'sqlite3', machine.at(path), sql]);
  if (code === 0) return Number(out.trim()) || 0;
  if (/no such table|not a database|malformed/.test(err)) return 0;
  throw new Failure(`${path}: ${err.trim()}`, 'check the disk, then reboot');
}

async function newestSchema(machine: Machine): Promise<number> {
  const names = await machine.list(`${paths.webmailSchemas}/sqlite`);
  const newest = names.map((name) => Number(/^(\d{10})\.sql$/.exec(name)?.[1] ?? 0)).sort((a, b) => b - a)[0];
  if (!newest) throw new Failure(`${paths.webmailSchemas} holds no schema`, 'bake the image again');
  return newest;
}

async function makeDatabase(machine: Machine): Promise<void> {
  const schema = await machine.read(`${paths.webmailSchemas}/sqlite.initial.sql`);
  await machine.remove(fresh.path);
  await machine.run(
    [paths.asWebmail, 'sqlite3', '-bail', machine.at(fresh.path)],
    `BEGIN;\n${schema}\nCOMMIT;\n`,
  );
  await putInPlace(machine);
}

async function upgradeDatabase(machine: Machine): Promise<void> {
  await machine.remove(fresh.path);
  // Takes what a power cut left half written back, before it copies.
  await machine.run([
    paths.asWebmail,
    'sqlite3',
    machine.at(database.path),
    `.backup '${machine.at(fresh.path)}'`,
  ]);
  const program = machine.at(`${paths.webmailPrograms}/updatedb.sh`);
  const what = ['--package=roundcube', `--dir=${machine.at(paths.webmailSchemas)}`];
  await machine.run([
    paths.asWebmail,
    'env',
    `BOX_WEBMAIL_DATABASE=${machine.at(fresh.path)}`,
    program,
    ...what,
  ]);
  const reached = await versionOf(machine, fresh.path);
  if (reached < (await newestSchema(machine)))
    throw new Failure(
      `${database.path} could not be brought to the schema of this image`,
      'launch the former image again, and report it',
    );
  await putInPlace(machine);
}

async function putInPlace(machine: Machine): Promise<void> {
  await machine.own(fresh);
  await machine.moveOver(fresh.path, database.path);
}

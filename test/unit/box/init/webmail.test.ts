/** The webmail's key and database at each boot: made once, brought to a newer schema on a copy, and never lost. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { image, TemporaryBox } from '../temporary-box.ts';

const folder = '/home/user-data/mail/roundcube';
const database = `${folder}/roundcube.sqlite`;
const key = '/etc/roundcube/des_key';
const schemas = '/usr/share/roundcube/SQL';

/** A box that was booted without a webmail and gets one of this schema. */
async function boxWith(t: ExecutionContext, newest: number) {
  const box = await TemporaryBox.booted(t);
  for (const place of ['/etc/roundcube', '/usr/share/roundcube/bin', `${schemas}/sqlite`])
    mkdirSync(box.at(place), { recursive: true });
  box.write('/usr/lib/box/image.json', JSON.stringify({ ...image, roles: ['webmail'] }));
  release(box, newest);
  return box;
}

/** What the package brings: the schema as a whole, and a stand-in for Roundcube's own program of upgrades. */
function release(box: TemporaryBox, newest: number, upgrade = 'true'): void {
  writeFileSync(
    box.at(`${schemas}/sqlite.initial.sql`),
    `CREATE TABLE system (name TEXT PRIMARY KEY, value TEXT); CREATE TABLE contacts (name TEXT);
     INSERT INTO system VALUES ('roundcube-version', '${newest}');`,
  );
  writeFileSync(box.at(`${schemas}/sqlite/${newest}.sql`), '');
  const program = `sqlite3 "$BOX_WEBMAIL_DATABASE" "UPDATE system SET value = '${newest}'; ALTER TABLE contacts ADD COLUMN phone TEXT"`;
  writeFileSync(
    box.at('/usr/share/roundcube/bin/updatedb.sh'),
    `#!/bin/sh\nset -e\n[ "$*" = "--package=roundcube --dir=${box.at(schemas)}" ]\n${upgrade}\n${program}\n`,
    { mode: 0o755 },
  );
}

const sql = (box: TemporaryBox, text: string) =>
  execFileSync('sqlite3', [box.at(database), text], { encoding: 'utf8' }).trim();

test('an image without a webmail makes nothing of it', async (t) => {
  const box = await TemporaryBox.booted(t);
  t.false(Object.keys(box.tree('/home')).some((file) => file.includes('roundcube')));
});

test('the first boot makes the key and the database; the next one touches neither', async (t) => {
  const box = await boxWith(t, 2022081200);
  await box.init(t);
  t.regex(box.read(key), /^[A-Za-z0-9+/]{32}\n$/);
  const mode = (file: string) => (statSync(box.at(file)).mode & 0o777).toString(8);
  t.deepEqual([mode(key), mode(folder), mode(database)], ['640', '750', '640']);
  t.is(sql(box, 'SELECT value FROM system'), '2022081200');
  const before = [box.read(key), readFileSync(box.at(database)), statSync(box.at(database)).mtimeMs];
  await box.init(t);
  t.deepEqual([box.read(key), readFileSync(box.at(database)), statSync(box.at(database)).mtimeMs], before);
  const other = await boxWith(t, 2022081200);
  await other.init(t);
  t.not(other.read(key), box.read(key));
});

test('a later image brings the database to its schema, and keeps what is in it; an older one leaves it', async (t) => {
  const box = await boxWith(t, 2022081200);
  await box.init(t);
  sql(box, "INSERT INTO contacts VALUES ('Ann')");
  release(box, 2024010100);
  await box.init(t);
  t.is(sql(box, 'SELECT value FROM system'), '2024010100');
  t.is(sql(box, 'SELECT name, phone FROM contacts'), 'Ann|');
  t.deepEqual(readdirSync(box.at(folder)), ['roundcube.sqlite']);
  rmSync(box.at(`${schemas}/sqlite/2024010100.sql`));
  await box.init(t);
  t.is(sql(box, 'SELECT value FROM system'), '2024010100');
});

test('an upgrade that breaks off leaves the database as it was, and the next boot does it', async (t) => {
  const box = await boxWith(t, 2022081200);
  await box.init(t);
  sql(box, "INSERT INTO contacts VALUES ('Ann')");
  release(box, 2024010100, 'sqlite3 "$BOX_WEBMAIL_DATABASE" "DROP TABLE contacts"; exit 1');
  await box.init(t);
  t.is(box.report().steps.find(({ title }) => title === 'webmail')?.result, 'failed');
  t.is(sql(box, 'SELECT name FROM contacts'), 'Ann');
  release(box, 2024010100);
  await box.init(t);
  t.is(sql(box, 'SELECT name, phone FROM contacts'), 'Ann|');
});

test('what is no database in the folder of PHP’s user is set aside; nothing is followed, and root opens none of it', async (t) => {
  const box = await boxWith(t, 2022081200);
  await box.init(t);
  const elsewhere = box.at('/elsewhere');
  writeFileSync(elsewhere, 'root’s');
  const hostile = [
    () => mkdirSync(box.at(database)),
    () => symlinkSync(elsewhere, box.at(database)),
    () => execFileSync('mkfifo', [box.at(database)]),
  ];
  for (const lay of hostile) {
    rmSync(box.at(database), { recursive: true });
    lay();
    await box.init(t);
    t.is(sql(box, 'SELECT value FROM system'), '2022081200');
    t.is(readFileSync(elsewhere, 'utf8'), 'root’s');
    const opened = box.users.filter(
      ({ program, argv }) => program === 'sqlite3' && argv.some((word) => word.includes('roundcube')),
    );
    t.true(opened.every(({ as }) => as === 'box-webmail'));
    t.true(opened.length > 0);
  }
});

test('a damaged database is set aside and not destroyed; mail does not wait for it', async (t) => {
  const box = await boxWith(t, 2022081200);
  await box.init(t);
  writeFileSync(box.at(database), 'no database at all, and longer than the head of one');
  await box.init(t);
  t.is(sql(box, 'SELECT value FROM system'), '2022081200');
  const aside = readdirSync(box.at(folder)).find((name) => name.includes('.damaged-'));
  t.regex(readFileSync(path.join(box.at(folder), aside ?? ''), 'utf8'), /^no database/);
});

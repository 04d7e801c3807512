/** Roundcube's people: identities, settings and contacts. Its schema is brought up to date at the boot that takes all of it up. */
import { Failure } from '../../machine/failure.ts';
import type { Machine } from '../../machine/machine.ts';
import { paths } from '../../machine/paths.ts';
import { readImage } from '../../machine/settings-file.ts';
import { runStatements } from '../../machine/sqlite.ts';
import { counted } from '../old-box.ts';
import type { Subject } from './subject.ts';

export const webmailSubject: Subject = {
  title: 'webmail',
  async look({ machine }) {
    if (!(await machine.exists(paths.webmailDatabase))) return {};
    const { roles, groupware } = await readImage(machine);
    if (!roles.includes('webmail')) return { stays: ['people’s settings: this image has no webmail'] };
    const [people, contacts] = await counts(machine);
    return {
      comes: `identities and settings of ${counted(people ?? 0, 'person', 'people')}`,
      ...((contacts ?? 0) > 0 && groupware !== undefined
        ? {
            stays: [
              `${counted(contacts ?? 0, 'contact')} of Roundcube’s own address book: they are in its database, but this image’s webmail shows the groupware’s. Export them there first, and import them here`,
            ],
          }
        : {}),
    };
  },
  async lay({ machine }, _box, fresh) {
    if (!(await machine.exists(paths.webmailDatabase))) return;
    if (!(await readImage(machine)).roles.includes('webmail')) return;
    await fresh.putDirectory({ path: paths.webmail, mode: 0o700 });
    await fresh.run(['cp', '--', machine.at(paths.webmailDatabase), fresh.at(paths.webmailDatabase)]);
    const damaged = 'remove mail/roundcube from the copy: people then begin with new settings';
    const run = (sql: string) => runStatements(fresh, paths.webmailDatabase, [{ sql }], { damaged });
    const [found] = await run(
      "SELECT name FROM sqlite_master WHERE type = 'table' AND name LIKE 'carddav\\_%' ESCAPE '\\'",
    );
    const tables = (found?.rows ?? [])
      .map(({ name }) => String(name))
      .filter((name) => /^[a-z_]+$/.test(name));
    // An address book of Nextcloud's, with its passwords: its plug-in is not here. Those that refer to others first.
    for (const name of tables.sort((a, b) => order(a) - order(b))) await run(`DROP TABLE ${name}`);
    await run('DELETE FROM session');
    // As this box's webmail calls its mail server.
    await run("UPDATE OR IGNORE users SET mail_host = 'localhost'");
  },
};

const children = ['group_user', 'contacts', 'xsubtypes', 'groups', 'addressbooks'].map(
  (name) => `carddav_${name}`,
);
const order = (table: string) => (children.includes(table) ? children.indexOf(table) : children.length);

/** People and contacts, read without a lock or a journal: the file is another box's. */
async function counts(machine: Machine): Promise<number[]> {
  const file = machine.at(paths.webmailDatabase);
  const uri = `file:${encodeURI(file).replace(/[?#]/g, encodeURIComponent)}?immutable=1`;
  const sql = 'SELECT count(*) FROM users; SELECT count(*) FROM contacts WHERE del = 0';
  const { code, out, err } = await machine.outcome(['sqlite3', uri, sql]);
  if (code === 0) return out.trim().split('\n').map(Number);
  throw new Failure(
    `${paths.webmailDatabase}: ${err.trim().split('\n')[0]}`,
    'copy it anew, or remove mail/roundcube from the copy: people then begin with new settings',
  );
}

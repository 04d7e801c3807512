/** Calendars and address books in the database of an ownCloud (8, of 2016) or a Nextcloud: whose, and what is in them. */
import { createHash } from 'node:crypto';
import type { Machine } from '../machine/machine.ts';
import { paths } from '../machine/paths.ts';
import { type Result, runStatements } from '../machine/sqlite.ts';

export const cloudDatabase = `${paths.storage}/owncloud/owncloud.db`;

export interface Folder {
  readonly kind: 'calendar' | 'contacts';
  /** In an address. */
  readonly name: string;
  readonly title: string;
  readonly objects: readonly { readonly name: string; readonly text: string }[];
}
/** One person's, as the image's `import-groupware` reads it. */
export interface Person {
  readonly account: string;
  readonly folders: readonly Folder[];
}

/** What each generation of the program calls its tables. Data is bytes there. */
const generations = [
  {
    table: 'oc_calendarobjects',
    calendars:
      "SELECT c.id, replace(c.principaluri, 'principals/users/', '') AS person, c.displayname AS title, c.uri AS folder, o.uri AS name, CAST(o.calendardata AS TEXT) AS text FROM oc_calendars c LEFT JOIN oc_calendarobjects o ON o.calendarid = c.id WHERE c.principaluri LIKE 'principals/users/%'",
    contacts:
      "SELECT c.id, replace(c.principaluri, 'principals/users/', '') AS person, c.displayname AS title, c.uri AS folder, o.uri AS name, CAST(o.carddata AS TEXT) AS text FROM oc_addressbooks c LEFT JOIN oc_cards o ON o.addressbookid = c.id WHERE c.principaluri LIKE 'principals/users/%'",
  },
  {
    table: 'oc_clndr_objects',
    calendars:
      'SELECT c.id, c.userid AS person, c.displayname AS title, c.uri AS folder, o.uri AS name, CAST(o.calendardata AS TEXT) AS text FROM oc_clndr_calendars c LEFT JOIN oc_clndr_objects o ON o.calendarid = c.id',
    contacts:
      'SELECT c.id, c.userid AS person, c.displayname AS title, c.uri AS folder, o.uri AS name, CAST(o.carddata AS TEXT) AS text FROM oc_contacts_addressbooks c LEFT JOIN oc_contacts_cards o ON o.addressbookid = c.id',
  },
] as const;

/** @throws Failure where the file is no database */
export async function readCloud(machine: Machine): Promise<readonly Person[]> {
  const ask = (sql: string) =>
    runStatements(machine, cloudDatabase, [{ sql }], {
      damaged:
        'copy it anew, or remove owncloud/owncloud.db from the copy: calendars and contacts then stay behind',
    });
  const [tables] = await ask("SELECT name FROM sqlite_master WHERE type = 'table'");
  const has = new Set(tables?.rows.map(({ name }) => name));
  const people = new Map<string, Folder[]>();
  for (const { table, calendars, contacts } of generations) {
    if (!has.has(table)) continue;
    // What is in Nextcloud's bin stays there, and so do copies of calendars elsewhere.
    const [columns] = await ask(`PRAGMA table_info(${table})`);
    const known = new Set(columns?.rows.map(({ name }) => name));
    const kept = [
      known.has('deleted_at') ? ' AND o.deleted_at IS NULL' : '',
      known.has('calendartype') ? ' AND o.calendartype = 0' : '',
    ].join('');
    for (const [kind, sql] of [
      ['calendar', calendars + kept],
      ['contacts', contacts],
    ] as const)
      for (const [person, folder] of foldersIn(kind, (await ask(sql))[0]))
        people.set(person, [...(people.get(person) ?? []), folder]);
  }
  return [...people].map(([account, folders]) => ({ account, folders }));
}

interface Row {
  readonly id: number;
  readonly person: string;
  readonly title: string | null;
  readonly folder: string;
  /** Of an object; null where the folder is empty. */
  readonly name: string | null;
  readonly text: string | null;
}

function foldersIn(kind: Folder['kind'], result: Result | undefined): [string, Folder][] {
  const byId = new Map<number, Row[]>();
  for (const row of (result?.rows ?? []) as unknown as Row[])
    byId.set(row.id, [...(byId.get(row.id) ?? []), row]);
  return [...byId.values()].flatMap((rows): [string, Folder][] => {
    const [first] = rows;
    const objects = rows.flatMap(({ name, text }) =>
      name === null || text === null || text === '' ? [] : [{ name: plain(name), text: withLineEnds(text) }],
    );
    if (first === undefined || objects.length === 0) return [];
    // The one that everybody has by default has one name here.
    const name = ['contacts', 'default', 'defaultcalendar'].includes(first.folder)
      ? 'personal'
      : plain(first.folder);
    return [[first.person.toLowerCase(), { kind, name, title: first.title || name, objects }]];
  });
}

/** A name that every program takes in an address. */
function plain(name: string): string {
  if (/^[A-Za-z0-9][A-Za-z0-9_.-]{0,99}$/.test(name)) return name;
  return (
    createHash('sha256').update(name).digest('hex').slice(0, 32) + (/\.(ics|vcf)$/.exec(name)?.[0] ?? '')
  );
}

/** As both formats want them (RFC 5545, section 3.1). */
const withLineEnds = (text: string) => text.replace(/\r?\n/g, '\r\n');

/** Calendars and contacts of another server go into sabre/dav's tables once, however often that is tried. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import test from 'ava';
import { projectRoot } from '../../../builder/paths.ts';

const share = path.join(projectRoot, 'overlays/groupware/sabre');

test('events and cards are there once, with their kind, and clients are told of them as new', (t) => {
  const folder = mkdtempSync(path.join(tmpdir(), 'import-'));
  t.teardown(() => rmSync(folder, { recursive: true }));
  const [file, database] = [path.join(folder, 'me.json'), path.join(folder, 'dav.sqlite')];
  const event =
    'BEGIN:VCALENDAR\r\nBEGIN:VTODO\r\nUID;X=1:a:b\r\nSUMMARY:ä€\r\nEND:VTODO\r\nEND:VCALENDAR\r\n';
  writeFileSync(
    file,
    JSON.stringify({
      account: 'me@example.com',
      folders: [
        { kind: 'calendar', name: 'personal', title: 'Home', objects: [{ name: '1.ics', text: event }] },
        {
          kind: 'contacts',
          name: 'personal',
          title: 'People',
          objects: [{ name: '1.vcf', text: 'BEGIN:VCARD\r\nEND:VCARD\r\n' }],
        },
      ],
    }),
  );
  const program = `${share}/usr/lib/box/import-groupware`;
  for (let time = 0; time < 2; time++)
    execFileSync('python3', ['-IS', program, file, database, `${share}/usr/share/box/groupware/schema.sql`]);
  const sql = (text: string) => execFileSync('sqlite3', [database, text], { encoding: 'utf8' }).trim();
  t.is(
    sql(
      'SELECT principaluri, displayname, o.uri, componenttype, uid, size, synctoken FROM calendarobjects o JOIN calendarinstances USING (calendarid) JOIN calendars c ON c.id = calendarid',
    ),
    `principals/me@example.com|Home|1.ics|VTODO|a:b|${Buffer.byteLength(event)}|2`,
  );
  t.is(
    sql(
      'SELECT principaluri, displayname, c.uri, synctoken FROM cards c JOIN addressbooks b ON b.id = addressbookid',
    ),
    'principals/me@example.com|People|1.vcf|2',
  );
  t.is(
    sql(
      'SELECT uri, synctoken, operation FROM calendarchanges UNION ALL SELECT uri, synctoken, operation FROM addressbookchanges',
    ),
    '1.ics|1|1\n1.vcf|1|1',
  );
  t.is(sql('PRAGMA user_version'), '1');
});

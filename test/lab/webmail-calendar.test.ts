/** The webmail's calendar is that of the telephones: SOGo's page in a frame, for whoever is logged in and for nobody else. */
import anyTest from 'ava';
import { artefacts } from '../rig/artefacts.ts';
import type { Account } from '../rig/mail.ts';
import { hostname } from '../rig/owner.ts';
import { request } from '../rig/request.ts';
import { waitFor } from '../rig/wait.ts';
import { Browser } from './world/browser.ts';
import { CalendarPerson } from './world/calendar-person.ts';
import { event } from './world/icalendar.ts';
import { makeLab } from './world/lab.ts';
import { addAccount, started } from './world/started.ts';

const test = anyTest.serial;
const kept = artefacts(anyTest, 'lab-webmail-calendar');
const ready = makeLab(kept).then(async (lab) => {
  const box = await started(lab, 'box', lab.owner);
  const you = await addAccount(box, lab.owner, 'you@example.com');
  const browser = kept.own(await Browser.of(box));
  const person = new CalendarPerson(await browser.page());
  await person.page.setViewport(desk);
  return { box, browser, person, me: lab.owner, you, groupware: groupware(box) };
});
const desk = { width: 1280, height: 900 };

/** What a telephone does with events, and what SOGo's pages answer somebody who has these cookies. */
function groupware(box: Parameters<typeof request>[0]) {
  const home = (as: Account) => `/SOGo/dav/${as.email}/Calendar/personal/`;
  return {
    /** An event at noon tomorrow: on a telephone the page lists what is to come. */
    put: async (as: Account, summary: string) => {
      const day = new Date(Date.now() + 86_400_000).toISOString().slice(0, 10).replaceAll('-', '');
      const body = event('noon', summary, `${day}T12`);
      const headers = ['Content-Type: text/calendar; charset=utf-8'];
      const { status } = await request(box, `PUT ${home(as)}noon.ics`, { as, body, headers });
      if (status !== 201 && status !== 204) throw new Error(`PUT: ${status}`);
    },
    all: async (as: Account) => {
      const query =
        '<C:calendar-query xmlns:D="DAV:" xmlns:C="urn:ietf:params:xml:ns:caldav"><D:prop><C:calendar-data/></D:prop><C:filter><C:comp-filter name="VCALENDAR"><C:comp-filter name="VEVENT"/></C:comp-filter></C:filter></C:calendar-query>';
      const headers = ['Depth: 1', 'Content-Type: text/xml; charset=utf-8'];
      return (await request(box, `REPORT ${home(as)}`, { as, body: query, headers })).body;
    },
    /** Whether these cookies open this person's calendars. Without a session the answer is the page for a log-in. */
    opens: async (cookies: readonly Cookie[], as: Account) => {
      const token = cookies.find(({ name }) => name === 'XSRF-TOKEN')?.value;
      const headers = [`Cookie: ${cookies.map(text).join('; ')}`, `X-XSRF-TOKEN: ${token}`];
      const { body } = await request(box, `GET /SOGo/so/${as.email}/Calendar/calendarslist`, { headers });
      return body.startsWith('{"calendars"');
    },
    /** The cookies of somebody who logs in at SOGo's own page. */
    logIn: async (as: Account): Promise<Cookie[]> => {
      const body = JSON.stringify({ userName: as.email, password: as.password });
      const headers = ['Content-Type: application/json'];
      const { head } = await request(box, 'POST /SOGo/connect', { body, headers });
      return [...head.matchAll(/^set-cookie: ([^=;]*)=([^;]+)/gim)].map(([, name = '', value = '']) => ({
        name,
        value,
      }));
    },
  };
}
interface Cookie {
  readonly name: string;
  readonly value: string;
}
const text = ({ name, value }: Cookie) => `${name}=${value}`;

test('whoever is logged in presses Calendar, and sees what their telephone has put there', async (t) => {
  const { box, person, groupware, you } = await ready;
  await groupware.put(you, 'Your lunch');
  await person.logIn(you);
  t.deepEqual(await person.cookies(), []);
  await person.pressCalendar();
  t.regex(await person.shown('Your lunch'), /Personal Calendar/);
  await person.picture('webmail-calendar');
  // The webmail has mail and a log-out itself.
  t.notRegex(await person.links(), /\/(?:Mail|Contacts|logoff)\b/);
  t.deepEqual(person.complaints, []);
  // The password is nowhere in what the browser got, and in the webmail's session all of it is encrypted.
  for (const frame of person.page.frames()) t.false((await frame.content()).includes(you.password));
  const query = "sqlite3 /home/user-data/mail/roundcube/roundcube.sqlite 'SELECT vars FROM session'";
  const sessions = (await box.run(query)).split('\n').map((line) => Buffer.from(line, 'base64').toString());
  t.regex(sessions.join('\n'), /box_calendar/);
  const cookies = (await person.cookies()).map(({ value }) => value.slice(-40));
  t.is(cookies.length, 2);
  for (const secret of [you.password, ...cookies]) t.false(sessions.join('\n').includes(secret));
});

test('an event that is made in the page is there for the telephone', async (t) => {
  const { person, groupware, you } = await ready;
  await person.add('Made in the page');
  t.regex(await person.shown('Made in the page'), /Your lunch/);
  await waitFor('the event by CalDAV', async () =>
    (await groupware.all(you)).includes('SUMMARY:Made in the page') ? true : undefined,
  );
  t.deepEqual(person.complaints, []);
});

test('its cookies are sent with https to the groupware alone, and not for a page of another site', async (t) => {
  const { person } = await ready;
  const cookies = await person.cookies();
  t.deepEqual(
    cookies
      .map(({ name, path, secure, sameSite, httpOnly }) => ({ name, path, secure, sameSite, httpOnly }))
      .sort((a, b) => a.name.localeCompare(b.name)),
    [
      { name: '0xHIGHFLYxSOGo', path: '/SOGo/', secure: true, sameSite: 'Strict', httpOnly: true },
      // SOGo's page reads it, and sends it along.
      { name: 'XSRF-TOKEN', path: '/SOGo/', secure: true, sameSite: 'Strict', httpOnly: false },
    ],
  );
});

test('the session that is open is used again; where it has ended, another one begins', async (t) => {
  const { person, groupware, you } = await ready;
  const session = async () => (await person.cookies()).find(({ name }) => name.startsWith('0x'))?.value;
  const first = await session();
  await person.open('?_task=mail');
  await person.pressCalendar();
  await person.shown('Your lunch');
  t.is(await session(), first);
  // SOGo ends it, and forgets the cookie.
  const end = `fetch('/SOGo/so/${you.email}/logoff', { redirect: 'manual' }).then(() => true)`;
  t.true(await person.calendar()?.evaluate(end));
  t.is(await session(), undefined);
  // What SOGo's page then shows would be a log-in.
  await person.calendar()?.evaluate('location.reload()');
  await waitFor('another session', async () => ((await session()) === undefined ? undefined : true));
  t.not(await session(), first);
  t.regex(await person.shown('Your lunch'), /Personal Calendar/);
  t.true(await groupware.opens(await person.cookies(), you));
});

test('nobody but the webmail’s own page has a session opened', async (t) => {
  const { person } = await ready;
  await person.open('?_task=mail');
  const before = (await person.cookies()).map(text).sort();
  const ask = (init: string) =>
    person.page.evaluate(
      `fetch('/mail/?_task=calendar&_action=open&_remote=1', ${init}).then((it) => it.status)`,
    );
  const form = "{ 'Content-Type': 'application/x-www-form-urlencoded' }";
  for (const init of [
    '{}',
    "{ method: 'POST' }",
    `{ method: 'POST', headers: ${form}, body: '_remote=1' }`,
    `{ method: 'POST', headers: { 'X-Roundcube-Request': 'x'.repeat(32) } }`,
  ])
    t.is(await ask(init), 403, init);
  t.deepEqual((await person.cookies()).map(text).sort(), before);
});

test('after a log-out nothing of it is left: not in the browser, and not for whoever has kept the cookies', async (t) => {
  const { person, groupware, you } = await ready;
  const cookies = await person.cookies();
  t.true(await groupware.opens(cookies, you));
  await person.logOut();
  t.deepEqual(await person.cookies(), []);
  t.false(await groupware.opens(cookies, you));
  const answer = await person.page.goto(`https://${hostname}/SOGo/so/${you.email}/Calendar/view`);
  t.notRegex(String(await answer?.text()), /Your lunch|UserCalendarPath/);
});

test('the next person in the same browser sees their own calendar, whatever cookies the former one has left', async (t) => {
  const { person, groupware, me, you } = await ready;
  await groupware.put(me, 'My lunch');
  // Somebody was at /SOGo, and has not logged out.
  const left = (await groupware.logIn(you)).map((cookie) => ({
    ...cookie,
    domain: hostname,
    path: '/SOGo/',
    secure: true,
  }));
  t.is(left.length, 2);
  await person.page.browserContext().setCookie(...left);
  await person.logIn(me);
  t.deepEqual(await person.cookies(), []);
  await person.page.browserContext().setCookie(...left);
  await person.pressCalendar();
  t.notRegex(await person.shown('My lunch'), /Your lunch|Made in the page|you@example/);
  t.regex(await person.shown('My lunch'), /me@example\.com/);
  t.false(await groupware.opens(await person.cookies(), you));
});

test('where the webmail’s session has ended by itself, the browser forgets the calendar’s too', async (t) => {
  const { box, person } = await ready;
  t.is((await person.cookies()).length, 2);
  await box.run("sqlite3 /home/user-data/mail/roundcube/roundcube.sqlite 'DELETE FROM session'");
  await person.open('?_task=mail');
  t.true(await person.isOut());
  t.deepEqual(await person.cookies(), []);
});

test('no log-in of the box’s own counts as a stranger’s', async (t) => {
  const { box } = await ready;
  t.is(await box.run('cat /var/log/failed-logins.log'), '');
});

test('on a telephone it is behind the menu, and as wide as the screen', async (t) => {
  const { person, groupware, you } = await ready;
  await groupware.put(you, 'Your lunch');
  await person.page.setViewport({ width: 390, height: 800, isMobile: true, hasTouch: true });
  await person.logIn(you);
  await person.pressCalendar();
  await person.shown('Your lunch');
  await person.picture('webmail-calendar-phone');
  const width = 'document.documentElement.scrollWidth';
  t.is(await person.page.evaluate(width), 390);
  t.is(await person.calendar()?.evaluate('window.innerWidth'), 390);
  // From the webmail's bar down to the end of the screen.
  t.true(Number(await person.calendar()?.evaluate('window.innerHeight')) > 730);
  await person.page.setViewport(desk);
});

test('with the groupware down the page says so, and mail goes on', async (t) => {
  const { box, person } = await ready;
  await box.run('systemctl stop sogo');
  await person.open('?_task=mail');
  await person.pressCalendar();
  t.regex(await person.said(), /^Your calendar can’t be reached at the moment/);
  await person.picture('webmail-calendar-down');
  await person.open('?_task=mail&_mbox=INBOX');
  t.false(await person.isOut());
  await box.run('systemctl start sogo');
  await waitFor('the calendar again', async () => {
    await person.open('?_task=calendar');
    return (await person.text('#calendar-words')) === '' ? true : undefined;
  });
  await person.shown('Your lunch');
});

test('after a change of the password here the calendar goes on; after one elsewhere the page says what to do', async (t) => {
  const { box, person, groupware, you } = await ready;
  const cookies = await person.cookies();
  t.regex(await person.changePassword(you.password, 'new-horse-staple'), /Successfully saved/);
  t.false(await groupware.opens(cookies, you), 'the session of the old password');
  await waitFor('the calendar with the new password', async () => {
    await person.open('?_task=calendar');
    return (await person.text('#calendar-words')) === '' ? true : undefined;
  });
  await person.shown('Your lunch');
  await box.run('box account password you@example.com', 'other-horse-staple\n');
  await waitFor('the sentence', async () => {
    await person.open('?_task=calendar');
    return /does not take the password of this session.*log out and in/.test(
      await person.text('#calendar-words'),
    )
      ? true
      : undefined;
  });
  const again = { ...you, password: 'other-horse-staple' };
  await person.page.browserContext().deleteCookie(...(await person.page.browserContext().cookies()));
  await person.logIn(again);
  await person.pressCalendar();
  await person.shown('Your lunch');
});

test('nobody is banned for an old password that was still in use, and no log tells one', async (t) => {
  const { box, you } = await ready;
  // SOGo asks Dovecot with the old one as long as it remembers it; that is the box itself, which is never banned.
  t.notRegex(await box.run('cat /var/log/failed-logins.log'), /groupware/);
  t.notRegex(await box.run('box ban list'), /\d+\.\d+\.\d+\.\d+/);
  const logs = await box.run('cat /var/log/*.log /var/log/syslog /var/log/nginx/*.log; journalctl -b');
  for (const secret of [you.password, 'new-horse-staple', 'other-horse-staple'])
    t.false(logs.includes(secret));
  t.notRegex(logs.replaceAll('PHP Error: Request security check failed', ''), /PHP (?:Warning|Error|Fatal)/);
});

/** The webmail's calendar is that of the telephones: SOGo's page in a frame, for whoever is logged in and for nobody else. */
import anyTest from 'ava';
import { artefacts } from '../boot/artefacts.ts';
import type { Account } from '../boot/mail.ts';
import { request } from '../boot/request.ts';
import { LabBrowser } from './browser.ts';
import { CalendarPerson } from './calendar-person.ts';
import { makeLab } from './lab.ts';
import { addAccount, started } from './started.ts';

const test = anyTest.serial;
const kept = artefacts(anyTest, 'lab-webmail-calendar');
const ready = makeLab(kept).then(async (lab) => {
  const box = await started(lab, 'box', lab.owner);
  const you = await addAccount(box, lab.owner, 'you@example.com');
  const browser = kept.own(await LabBrowser.of(box));
  const person = new CalendarPerson(await browser.page());
  await person.page.setViewport({ width: 1280, height: 900 });
  return { lab, box, browser, person, me: lab.owner, you, telephone: telephone(box) };
});

/** What a telephone does with one event: today, at noon. */
function telephone(box: Parameters<typeof request>[0]) {
  const home = (as: Account) => `/SOGo/dav/${as.email}/Calendar/personal/`;
  return {
    put: async (as: Account, summary: string) => {
      const day = new Date().toISOString().slice(0, 10).replaceAll('-', '');
      const event = ['UID:noon', `DTSTAMP:${day}T000000Z`, `DTSTART:${day}T120000Z`, `DTEND:${day}T130000Z`];
      const lines = [
        'VERSION:2.0',
        'PRODID:-//lab//lab//EN',
        'BEGIN:VEVENT',
        ...event,
        `SUMMARY:${summary}`,
        'END:VEVENT',
      ];
      const body = ['BEGIN:VCALENDAR', ...lines, 'END:VCALENDAR', ''].join('\r\n');
      const headers = ['Content-Type: text/calendar; charset=utf-8'];
      const { status } = await request(box, `PUT ${home(as)}noon.ics`, { as, body, headers });
      if (status !== 201 && status !== 204) throw new Error(`PUT: ${status}`);
    },
  };
}

test('whoever is logged in presses Calendar, and sees what their telephone has put there', async (t) => {
  const { person, telephone, you } = await ready;
  await telephone.put(you, 'Your lunch');
  await person.logIn(you);
  await person.pressCalendar();
  t.regex(await person.shown('Your lunch'), /Personal Calendar/);
  await person.picture('webmail-calendar');
  t.deepEqual(person.complaints, []);
});

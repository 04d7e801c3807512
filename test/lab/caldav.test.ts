/** CalDAV by its rules (RFC 4791, RFC 6578): what calendar programs ask for besides putting and getting events. */
import anyTest from 'ava';
import { artefacts } from '../rig/artefacts.ts';
import { request } from '../rig/request.ts';
import { event, icalendar } from './world/icalendar.ts';
import { makeLab } from './world/lab.ts';
import { started } from './world/started.ts';

const test = anyTest.serial;
const kept = artefacts(anyTest, 'lab-caldav');
const ready = makeLab(kept).then(async (lab) => ({
  box: await started(lab, 'box', lab.owner),
  me: lab.owner,
}));

const calendar = async () => `/SOGo/dav/${(await ready).me.email}/Calendar/personal/`;
const namespaces = 'xmlns:D="DAV:" xmlns:C="urn:ietf:params:xml:ns:caldav"';

/** One request of the owner's, with a body of XML where it has one. */
async function ask(what: string, body?: string, headers: string[] = []) {
  const { box, me } = await ready;
  const xml = body?.startsWith('<') ? ['Content-Type: application/xml; charset=utf-8'] : [];
  return request(box, what, {
    as: me,
    headers: [...xml, ...headers],
    ...(body === undefined ? {} : { body }),
  });
}

const put = async (name: string, ics: string, headers: string[] = []) =>
  ask(`PUT ${await calendar()}${name}.ics`, ics, ['Content-Type: text/calendar', ...headers]);

/** Names of the resources of a multistatus (RFC 4918, section 13), each with the status that it has. */
function answers(body: string): Record<string, string> {
  const found = [...body.matchAll(/<(?:\w+:)?response\b.*?<\/(?:\w+:)?response>/gs)].map(([one]) => {
    const href = /<(?:\w+:)?href[^>]*>([^<]*)</.exec(one)?.[1] ?? '';
    const status = /<(?:\w+:)?status[^>]*>HTTP\/1\.1 (\d+)/.exec(one)?.[1] ?? '';
    return [decodeURIComponent(href).split('/').at(-1) ?? '', status] as const;
  });
  return Object.fromEntries(found);
}

const within = (component: string, from: string, to: string, data = '<C:calendar-data/>') =>
  `<C:calendar-query ${namespaces}><D:prop><D:getetag/>${data}</D:prop><C:filter><C:comp-filter name="VCALENDAR">` +
  `<C:comp-filter name="${component}"><C:time-range start="${from}" end="${to}"/></C:comp-filter></C:comp-filter></C:filter></C:calendar-query>`;
const report = async (body: string) => ask(`REPORT ${await calendar()}`, body, ['Depth: 1']);

test('a program finds the calendars from the account on (RFC 4791, sections 5.1 and 6.2)', async (t) => {
  const { me } = await ready;
  const options = await ask(`OPTIONS ${await calendar()}`);
  t.regex(options.head, /^dav:.*\bcalendar-access\b/im);
  const find = `<D:propfind ${namespaces}><D:prop><D:current-user-principal/><C:calendar-home-set/></D:prop></D:propfind>`;
  const { body } = await ask('PROPFIND /SOGo/dav/', find, ['Depth: 0']);
  t.regex(body, new RegExp(`current-user-principal.*?/SOGo/dav/${me.email}/`, 's'));
  const home = await ask(`PROPFIND /SOGo/dav/${me.email}/`, find, ['Depth: 0']);
  t.regex(home.body, new RegExp(`calendar-home-set.*?/SOGo/dav/${me.email}/Calendar/`, 's'));
  const kinds = `<D:propfind ${namespaces}><D:prop><D:resourcetype/><C:supported-calendar-component-set/><D:supported-report-set/></D:prop></D:propfind>`;
  const personal = await ask(`PROPFIND ${await calendar()}`, kinds, ['Depth: 0']);
  for (const what of [
    'calendar-query',
    'calendar-multiget',
    'sync-collection',
    'name="VEVENT"',
    'name="VTODO"',
  ])
    t.true(personal.body.includes(what), what);
});

test('a calendar can be made, named, and deleted (section 5.3.1)', async (t) => {
  const { me } = await ready;
  const where = `/SOGo/dav/${me.email}/Calendar/club/`;
  const make = `<C:mkcalendar ${namespaces}><D:set><D:prop><D:displayname>Club</D:displayname></D:prop></D:set></C:mkcalendar>`;
  t.is((await ask(`MKCALENDAR ${where}`, make)).status, 201);
  const list = `<D:propfind ${namespaces}><D:prop><D:displayname/><D:resourcetype/></D:prop></D:propfind>`;
  const home = async () => (await ask(`PROPFIND /SOGo/dav/${me.email}/Calendar/`, list, ['Depth: 1'])).body;
  t.regex(await home(), /<D:displayname>Club</);
  const name = `<D:propertyupdate ${namespaces}><D:set><D:prop><D:displayname>Verein ä€</D:displayname></D:prop></D:set></D:propertyupdate>`;
  t.is((await ask(`PROPPATCH ${where}`, name)).status, 207);
  t.regex(await home(), /<D:displayname>Verein &#228;&#8364;</);
  t.is((await ask(`DELETE ${where}`)).status, 204);
  t.notRegex(await home(), /Verein/);
});

test('a change counts for the state that was seen, and no other (RFC 9110, section 13.1.1)', async (t) => {
  const made = await put('seen', event('seen', 'seen', '20270301T09'));
  t.is(made.status, 201);
  const etag = /^etag: *(\S+)/im.exec(made.head)?.[1] ?? '';
  t.not(etag, '');
  const quoted = `If-Match: ${etag}`;
  t.is((await put('seen', event('seen', 'seen', '20270302T09'), [quoted])).status, 204);
  t.is((await put('seen', event('seen', 'seen', '20270303T09'), [quoted])).status, 412);
  t.regex((await ask(`GET ${await calendar()}seen.ics`)).body, /^DTSTART:20270302T090000Z\r?$/m);
});

test('events are found by when they are, and what repeats at each of its times (section 7.8)', async (t) => {
  await put(
    'weekly',
    event('weekly', 'weekly', '20280103T09', ['RRULE:FREQ=WEEKLY;COUNT=10', 'EXDATE:20280117T090000Z']),
  );
  await put('once', event('once', 'once', '20280110T12'));
  await put('task', icalendar('VTODO', 'task', ['DUE:20280110T120000Z', 'SUMMARY:task']));
  const found = async (from: string, to: string, component = 'VEVENT') =>
    Object.keys(answers((await report(within(component, from, to))).body)).sort();
  t.deepEqual(await found('20280110T000000Z', '20280111T000000Z'), ['once.ics', 'weekly.ics']);
  t.deepEqual(await found('20280124T000000Z', '20280125T000000Z'), ['weekly.ics'], 'the fourth time');
  t.deepEqual(await found('20290101T000000Z', '20300101T000000Z'), [], 'after the last time');
  t.deepEqual(await found('20280110T000000Z', '20280111T000000Z', 'VTODO'), ['task.ics']);
});

test('many are fetched at once, and what is missing is said to be (section 7.9)', async (t) => {
  const hrefs = ['once', 'weekly', 'nothing'].map(
    async (name) => `<D:href>${await calendar()}${name}.ics</D:href>`,
  );
  const get = `<C:calendar-multiget ${namespaces}><D:prop><D:getetag/><C:calendar-data/></D:prop>${(await Promise.all(hrefs)).join('')}</C:calendar-multiget>`;
  const { body, status } = await report(get);
  t.is(status, 207);
  t.deepEqual(answers(body), { 'once.ics': '200', 'weekly.ics': '200', 'nothing.ics': '404' });
  t.regex(body, /RRULE:FREQ=WEEKLY/);
});

test('a program that comes again is told what changed since, and what is gone (RFC 6578)', async (t) => {
  const since = async (token: string) => {
    const { body } = await report(
      `<D:sync-collection ${namespaces}><D:sync-token>${token}</D:sync-token><D:sync-level>1</D:sync-level><D:prop><D:getetag/></D:prop></D:sync-collection>`,
    );
    return { found: answers(body), token: /<(?:\w+:)?sync-token[^>]*>([^<]+)</.exec(body)?.[1] ?? '' };
  };
  // SOGo counts in seconds, and says once more what happened in the one of the token.
  const nextSecond = () => new Promise((resolve) => setTimeout(resolve, 1100));
  await nextSecond();
  const first = await since('');
  t.true('once.ics' in first.found && 'weekly.ics' in first.found);
  t.deepEqual((await since(first.token)).found, {});
  await nextSecond();
  await put('new', event('new', 'new', '20280201T09'));
  t.is((await ask(`DELETE ${await calendar()}once.ics`)).status, 204);
  const { found } = await since(first.token);
  t.deepEqual(Object.keys(found).sort(), ['new.ics', 'once.ics']);
  t.is(found['once.ics'], '404');
});

test('what is no calendar is refused, and nothing of it is kept (section 5.3.2.1)', async (t) => {
  const { status } = await ask(`PUT ${await calendar()}broken.ics`, 'no calendar at all', [
    'Content-Type: text/calendar',
  ]);
  t.true(status >= 400 && status < 500, String(status));
  t.is((await ask(`GET ${await calendar()}broken.ics`)).status, 404);
});

/** What mail programs are told: documents for Thunderbird, Outlook and Apple, and questions that strangers may write. */
import test from 'ava';
import fc from 'fast-check';
import { paths } from '../../../../box/machine/paths.ts';
import { autoconfig } from '../../../../box/mail-clients/autoconfig.ts';
import { autodiscover, autodiscoverUrl } from '../../../../box/mail-clients/autodiscover.ts';
import { isAddress, readAutodiscoverRequest } from '../../../../box/mail-clients/autodiscover-request.ts';
import { mailProfile } from '../../../../box/mail-clients/profile.ts';
import { element, xmlDocument } from '../../../../box/mail-clients/xml.ts';
import { TemporaryBox } from '../temporary-box.ts';

const servers = { hostname: 'box.example.com', ports: [25, 443, 465, 587, 993, 995], groupware: false };
const outlook = 'http://schemas.microsoft.com/exchange/autodiscover/outlook/responseschema/2006a';
const mobileSync = 'http://schemas.microsoft.com/exchange/autodiscover/mobilesync/responseschema/2006';
const asked = (email: string, schema = outlook, kind = 'outlook') =>
  `<?xml version="1.0" encoding="utf-8"?><Autodiscover xmlns="http://schemas.microsoft.com/exchange/autodiscover/${kind}/requestschema/2006"><Request><EMailAddress>${email}</EMailAddress><AcceptableResponseSchema>${schema}</AcceptableResponseSchema></Request></Autodiscover>`;

test('Thunderbird is told of the ports that the image has, encrypted from the first byte first', (t) => {
  const ports = (text: string) => [...text.matchAll(/<port>(\d+)</g)].map(([, port]) => port);
  t.deepEqual(ports(autoconfig(servers)), ['993', '995', '465', '587']);
  t.deepEqual(ports(autoconfig({ ...servers, ports: [587, 993] })), ['993', '587']);
  t.notRegex(autoconfig(servers), /caldav|plain>/);
  t.regex(autoconfig({ ...servers, groupware: true }), /https:\/\/box\.example\.com\/\.well-known\/caldav/);
});

test('Outlook is told of each protocol once; of ActiveSync only where there is some', (t) => {
  const mail = autodiscover(servers, { email: 'me@example.com', schema: outlook });
  t.deepEqual(
    [...mail.matchAll(/<Type>(\w+)<[\s\S]*?<Port>(\d+)</g)].map(([, type, port]) => `${type} ${port}`),
    ['IMAP 993', 'POP3 995', 'SMTP 465'],
  );
  t.regex(mail, /<LoginName>me@example\.com<\/LoginName>/);
  const sync = { email: 'me@example.com', schema: mobileSync };
  t.regex(autodiscover(servers, sync), /<ErrorCode>601</);
  t.regex(
    autodiscover({ ...servers, groupware: true }, sync),
    /<Url>https:\/\/box\.example\.com\/Microsoft-Server-ActiveSync</,
  );
  t.is(autodiscoverUrl(servers, 'ActiveSync'), undefined);
  t.is(autodiscoverUrl(servers, 'autodiscoverv1'), 'https://box.example.com/autodiscover/autodiscover.xml');
});

test('what Outlook and telephones ask is understood', (t) => {
  t.deepEqual(readAutodiscoverRequest(asked('me@example.com')), { email: 'me@example.com', schema: outlook });
  t.deepEqual(readAutodiscoverRequest(asked(' me@example.com\n', mobileSync, 'mobilesync')), {
    email: 'me@example.com',
    schema: mobileSync,
  });
  // Programs log in with what the answer names: Outlook can't with letters beyond ASCII.
  t.is(readAutodiscoverRequest(asked('Me@Bücher.example'))?.email, 'Me@xn--bcher-kva.example');
});

test('what is no such question is none', (t) => {
  const doctype = (entity: string) => asked('&x;').replace('?><', `?><!DOCTYPE Autodiscover [${entity}]><`);
  for (const text of [
    '',
    'x',
    '<a/>',
    doctype('<!ENTITY x "me@example.com">'),
    doctype('<!ENTITY x SYSTEM "file:///etc/passwd">'),
    doctype(''),
    asked('&x;'),
    asked('<![CDATA[me@example.com]]>'),
    asked('me@example.com</EMailAddress><EMailAddress>you@example.com'),
    asked('me@example.com\r\nX-Harm: 1'),
    asked('me&#0;@example.com'),
    asked('me&lt;script>@example.com'),
    asked(`${'x'.repeat(600)}@example.com`),
    asked('<b>'.repeat(20)),
    asked('me@example.com', ''),
    asked('me@example.com').slice(0, -3),
    `${asked('me@example.com')}<x/>`,
    asked('me@example.com').replace('requestschema', 'otherschema'),
  ])
    t.is(readAutodiscoverRequest(text), undefined, text.slice(0, 300));
});

test('whatever is asked, an answer names an address as it was or nothing', (t) => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 60 }), (text) => {
      t.false(isAddress(`${text}\n@example.com`));
      const read = readAutodiscoverRequest(asked(text));
      if (read !== undefined) t.true(text.includes(read.email) && isAddress(read.email));
      const written = xmlDocument(element('a', text, { b: text }));
      t.notRegex(written.slice(written.indexOf('<a') + 2, -1).replace(/<\/a>$/, ''), /<(?!\/a)/);
    }),
  );
});

test('Apple’s profile is the same each time, each person’s another, and holds no password', (t) => {
  const uuids = (text: string) =>
    [...text.matchAll(/[0-9A-F]{8}(-[0-9A-F]{4}){3}-[0-9A-F]{12}/g)].map(([id]) => id);
  const profile = mailProfile(servers);
  t.is(profile, mailProfile(servers));
  const all = [profile, mailProfile(servers, 'me@example.com'), mailProfile(servers, 'you@example.com')];
  t.is(new Set(all.flatMap(uuids)).size, 6);
  t.is(uuids(mailProfile({ ...servers, groupware: true }, 'me@example.com')).length, 4);
  t.notRegex(profile, /MailServerUsername|EmailAddress<|>\w*Password<\/key>\s*<string>(?!EmailAuth)/);
});

test('the profile is signed at first boot, and again with a certificate or a name that is new', async (t) => {
  const box = await TemporaryBox.booted(t);
  const before = box.read(paths.mailProfile);
  t.regex(before, /com\.example\.box\.letterbox\.mail/);
  t.is(await box.box('init'), 0);
  t.true(box.read(paths.mailProfile) === before);
  // The box's own certificate ends.
  box.now = new Date('2029-01-15T12:00:00Z');
  t.is(await box.box('init'), 0);
  t.false(box.read(paths.mailProfile) === before);
});

test('a box that can’t sign becomes ready, and says what is missing', async (t) => {
  const box = TemporaryBox.fresh(t);
  box.broken = (argv) => argv[1] === 'cms';
  box.answer = (argv) => (argv[1] === 'cms' ? { code: 1, err: 'no' } : undefined);
  t.is(await box.box('init'), 0);
  await box.box('status');
  t.regex([...box.said, ...box.complaints].join('\n'), /mail programs: the profile for Apple’s/);
});

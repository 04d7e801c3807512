/** The webmail's contacts are those of the telephones: one address book, by CardDAV, and nothing in it is lost. */
import anyTest from 'ava';
import { artefacts } from '../rig/artefacts.ts';
import { request } from '../rig/request.ts';
import { waitFor } from '../rig/wait.ts';
import { Browser } from './world/browser.ts';
import { ContactsPerson } from './world/contacts-person.ts';
import { makeLab } from './world/lab.ts';
import { addAccount, started, subjects } from './world/started.ts';

const test = anyTest.serial;
const kept = artefacts(anyTest, 'lab-webmail-contacts');
const ready = makeLab(kept).then(async (lab) => {
  const box = await started(lab, 'box', lab.owner);
  const you = await addAccount(box, lab.owner, 'you@example.com');
  const browser = kept.own(await Browser.of(box));
  const person = new ContactsPerson(await browser.page());
  await person.page.setViewport({ width: 1280, height: 900 });
  await person.logIn(you);
  return { lab, box, person, me: lab.owner, you, telephone: telephone(box, you) };
});

/** What a telephone does with one contact. SOGo writes letters beyond ASCII as `&#246;` in its XML. */
function telephone(box: Parameters<typeof request>[0], you: { email: string; password: string }) {
  const home = `/SOGo/dav/${you.email}/Contacts/personal/`;
  const type = ['Content-Type: text/vcard; charset=utf-8'];
  return {
    put: async (name: string, lines: readonly string[], as = you) => {
      const body = ['BEGIN:VCARD', ...lines, 'END:VCARD', ''].join('\r\n');
      const { status } = await request(box, `PUT ${home}${name}`, { as, body, headers: type });
      if (status !== 201 && status !== 204) throw new Error(`PUT ${name}: ${status}`);
    },
    get: (name: string, as = you) => request(box, `GET ${home}${name}`, { as }),
    names: async () => {
      const { body } = await request(box, `PROPFIND ${home}`, { as: you, headers: ['Depth: 1'] });
      return [...new Set([...body.matchAll(/personal\/([^/<]+\.vcf)</g)].map(([, name = '']) => name))];
    },
  };
}

const full = [
  'VERSION:3.0',
  'UID:grace',
  'PRODID:-//Apple Inc.//iOS//EN',
  'N:Hopper;Grace;;Dr.;',
  'FN:Dr. Grace Hopper',
  'ORG:Navy;Computers;Third floor',
  'item1.EMAIL;type=INTERNET;type=WORK;type=pref:grace@friend.example',
  'item1.X-ABLabel:Ship',
  'TEL;TYPE=CELL,VOICE:+1 555 1',
  'ADR;TYPE=HOME:PO 1;;Street 1\\nBack;Arlington;;22201;US',
  'BDAY;VALUE=date:1906-12-09',
  'X-COLOUR;X-P="a:b;c":bl;ue',
  'PHOTO;ENCODING=b;TYPE=JPEG:/9j/4AAQSkZJRgABAQ==',
];

test('a contact that is added in the webmail is there for telephones', async (t) => {
  const { person, telephone, box } = await ready;
  t.deepEqual(await person.contacts(), []);
  const form = { _firstname: 'Ada', _surname: 'Löve; Lace', '_email[]': 'ada@friend.example' };
  t.regex(await person.add(form), /Successfully saved/);
  await waitFor('the contact in the list', async () =>
    (await person.listed()).length === 1 ? true : undefined,
  );
  await person.picture('webmail-contacts');
  const [name = ''] = await telephone.names();
  const { body } = await telephone.get(name);
  t.regex(body, /^FN:Ada Löve\\; Lace\r?$/m);
  t.regex(body, /^N:Löve\\; Lace;Ada;*\r?$/m);
  t.regex(body, /^EMAIL;TYPE=HOME:ada@friend\.example\r?$/m);
  // Roundcube's own address book stays empty.
  const count = "sqlite3 /home/user-data/mail/roundcube/roundcube.sqlite 'SELECT count(*) FROM contacts'";
  t.is((await box.run(count)).trim(), '0');
});

test('a telephone’s contact is there in the webmail, is found, and is offered to whoever writes a mail', async (t) => {
  const { person, telephone } = await ready;
  await telephone.put('grace.vcf', full);
  t.deepEqual((await person.contacts()).sort(), ['Ada Löve; Lace', 'Dr. Grace Hopper']);
  t.deepEqual(await person.search('arling'), ['Dr. Grace Hopper']);
  await person.contacts();
  const text = await person.look('Grace');
  for (const words of ['grace@friend.example', '+1 555 1', 'Arlington', 'Navy', '1906'])
    t.true(text.includes(words), words);
  t.regex(await person.offered('hopp'), /grace@friend\.example/);
});

test('an edit keeps what the form does not know, and what it would flatten', async (t) => {
  const { person, telephone } = await ready;
  await person.contacts();
  await person.look('Grace');
  // As SOGo keeps it: it orders parameters anew at each writing, and leaves empty parts at a line's end out.
  const lines = async () =>
    (await telephone.get('grace.vcf')).body
      .replace('PHOTO;TYPE=JPEG;ENCODING=b', 'PHOTO;ENCODING=b;TYPE=JPEG')
      .trim()
      .split(/\r?\n/);
  const before = await lines();
  const form = await person.edit();
  await person.fill(form, { _organization: 'Navy, retired' });
  t.regex(await person.save(form), /Successfully saved/);
  const after = await lines();
  const organization = before.indexOf('ORG:Navy;Computers;Third floor');
  t.true(organization > 0);
  t.deepEqual(
    after,
    Object.assign([...before], { [organization]: 'ORG:Navy\\, retired;Computers;Third floor' }),
  );
  for (const line of [
    'X-COLOUR;X-P="a:b;c":bl\\;ue',
    'PHOTO;ENCODING=b;TYPE=JPEG:/9j/4AAQSkZJRgABAQ==',
    'ADR;TYPE=HOME:PO 1;;Street 1\\nBack;Arlington;;22201;US',
  ])
    t.true(after.includes(line), line);
});

test('a contact that changed elsewhere meanwhile is not written over; what was typed stays', async (t) => {
  const { person, telephone } = await ready;
  await person.contacts();
  await person.look('Grace');
  const form = await person.edit();
  await telephone.put('grace.vcf', [...full, 'NOTE:of the telephone']);
  await person.fill(form, { _surname: 'Amazing' });
  t.regex(await person.save(form), /changed elsewhere meanwhile.*Nothing was saved/);
  const { body } = await telephone.get('grace.vcf');
  t.regex(body, /of the telephone/);
  t.notRegex(body, /Amazing/);
  const again = await person.form();
  t.is(await again.evaluate(`document.querySelector('[name="_surname"]').value`), 'Amazing');
});

test('a contact that changed elsewhere meanwhile is not deleted', async (t) => {
  const { person, telephone } = await ready;
  await person.contacts();
  await person.look('Grace');
  await telephone.put('grace.vcf', [...full, 'NOTE:of the telephone again']);
  t.regex(await person.remove(), /changed elsewhere meanwhile.*Nothing was saved or deleted/);
  t.regex((await telephone.get('grace.vcf')).body, /of the telephone again/);
});

test('what is deleted is gone for telephones', async (t) => {
  const { person, telephone } = await ready;
  await person.contacts();
  await person.look('Ada');
  t.regex(await person.remove(), /deleted/i);
  t.deepEqual(await telephone.names(), ['grace.vcf']);
});

test('a broken card, and one with what would be code, do no harm: the others are shown', async (t) => {
  const { box, person, telephone } = await ready;
  const script = '<img src=x onerror=document.title=1>&x;';
  await telephone.put('bad.vcf', [
    'VERSION:3.0',
    'UID:bad',
    `FN:${script}`,
    `N:${script};;;;`,
    'junk',
    'ADR:\\',
    ':;:',
  ]);
  const names = await person.contacts();
  t.true(names.includes('Dr. Grace Hopper'));
  t.true(names.includes(script), names.join('|'));
  t.not(await person.page.title(), '1');
  t.notRegex(await box.run('journalctl -b -t box-webmail -o cat'), /PHP (?:Error|Warning)|Fatal/);
});

test('a contact with a photo too large to be shown is in the list, without it, and costs a page nothing', async (t) => {
  const { box, person, telephone, you } = await ready;
  const head = 'BEGIN:VCARD\r\nVERSION:3.0\r\n';
  /** The quickest of some: what else the machine does is in all of them. In milliseconds. */
  const quickest = async (tries: number) => {
    const took: number[] = [];
    for (let i = 0; i < tries; i++) {
      const begin = Date.now();
      await person.contacts();
      took.push(Date.now() - begin);
    }
    return Math.min(...took);
  };
  const before = await quickest(3);
  for (const [name, mebibytes] of [
    ['Large', 2],
    ['Larger', 18],
  ] as const) {
    const card = `${head}UID:${name}\r\nN:${name};;;;\r\nFN:${name}\r\nEMAIL:large@friend.example\r\n`;
    const photo = `(printf 'PHOTO;ENCODING=b;TYPE=JPEG:/9j/'; head -c ${mebibytes}M /dev/zero | tr '\\0' A)`;
    const url = `http://127.0.0.1:20000/SOGo/dav/${you.email}/Contacts/personal/${name}.vcf`;
    await box.run(
      `(cat; ${photo}; printf '\r\nEND:VCARD\r\n') >/run/card && curl -sS --fail -u '${you.email}:${you.password}' -H 'Content-Type: text/vcard; charset=utf-8' -T /run/card ${url}`,
      card,
    );
  }
  const first = await person.contacts();
  for (const name of ['Large', 'Larger', 'Dr. Grace Hopper'])
    t.true(
      first.some((shown) => shown.startsWith(name)),
      `${name}: ${first.join('|')}`,
    );
  t.deepEqual(await person.contacts(), first);
  // To read twenty megabytes and to throw them away takes several times a page.
  const after = await quickest(6);
  t.true(after < 2 * before, `${before} ms before, ${after} ms with them`);
  const text = await person.look('Large');
  t.true(text.includes('large@friend.example'));
  t.regex(text, /too large to be shown and changed here/);
  // Opened to be changed, it can't be saved without its photo.
  await person.page.evaluate("rcmail.command('edit')");
  await person.page.waitForNetworkIdle();
  t.is(
    await person.page.evaluate(
      "document.querySelectorAll('#contact-frame')[0]?.contentDocument?.forms?.editform?.length ?? 0",
    ),
    0,
  );
  t.true((await telephone.get('Large.vcf')).body.length > 2 * 1024 * 1024);
});

test('an answer that is too long, broken, or has entities of its own is refused, and the page says so', async (t) => {
  const { box, person } = await ready;
  const server = `
import http.server, sys
class Answer(http.server.BaseHTTPRequestHandler):
    def do_PROPFIND(self):
        self.send_response(207)
        self.end_headers()
        what = open("/run/lab-answer").read().strip()
        href = "/SOGo/dav/you@example.com/Contacts/personal/&f;.vcf"
        answer = "<response><href>" + href + "</href><getetag>&f;</getetag></response>"
        entity = '<!DOCTYPE x [<!ENTITY f SYSTEM "file:///etc/hostname">]><multistatus xmlns="DAV:">' + answer + "</multistatus>"
        text = {"entities": entity, "broken": "<multistatus><resp", "long": "<a>" + "x" * (20 << 20)}[what]
        try:
            self.wfile.write(text.encode())
        except BrokenPipeError:
            pass
http.server.HTTPServer(("127.0.0.1", 20000), Answer).serve_forever()
`;
  await box.run('systemctl stop sogo; echo broken > /run/lab-answer; cat > /run/lab-server.py', server);
  await box.run('systemd-run --quiet --unit lab-server python3 /run/lab-server.py');
  await waitFor('the server', async () =>
    (await box.outcome('ss -ltn | grep -q 127.0.0.1:20000')).code === 0 ? true : undefined,
  );
  for (const what of ['broken', 'entities', 'long']) {
    await box.run(`echo ${what} > /run/lab-answer`);
    t.deepEqual(await person.contacts(), [], what);
    t.regex(await person.said(), /contacts can’t be reached at the moment/, what);
  }
  await box.run('systemctl stop lab-server; systemctl start sogo');
  await waitFor('contacts again', async () => ((await person.contacts()).length > 0 ? true : undefined));
});

test('with the groupware down the webmail says so, and mail is read and sent', async (t) => {
  const { box, person, me } = await ready;
  await box.run('systemctl stop sogo');
  await person.contacts().catch(() => []);
  t.regex(await person.said(), /contacts can’t be reached at the moment/);
  const subject = `Without contacts ${Date.now()}`;
  await person.compose({ to: me.email, subject, body: 'Still here.' });
  t.regex(await person.send(), /Message sent successfully/);
  t.true((await subjects(box, me.email)).includes(subject));
  await box.run('systemctl start sogo');
  await waitFor('contacts again', async () => ((await person.contacts()).length > 0 ? true : undefined));
});

test('after a change of the password the contacts go on', async (t) => {
  const { box, person, you, telephone } = await ready;
  t.regex(await person.changePassword(you.password, 'new-horse-staple'), /Successfully saved/);
  await waitFor('contacts with the new password', async () =>
    (await person.contacts()).length > 0 ? true : undefined,
  );
  t.is((await telephone.get('grace.vcf', { ...you, password: 'new-horse-staple' })).status, 200);
  t.notRegex(await box.run('cat /var/log/failed-logins.log'), /127\.0\.0\.1|::1/);
  t.deepEqual(
    person.complaints.filter((words) => !/503|500/.test(words)),
    [],
  );
});

/** The logic behind the control panel's pages, and that they stay small. */
import { readdirSync, readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import test from 'ava';
import fc from 'fast-check';
import { readTar } from '../../../box/web/tar.ts';
import type { Sample, StatusEntry } from '../../../contract/api.ts';
import { pathOf, roundUp, rowsOf, summed } from '../../../panel/words/chart.ts';
import { dsOf, glueOf } from '../../../panel/words/delegation.ts';
import { areLeft, brokenSince, howMany } from '../../../panel/words/first-steps.ts';
import { pastedUsers } from '../../../panel/words/pasted-users.ts';
import { recovery } from '../../../panel/words/recovery.ts';
import { statusGroups, summary } from '../../../panel/words/status-groups.ts';
import { end, headerOf, paddingOf, pathInFolder } from '../../../panel/words/tar.ts';
import { ago } from '../../../panel/words/times.ts';

test('users are read from what a table, a list or a person pastes', (t) => {
  const one = { email: 'a@b.example', password: 'long-enough', quota: '2G', admin: true };
  for (const text of [
    'a@b.example\tlong-enough\t2G\tadmin',
    'a@b.example, long-enough, 2G, admin',
    'a@b.example; long-enough;2G ;Admin\r\n',
    '  a@b.example   long-enough 2G admin',
    '# mine\nEmail,Password,Quota,Right\n\na@b.example,long-enough,2G,admin',
    'a@b.example,"long-enough",2G,admin',
  ])
    t.deepEqual(pastedUsers(text), { users: [one], bad: [] }, text);
  t.deepEqual(
    pastedUsers('a@b.example,"with, comma and ""sign"""').users[0]?.password,
    'with, comma and "sign"',
  );
  t.deepEqual(pastedUsers('a@b.example\tsecret-1\t\tadmin').users[0], {
    ...one,
    password: 'secret-1',
    quota: '',
  });
  t.deepEqual(pastedUsers(''), { users: [], bad: [] });
});

test('a line that is no user is named, with its number and what is wrong', (t) => {
  const text =
    'a@b.example,good-enough\nnobody,good-enough\nc@b.example\nd@b.example,good-enough,much\nA@b.example,good-enough\ne@b.example,good-enough,1G,root\nf@b.example,x,1G,,more';
  const { users, bad } = pastedUsers(text);
  t.deepEqual(
    users.map(({ email }) => email),
    ['a@b.example'],
  );
  t.deepEqual(
    bad.map(({ line }) => line),
    [2, 3, 4, 5, 6, 7],
  );
  t.regex(bad[1]?.why ?? '', /no password for c@b\.example/);
  t.regex(bad[3]?.why ?? '', /twice/);
});

test('any password survives quotes, commas and blanks', (t) => {
  fc.assert(
    fc.property(
      fc.string({ minLength: 1 }).filter((s) => !/[\r\n]/.test(s)),
      (password) => {
        const quoted = `"${password.replaceAll('"', '""')}"`;
        t.is(pastedUsers(`a@b.example,${quoted},1G`).users[0]?.password, password);
      },
    ),
    { numRuns: 200 },
  );
});

const check = (type: StatusEntry['type'], text: string, remedy?: string): StatusEntry => ({
  type,
  text,
  extra: remedy === undefined ? [] : [{ text: remedy, monospace: false }],
});

test('checks come in groups, what is wrong first; what is fine and means the same is told together', (t) => {
  const groups = statusGroups([
    check('heading', 'box.example.com'),
    check('ok', 'postfix: runs'),
    check('ok', 'imaps, port 993: answers'),
    check('error', 'pop3s, port 995: does not answer', 'is dovecot well?'),
    check('ok', 'https, port 443: answers'),
    check('ok', 'zone a.example: serial 1'),
    check('warning', 'DNSSEC of a.example: no DS', 'box dns ds'),
    check('ok', 'something new: is well'),
  ]);
  t.deepEqual(
    groups.map(({ name, lines }) => [
      name,
      lines.map(({ facts }) => facts.map(({ title }) => title).join('+')),
    ]),
    [
      ['Services', ['pop3s, port 995', 'postfix', 'imaps, port 993+https, port 443', 'something new']],
      ['DNS', ['DNSSEC of a.example', 'zone a.example']],
    ],
  );
  t.deepEqual(groups[0]?.lines[0]?.remedies, ['is dovecot well?']);
  t.false('page' in (groups[0]?.lines[0] ?? {}));
  const [dns] = statusGroups([
    { ...check('warning', 'DNSSEC of a.example: no DS', 'box dns ds'), page: 'dns' },
  ]);
  t.is(dns?.lines[0]?.page, 'dns');
  t.is(groups[0]?.lines[0]?.facts[0]?.found, 'does not answer');
  t.true(groups.every(({ lines }) => lines.every(({ meaning }) => meaning !== '')));
  t.is(summary(groups), '1 error, 1 warning, 5 fine');
});

test('how long ago is told as people say it', (t) => {
  const minutes = [0, 0.9, 1, 59.9, 60, 119, 120, 47 * 60, 48 * 60];
  t.deepEqual(
    minutes.map((n) => ago(0, n * 60_000)),
    [
      'less than a minute ago',
      'less than a minute ago',
      '1 minute ago',
      '59 minutes ago',
      '1 hour ago',
      '1 hour ago',
      '2 hours ago',
      '47 hours ago',
      '2 days ago',
    ],
  );
});

test('the DS record of a zone file is the one that the world has: the root’s own', async (t) => {
  const key =
    'AwEAAaz/tAm8yTn4Mfeh5eyI96WSVexTBAvkMgJzkKTOiW1vkIbzxeF3+/4RgWOq7HrxRixHlFlExOLAJr5emLvN7SWXgnLh4+B5xQlNVz8Og8kvArMtNROxVQuCaSnIDdD5LKyWbRd2n9WGe2R8PzgCmr3EgVLrjyBxWezF0jLHwVN8efS3rCj/EWgvIWgb9tarpVUDK/b58Da+sqqls3eNbuv7pr+eoZG+SrDK6nWeL3c6H5Apxz7LjVc1uTIdsIXxuOLYA4/ilBmSVIzuDWfdRUfhHdY6+cn8HFRm+2hM8AnXGXws9555KrUB5qihylGa8subX2Nn6UwNR1AkUTV74bU=';
  const file = `.\t172800\tIN\tDNSKEY\t257 3 8 ${key} ;{id = 20326}\n.\t172800\tIN\tDNSKEY\t256 3 8 AwEAAQ==\n`;
  t.deepEqual(await dsOf('', file), [
    {
      keyTag: 20326,
      algorithm: 8,
      digestType: 2,
      digest: 'e06d44b80b8f1d39a95c0b0d7c65d08458e880409bbc683457104237c7f8ec8d',
      publicKey: key,
    },
  ]);
  t.deepEqual(await dsOf('a.example', ''), []);
});

test('the registrar’s glue: the name servers of the zone, with the addresses that the box has of them', (t) => {
  const record = (qname: string, rtype: string, value: string) => ({ qname, rtype, value, explanation: '' });
  const dump = [
    ['b.example', [record('b.example', 'NS', 'ns1.box.a.example.')]],
    [
      'a.example',
      [
        record('a.example', 'NS', 'ns1.box.a.example.'),
        record('a.example', 'NS', 'second.elsewhere.example.'),
        record('ns1.box.a.example', 'A', '192.0.2.1'),
        record('ns1.box.a.example', 'AAAA', '2001:db8::1'),
      ],
    ],
  ] as const;
  t.deepEqual(glueOf('a.example', dump), [
    { nameServer: 'ns1.box.a.example', addresses: ['192.0.2.1', '2001:db8::1'] },
    { nameServer: 'second.elsewhere.example', addresses: [] },
  ]);
  t.is(glueOf('b.example', dump)[0]?.addresses.length, 2);
});

test('the pages are less than 150 KB as they are sent, load nothing from elsewhere, and hold no inline script or style', (t) => {
  const files = readdirSync('dist/panel').map((name) => ({
    name,
    text: readFileSync(`dist/panel/${name}`, 'utf8'),
  }));
  const size = files.reduce((sum, { text }) => sum + gzipSync(text).length, 0);
  t.log(`${size} bytes gzipped`);
  t.true(size > 5_000, 'the bundle is there');
  t.true(size < 150_000);
  const html = files.find(({ name }) => name === 'index.html')?.text ?? '';
  t.deepEqual(
    [...html.matchAll(/(?:href|src)="([^"]*)"/g)].map(([, at = '']) =>
      at.replace(/-[0-9A-Z]{8}\./, '-HASH.'),
    ),
    ['data:,', 'assets/style-HASH.css', 'assets/panel-HASH.js'],
  );
  t.notRegex(html, /<style|\sstyle=|\son[a-z]+=|<script[^>]*>[^<]/);
  // A library's messages name its page; a link leads to a site of the box's own.
  for (const { name, text } of files)
    t.notRegex(
      text,
      /@import|url\((?!data:)|https?:\/\/(?!\$\{|www\.w3\.org\/|simplewebauthn\.dev\/docs)/,
      name,
    );
});

test('what the browser packs is what the box unpacks', async (t) => {
  const long = `${'a'.repeat(90)}/${'b'.repeat(60)}/${'ü'.repeat(40)}.html`;
  const files = [
    ['index.html', 'x'.repeat(512)],
    [long, ''],
    ['ä/ö.txt', 'hello'],
  ] as const;
  const parts = files.flatMap(([path, text]) => {
    const bytes = new TextEncoder().encode(text);
    return [headerOf({ path, bytes: bytes.length }), bytes, paddingOf(bytes.length)];
  });
  async function* archive() {
    yield Buffer.concat([...parts, end]);
  }
  const found: [string, string][] = [];
  for await (const entry of readTar(archive(), { entries: 10, bytes: 10_000 })) {
    let text = '';
    if (entry.kind === 'file') for await (const part of entry.content) text += part.toString();
    found.push([entry.path, text]);
  }
  t.deepEqual(found, files as unknown as [string, string][]);
  t.throws(() => headerOf({ path: 'c'.repeat(101), bytes: 0 }), { message: /too long/ });
  t.throws(() => headerOf({ path: `${'c/'.repeat(100)}${'d'.repeat(90)}`, bytes: 0 }), {
    message: /too long/,
  });
  t.is(pathInFolder('site/css/a.css'), 'css/a.css');
  t.is(pathInFolder('site/.well-known/security.txt'), '.well-known/security.txt');
  t.is(pathInFolder('site/.git/config'), undefined);
});

test('a chart’s line fits its frame and breaks where the box was off; its table says the same', (t) => {
  const frame = { from: 0, to: 1200, most: 10 };
  t.is(
    pathOf(
      [
        { time: 0, value: 0 },
        { time: 300, value: 10 },
        { time: 900, value: 20 },
      ],
      frame,
      300,
    ),
    'M0 140L150 0M450 0h2',
  );
  t.deepEqual([0, 0.3, 1, 3, 7, 11, 40, 99].map(roundUp), [1, 0.5, 1, 5, 10, 20, 50, 100]);
  const mail = { accepted: 1, delivered: 2, refused: 0, postponed: 0, deferred: 0, bounced: 0 };
  const sample = (time: number, queue: number): Sample => ({
    ...mail,
    time,
    queue,
    load: 0.5,
    memory: 40,
    disk: 20,
  });
  const samples = [sample(0, 3), sample(99, 1), sample(300, 0)];
  t.like(summed(samples), { accepted: 3, delivered: 6, queue: 3, load: 0.5 });
  t.deepEqual(
    rowsOf(samples, frame).map(({ time, accepted, queue }) => [time, accepted, queue]),
    [
      [300, 1, 0],
      [0, 2, 3],
    ],
  );
  t.like(summed([]), { accepted: 0, queue: 0, load: 0 });
});

test('the sheet with the key tells the whole way back, for each kind of target', (t) => {
  const told = (target: string, host_key = '') =>
    recovery({ hostname: 'box.example.com', target, host_key })
      .map(({ text, code = '' }) => `${text} ${code}`)
      .join('\n');
  const rsync = told('rsync://me@host.example/box', 'ssh-ed25519 AAAA');
  t.regex(rsync, / {4}from: rsync:\/\/me@host\.example\/box\n {4}hostKey: ssh-ed25519 AAAA\n/);
  t.regex(rsync, /authorized_keys.*\n.*box restore key/);
  t.regex(told('rsync://me@host.example/box'), /hostKey: of the other host/);
  t.regex(told('file:///home/user-data/backup/encrypted'), /from: local\n.*scp -r encrypted/);
  for (const store of ['s3://eu@host.example/box', 'webdavs://host.example/box']) {
    t.regex(told(store), /login of the storage, which is not on this sheet/);
    t.true(told(store).includes(`from: ${store}\n`));
    t.regex(told(store), /box restore login\n.*box restore key\n/);
    t.notRegex(told(store), /hostKey|authorized_keys|scp/);
  }
  for (const target of ['local', 'off', 'rsync://me@h/x', 's3://h/box'])
    t.regex(told(target), /At the registrar change the addresses of box\.example\.com/);
});

test('the first steps in words: how many are open; what breaks later makes a box no new one', (t) => {
  const step = (title: string, state: 'done' | 'open') => ({
    ...{ step: 'dnssec' as const, title, state, why: '', found: [], what_to_do: [], waits_for: '' },
  });
  const checked_at = '2026-11-24T12:00:00.000Z';
  const told = { checked_at, were_done: false, steps: [step('A', 'done'), step('B', 'open')] };
  t.is(howMany(told), '1 of 2 steps is open');
  t.true(areLeft(told));
  t.deepEqual(brokenSince(told), []);
  const broken = { ...told, were_done: true };
  t.is(howMany(broken), '1 of 2 steps is open again');
  t.false(areLeft(broken));
  t.deepEqual(brokenSince(broken), ['B']);
  t.deepEqual(brokenSince({ ...broken, checked_at: null }), [], 'nobody has looked since the boot');
  t.is(howMany({ ...told, steps: [step('A', 'done')] }), 'All steps are done');
  const alone = { ...told, steps: [{ ...step('C', 'open'), optional: true as const }] };
  t.deepEqual(
    [areLeft(alone), brokenSince({ ...alone, were_done: true })],
    [false, []],
    'who needs it not leaves it',
  );
});

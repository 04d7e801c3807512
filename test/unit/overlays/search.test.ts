/** The index for searches: how it reads what Dovecot's client of Solr sends, by the real Python. */
import { execFileSync } from 'node:child_process';
import path from 'node:path';
import test from 'ava';
import { projectRoot } from '../../../builder/paths.ts';

const folder = path.join(projectRoot, 'overlays/search/common/usr/lib/box/search');

/** Runs a piece of Python beside the index's modules; `given` is there as `given`, and what it puts into `found` comes back. */
function python(code: string, given: unknown): unknown {
  const before = `import json, sys\nsys.path.insert(0, ${JSON.stringify(folder)})\nsys.dont_write_bytecode = True\n`;
  const program = `${before}given = json.loads(sys.stdin.read())\n${code}\nprint(json.dumps(found))`;
  const printed = execFileSync('python3', ['-I', '-S', '-c', program], { input: JSON.stringify(given) });
  return JSON.parse(printed.toString());
}

const mail = { body: 'red wine (2019) and bread', subject: 'dinner', from: 'anna <anna@example.org>' };

test('questions as Dovecot asks them', (t) => {
  const questions: Record<string, boolean> = {
    'body:wine': true,
    'body:Wine': true,
    'body:red\\ wine': true,
    'body:wine\\ red': false,
    'body:\\(2019\\)': true,
    '-body:wine': false,
    'subject:""': true,
    '(hdr:dinner OR body:dinner)': false,
    '(hdr:bread OR body:bread) AND subject:inne': true,
    'subject:lunch OR from:anna\\@example': true,
    '-(hdr:beer OR body:beer) AND subject:dinner': true,
    'cc:anna': false,
  };
  const code =
    'from question import read\nfound = {q: read(q).matches(given["mail"]) for q in given["questions"]}';
  t.deepEqual(python(code, { mail, questions: Object.keys(questions) }), questions);
});

test('what an index may narrow a question by, each mail that answers it has', (t) => {
  const code = 'from question import read\nfound = {q: sorted(read(q).needed()) for q in given}';
  const needed = {
    'body:wine AND subject:dinner': ['dinner', 'wine'],
    '(hdr:wine OR body:wine)': ['wine'],
    'body:wine OR subject:dinner': [],
    '-body:wine AND subject:dinner': ['dinner'],
  };
  t.deepEqual(python(code, Object.keys(needed)), needed);
});

test('a question that Dovecot doesn’t ask is refused', (t) => {
  const code = `from question import Bad, read
found = []
for question in given:
    try:
        read(question)
    except Bad:
        found.append(question)`;
  const bad = ['', 'wine', 'body:a)', '(body:a', 'body:a XOR body:b', 'body:a\\', ':a'];
  t.deepEqual(python(code, bad), bad);
});

test('whose mails: each of the three ways in which Dovecot says it', (t) => {
  const code = 'from question import read_scope\nfound = [read_scope(q) for q in given]';
  const user = 'a+b@example.com';
  t.deepEqual(
    python(code, [
      '+box:1a +user:a\\+b@example.com',
      '+user:a\\+b@example.com +(box:1a OR box:2b)',
      'box:1a AND user:a\\+b@example.com',
    ]),
    [
      { box: ['1a'], user },
      { box: ['1a', '2b'], user },
      { box: ['1a'], user },
    ],
  );
});

test('case, accents and white space make no difference', (t) => {
  const code = 'from words import alike\nfound = [alike(text) for text in given]';
  t.deepEqual(python(code, ['MÜLLER\r\n\tStraße', 'ﬁn ①', 'ΑΣ', '你好']), [
    'muller strasse',
    'fin 1',
    'ασ',
    '你好',
  ]);
});

const doc = (fields: Record<string, string>) =>
  `<doc>${Object.entries(fields)
    .map(([name, value]) => `<field name="${name}">${value}</field>`)
    .join('')}</doc>`;
const feed = `import updates
updates.MOST_CHARACTERS = 10
found = []
reader = updates.Updates(lambda *mail: found.append(mail), lambda name: found.append(name))
try:
    for piece in given:
        reader.feed(piece.encode())
    reader.feed(b"", True)
except Exception as error:
    found.append(type(error).__name__)`;

test('of a mail no more is kept than may be; what comes in pieces is put together', (t) => {
  const fields = { uid: '7', box: '1a', user: 'me@example.com', id: '7/1a/me@example.com' };
  const text = `<add>${doc({ ...fields, body: 'a &amp; b and much more', hdr: 'subject: behind it' })}</add>`;
  const kept = { ...fields, body: 'a & b and', hdr: 'subject: behind it' };
  t.deepEqual(python(feed, [text.slice(0, 90), text.slice(90)]), [['me@example.com', '1a', 7, kept]]);
});

test('mails that are gone, and a document type', (t) => {
  t.deepEqual(python(feed, ['<delete><id>7/1a/a/b@example.com</id></delete>']), ['7/1a/a/b@example.com']);
  t.deepEqual(python(feed, ['<!DOCTYPE add [<!ENTITY a "b">]><add></add>']), ['ValueError']);
});

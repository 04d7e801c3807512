/** The index for searches: how it reads what Dovecot's client of Solr sends, by the real Python, with each release's files. */
import test, { type ExecutionContext } from 'ava';
import { releases } from '../../../releases/index.ts';
import { modulesOf, runPython } from './search/modules.ts';

type Python = (code: string, given: unknown) => unknown;

/** A test for each release. */
function each(title: string, run: (t: ExecutionContext, python: Python, release: string) => void): void {
  for (const name of releases.keys())
    test(`${name}: ${title}`, (t) => {
      run(t, (code, given) => runPython(modulesOf(name), code, given), name);
    });
}

const mail = { body: 'red wine (2019) and bread', subject: 'dinner', from: 'anna <anna@example.org>' };

each('questions as Dovecot asks them', (t, python) => {
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
    '{!lucene q.op=AND}body:wine': true,
    // Between quotes, where nothing is escaped: Dovecot 2.2.
    'body:"red wine"': true,
    'body:"wine red"': false,
    'body:"(2019) and"': true,
    'body:"wine \\(2019"': false,
    '-body:"red"': false,
    '(hdr:"bread" OR body:"bread") AND subject:"inne"': true,
    'subject:"lunch" OR from:"<anna@example"': true,
    '-(hdr:"beer" OR body:"beer") AND subject:""': true,
  };
  const code =
    'from question import read\nfound = {q: read(q).matches(given["mail"]) for q in given["questions"]}';
  t.deepEqual(python(code, { mail, questions: Object.keys(questions) }), questions);
});

each('what an index may narrow a question by, each mail that answers it has', (t, python) => {
  const code = 'from question import read\nfound = {q: sorted(read(q).needed()) for q in given}';
  const needed = {
    'body:wine AND subject:dinner': ['dinner', 'wine'],
    '(hdr:wine OR body:wine)': ['wine'],
    'body:wine OR subject:dinner': [],
    '-body:wine AND subject:dinner': ['dinner'],
  };
  t.deepEqual(python(code, Object.keys(needed)), needed);
});

const refused = `from question import Bad, read
found = []
for question in given:
    try:
        read(question)
    except Bad:
        found.append(question)`;

each('a question that Dovecot doesn’t ask is refused', (t, python) => {
  const bad = ['', 'wine', 'body:a)', '(body:a', 'body:a XOR body:b', 'body:a\\', ':a'];
  t.deepEqual(python(refused, bad), bad);
});

each(
  'a text with a quote in it is refused, since nobody knows where it ends: Dovecot reads the mails',
  (t, python) => {
    const bad = [
      'body:"a',
      'body:"say "yes" to it"',
      'body:"""',
      'body:"a"b"',
      'body:"a" body:"b"',
      'body:"a"\n',
    ];
    t.deepEqual(python(refused, bad), bad);
  },
);

each('whose mails: each of the ways in which Dovecot says it', (t, python) => {
  const code = 'from question import read_scope\nfound = [read_scope(q) for q in given]';
  const user = 'a+b@example.com';
  t.deepEqual(
    python(code, [
      '+box:1a +user:a\\+b@example.com',
      '+user:a\\+b@example.com +(box:1a OR box:2b)',
      'box:1a AND user:a\\+b@example.com',
      '+box:1a +user:"a+b@example.com"',
      '+user:"a+b@example.com"+(box:1a OR box:2b)',
      'box:1a user:"a+b@example.com"',
    ]),
    [
      { box: ['1a'], user },
      { box: ['1a', '2b'], user },
      { box: ['1a'], user },
      { box: ['1a'], user },
      { box: ['1a', '2b'], user },
      { box: ['1a'], user },
    ],
  );
});

each('case, accents and white space make no difference', (t, python) => {
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
const keys = { uid: '7', box: '1a', user: 'me@example.com', id: '7/1a/me@example.com' };

each('of a mail no more is kept than may be; what comes in pieces is put together', (t, python) => {
  const text = `<add>${doc({ ...keys, body: 'a &amp; b and much more', hdr: 'subject: behind it' })}</add>`;
  const kept = { ...keys, body: 'a & b and', hdr: 'subject: behind it' };
  t.deepEqual(python(feed, [text.slice(0, 90), text.slice(90)]), [['me@example.com', '1a', 7, kept]]);
});

each(
  'a header that its Dovecot escapes twice is read as it was; a body it escapes once',
  (t, python, release) => {
    const from = release === 'ubuntu-14.04' ? '&amp;lt;a@b&amp;gt; &amp;amp;lt;' : '&lt;a@b&gt; &amp;lt;';
    const [[, , , found] = []] = python(feed, [
      `<add>${doc({ ...keys, from, body: '&amp;lt;' })}</add>`,
    ]) as unknown[][];
    t.deepEqual(found, { ...keys, from: '<a@b> &lt;', body: '&lt;' });
  },
);

each('mails that are gone, and a document type', (t, python) => {
  t.deepEqual(python(feed, ['<delete><id>7/1a/a/b@example.com</id></delete>']), ['7/1a/a/b@example.com']);
  t.deepEqual(python(feed, ['<!DOCTYPE add [<!ENTITY a "b">]><add></add>']), ['ValueError']);
});

const build = `
import atexit, os, shutil, sqlite3, tempfile
from index import Index, Unknown
from question import read
folder = tempfile.mkdtemp()
atexit.register(shutil.rmtree, folder)
index = Index(folder, "me@example.com")
index.is_filled()
def put(uid, **fields):
    index.begin()
    index.add("1a", uid, fields)
    index.commit()
def ask(text):
    return index.search(["1a"], read(text))
`;

each(
  'a mail is found by any part of a word until it is gone, and by its new text once it has one',
  (t, python) => {
    const code = `${build}
put(1, body="red wine", subject="dinner")
put(2, body="redwood", subject="trees")
found = [ask(q) for q in ('body:"ed w"', 'body:"red"', 'body:"e"', '-body:"wine"', 'subject:"dinn" OR body:"woo"')]
put(1, body="white wine")
index.begin()
index.remove("1a", 2)
index.commit()
found += [ask('body:"red"'), ask('body:"white"'), list(index.known()), index.last_uid("1a")]`;
    const one = ['1a', 1];
    const two = ['1a', 2];
    t.deepEqual(python(code, null), [[one], [one, two], [one, two], [two], [one, two], [], [one], [one], 1]);
  },
);

each('a file that another release made is made anew, and answers nobody until it is filled', (t, python) => {
  const code = `${build}
put(1, body="red wine")
index.db.execute("PRAGMA user_version = 77")
index.close()
index = Index(folder, "me@example.com")
try:
    found = ask('body:"red"')
except Unknown:
    found = [index.is_new(), list(index.known())]`;
  t.deepEqual(python(code, null), [true, []]);
});

each('a question that takes too long is not answered', (t, python) => {
  const code = `${build}
import index as module
module.MOST_SECONDS = -1
put(1, body="red wine")
try:
    found = ask('body:"red"')
except Unknown:
    found = "not answered"`;
  t.is(python(code, null), 'not answered');
});

test('ubuntu-14.04: no statement asks SQLite for what came after 3.8.2', (t) => {
  // The numbers: a table of a module, as fts5 is, and a table expression that asks itself.
  const code = `
import sqlite3
real, said = sqlite3.connect, []
def connect(*args, **options):
    db = real(*args, **options)
    db.set_authorizer(lambda action, *_: sqlite3.SQLITE_DENY if action in (29, 33) else sqlite3.SQLITE_OK)
    db.set_trace_callback(lambda statement: said.append(statement))
    return db
sqlite3.connect = connect
${build}
put(1, body="red wine")
assert ask('body:"red"')
index.begin()
index.remove("1a", 1)
index.commit()
found = said`;
  const statements = runPython(modulesOf('ubuntu-14.04'), code, null) as string[];
  t.true(statements.length > 10);
  for (const statement of statements)
    t.notRegex(statement, /\b(WITH|RETURNING|ON CONFLICT|OVER|FILTER|STRICT|GENERATED|VIRTUAL)\b|->/i);
});

/** What the box does to a submitted mail before it is signed, and how much of it an account may send: senders/*.py. */
import { execFileSync } from 'node:child_process';
import test from 'ava';
import { python as interpreterWithOptions } from '../../../box/machine/machine.ts';

const [interpreter, ...options] = interpreterWithOptions;

/** What a piece of Python prints as JSON, with the service's modules at hand and `given` as a value. */
function python(code: string, given: unknown): unknown {
  const modules = 'overlays/senders/common/usr/lib/box/senders';
  const program = `
import email, json, re, sys
sys.dont_write_bytecode = True
sys.path.insert(0, ${JSON.stringify(modules)})
given = json.load(sys.stdin)
${code}`;
  const input = JSON.stringify(given);
  return JSON.parse(execFileSync(interpreter, [...options, '-c', program], { input, encoding: 'utf8' }));
}

/** The longest line, the encodings of all parts, and whether each part still decodes to what it was; null where all stays. */
const mend = (header: string, body: string) =>
  python(
    `
from lines import fields_of, mended
header, body = (text.encode() for text in given)
new = mended(fields_of(b"\\r\\n" + header), body)
def parts(header, body):
    return [part.get_payload(decode=True) for part in email.message_from_bytes(header + b"\\r\\n\\r\\n" + body).walk()]
def texts(parts):
    return [None if part is None else part.replace(b"\\r\\n", b"\\n").rstrip(b"\\n") for part in parts]
if new is None:
    print("null")
else:
    encoding, text = new
    head = re.sub(rb"(?i)(?:^|\\r\\n)content-transfer-encoding:.*", b"", header)
    if encoding or not re.search(rb"(?i)multipart", header):
        head += b"\\r\\nContent-Transfer-Encoding: " + (encoding or "base64").encode()
    whole = email.message_from_bytes(head.lstrip() + b"\\r\\n\\r\\n" + text)
    print(json.dumps({
        "longest": max(map(len, text.split(b"\\r\\n"))) <= 998,
        "encodings": [part["content-transfer-encoding"] for part in whole.walk()],
        "same": texts(parts(header, body)) == texts(parts(head.lstrip(), text)),
    }))`,
    [header, body],
  );
const done = (...encodings: (string | null)[]) => ({ longest: true, encodings, same: true });

test('a mail whose lines are short enough is left alone, to the byte', (t) => {
  t.is(mend('Subject: x', `${'x'.repeat(998)}\r\n${'y'.repeat(998)}`), null);
});

test('text with a longer line is encoded as quoted-printable, and reads as before', (t) => {
  t.deepEqual(mend('Subject: x', 'x'.repeat(999)), done('quoted-printable'));
  const text = `.\r\n..x \t\r\nFrom me\r\n=3D${'Grüße, '.repeat(500)}\r\n\r\n`;
  t.deepEqual(
    mend('Content-Type: text/html; charset=utf-8\r\nContent-Transfer-Encoding: 8bit', text),
    done('quoted-printable'),
  );
  t.deepEqual(
    mend('Content-Transfer-Encoding: quoted-printable', `${'=C3=BC'.repeat(400)}\r\nx=20\r\n`),
    done('quoted-printable'),
  );
});

test('base64 in one line gets lines', (t) => {
  t.deepEqual(
    mend(
      'Content-Type: image/png\r\nContent-Transfer-Encoding: BASE64',
      Buffer.alloc(3000, 7).toString('base64'),
    ),
    done('base64'),
  );
});

test('of many parts those with a long line are encoded, and the others not', (t) => {
  const long = 'ä'.repeat(600);
  const parts = [
    'Not shown.',
    '--b b',
    'Content-Type: text/plain\r\n\r\nshort',
    '--b b',
    `Content-Type: text/html; charset=utf-8\r\nContent-Transfer-Encoding:\r\n 8bit\r\n\r\n${long}`,
    '--b b',
    `Content-Type: multipart/alternative; boundary=c\r\n\r\n--c\r\n\r\n${long}\r\n--c--`,
    '--b b--',
    '',
  ].join('\r\n');
  t.deepEqual(
    mend('Content-Type: multipart/mixed;\r\n boundary="b b"', parts),
    done(null, null, 'quoted-printable', null, 'quoted-printable'),
  );
});

test('what somebody signed, a mail in a mail, and parts that can’t be told apart stay as they are', (t) => {
  const long = 'x'.repeat(2000);
  for (const type of [
    'multipart/signed; boundary=b',
    'multipart/encrypted; boundary=b',
    'message/rfc822',
    'multipart/mixed',
    'multipart/mixed; boundary=b',
  ])
    t.is(mend(`Content-Type: ${type}`, long), null, type);
});

test('a long field is folded at its blanks, and one without any stays', (t) => {
  const fold = (value: string) =>
    python('from lines import folded\nprint(json.dumps(folded("references", given)))', value);
  const value = '<0123456789@client.example> '.repeat(200).trimEnd();
  const folded = String(fold(value));
  t.is(folded.replaceAll('\n', ''), value);
  t.true(folded.split('\n').every((line) => line.length <= 998));
  t.true(
    folded
      .split('\n')
      .slice(1)
      .every((line) => line.startsWith(' <')),
  );
  for (const same of ['short', 'x'.repeat(5000), `a\n\t${'b'.repeat(900)}`, '']) t.is(fold(same), same);
});

test('an account may write to so many recipients within an hour; another account is none the worse', (t) => {
  const takes = python(
    `
from pace import Pace
sys.stderr = open("/dev/null", "w")
pace = Pace(3)
print(json.dumps([pace.take(login, minute * 60) for login, minute in given]))`,
    [
      ['me', 0],
      ['me', 30],
      ['me', 59],
      ['me', 59.5],
      ['you', 59],
      ['me', 60],
      ['me', 61],
      ['me', 89],
      ['me', 90],
      ['me', 91],
    ],
  );
  t.deepEqual(takes, [true, true, true, false, true, true, false, false, true, false]);
});

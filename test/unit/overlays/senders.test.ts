/** Who may send as whom: the real program over a socket, with what Postfix and what nobody sane would say to it. */
import { execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect, createServer, type Socket } from 'node:net';
import { hostname, tmpdir } from 'node:os';
import path from 'node:path';
import anyTest, { type ExecutionContext } from 'ava';
import { projectRoot } from '../../../builder/paths.ts';

const test = anyTest.serial;
const folder = path.join(projectRoot, 'overlays/senders/common/usr/lib/box/senders');
const schema = `CREATE TABLE users (email TEXT); CREATE TABLE aliases (source TEXT, destination TEXT, permitted_senders TEXT);
CREATE TABLE auto_aliases (source TEXT, destination TEXT);
INSERT INTO users VALUES ('me@example.com'), ('you@example.com');
INSERT INTO aliases VALUES ('news@example.com', 'me@example.com', 'you@example.com'), ('@caught.example', 'you@example.com', NULL),
  ('boss@caught.example', 'me@example.com', NULL), ('silent@caught.example', '', NULL), ('all@example.com', 'me@example.com,you@example.com', NULL);
INSERT INTO auto_aliases VALUES ('abuse@example.com', 'administrator@box.example.com');`;

const work = mkdtempSync(path.join(tmpdir(), 'senders-'));
const ports = { milter: 0, lookup: 0 };
const stop = { now: () => {} };

const freePort = () =>
  new Promise<number>((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address() as { port: number };
      server.close(() => resolve(port));
    });
  });

test.before(async () => {
  const database = path.join(work, 'users.sqlite');
  const make = 'import sqlite3, sys; sqlite3.connect(sys.argv[1]).executescript(sys.stdin.read())';
  execFileSync('/usr/bin/python3', ['-c', make, database], { input: schema });
  writeFileSync(path.join(work, 'secret'), 'a key\n');
  ports.milter = await freePort();
  ports.lookup = await freePort();
  const service = path.join(folder, 'service.py');
  const given = [
    String(ports.milter),
    String(ports.lookup),
    database,
    path.join(work, 'secret'),
    'strict',
    '500',
  ];
  const program = ['--pdeathsig', 'KILL', '/usr/bin/python3', '-I', '-S', '-B', service, ...given];
  const child = spawn('setpriv', program, { stdio: ['ignore', 'ignore', 'ignore'] });
  stop.now = () => child.kill('SIGKILL');
  for (let tries = 0; tries < 200; tries++) {
    if (
      await say(ports.milter, Buffer.alloc(0)).then(
        () => true,
        () => false,
      )
    )
      return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
});
test.after.always(() => {
  stop.now();
  rmSync(work, { recursive: true, force: true });
});

/** Everything that a connection answers until it ends. */
function say(port: number, bytes: Buffer): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const heard: Buffer[] = [];
    const socket: Socket = connect(port, '127.0.0.1', () => socket.end(bytes));
    socket.on('data', (piece) => heard.push(piece));
    socket.on('error', reject);
    socket.on('close', () => resolve(Buffer.concat(heard)));
  });
}

function packet(command: string, ...data: (string | Buffer)[]): Buffer {
  const body = Buffer.concat([Buffer.from(command), ...data.map((one) => Buffer.from(one as string))]);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(body.length);
  return Buffer.concat([length, body]);
}

const options = packet('O', Buffer.from('00000006000001ff001fffff', 'hex'));

function mail(login: string, sender: string, fields: readonly (readonly [string, string])[]): Buffer {
  return Buffer.concat([
    options,
    packet('D', 'M', `{auth_authen}\0${login}\0`),
    packet('M', `<${sender}>\0`),
    packet('R', '<x@elsewhere.example>\0'),
    ...fields.map(([name, value]) => packet('L', `${name}\0${value}\0`)),
    packet('N'),
    packet('Q'),
  ]);
}

/** What the program said last: `y` refuses, `c` goes on to the body. */
async function verdict(
  login: string,
  sender: string,
  fields: readonly (readonly [string, string])[],
): Promise<string> {
  let answer = await say(ports.milter, mail(login, sender, fields));
  let last = '';
  while (answer.length > 4) {
    const end = 4 + answer.readUInt32BE(0);
    last = answer.subarray(4, end).toString('latin1');
    answer = answer.subarray(end);
  }
  return last;
}

async function table(
  t: ExecutionContext,
  login: string,
  rows: readonly (readonly [from: string, is: 'c' | 'y'])[],
) {
  for (const [from, is] of rows) t.is((await verdict(login, login, [['From', from]]))[0], is, from);
}

test('an author is who logged in, or an address that lets them', async (t) => {
  await table(t, 'you@example.com', [
    ['you@example.com', 'c'],
    ['"You, yourself" <YOU+tag@EXAMPLE.com> (at home)', 'c'],
    ['news@example.com, all@example.com', 'c'],
    ['anything@caught.example', 'c'],
    ['boss@caught.example', 'y'],
    ['silent@caught.example', 'y'],
    ['Postmaster@caught.example', 'y'],
    ['root+x@caught.example', 'y'],
    ['abuse@example.com', 'y'],
    ['me@example.com', 'y'],
    ["'or'1'='1@example.com", 'y'],
    ['%@example.com', 'y'],
    ['_ou@example.com', 'y'],
    ['@caught.example', 'y'],
    ['you@example.com.', 'y'],
    ['you@[127.0.0.1]', 'y'],
  ]);
  t.is((await verdict('', 'you@example.com', [['From', 'you@example.com']]))[0], 'y', 'nobody logged in');
});

test('a field that can be read in two ways, or not at all, is refused', async (t) => {
  await table(
    t,
    'you@example.com',
    [
      'you@example.com me@example.com',
      'you@example.com <me@example.com>',
      '<you@example.com> <me@example.com>',
      'you@example.com, "',
      '('.repeat(100_000),
      '"'.repeat(99_999),
      '<'.repeat(10_000),
      'a,'.repeat(10_000),
      'g:'.repeat(10_000),
      'you@example.com,'.repeat(60),
      'you@example.com\rFrom: me@example.com',
      'you@example.com\nFrom: me@example.com',
      '=?utf-8?q?you=40example=2Ecom?=',
      '',
      '<>',
      ':;',
    ].map((from) => [from, 'y']),
  );
  for (const fields of [
    [
      ['From', 'you@example.com'],
      ['From', 'you@example.com'],
    ],
    [
      ['From', 'you@example.com'],
      ['FROM ', 'me@example.com'],
    ],
    [
      ['From', 'you@example.com'],
      ['Sender', 'me@example.com'],
    ],
    [
      ['From', 'you@example.com'],
      ['Resent-From', 'me@example.com'],
    ],
    [
      ['From', 'you@example.com'],
      ['X', 'a\0b'],
    ],
  ] as const)
    t.is((await verdict('you@example.com', 'you@example.com', fields))[0], 'y', JSON.stringify(fields));
});

test('from nobody comes a receipt alone', async (t) => {
  const type = 'multipart/report; report-type="disposition-notification"; boundary=x';
  const as = (...fields: readonly (readonly [string, string])[]) => verdict('you@example.com', '', fields);
  t.is(await as(['From', 'you@example.com'], ['Content-Type', type]), 'c');
  t.regex(await as(['From', 'you@example.com']), /^y553 5\.7\.1 /);
  t.regex(await as(['From', 'me@example.com'], ['Content-Type', type]), /^y553 5\.7\.1 /);
  t.regex(await as(['Content-Type', type]), /^y553 5\.7\.1 /);
  t.regex(
    await as(['From', 'you@example.com'], ['Content-Type', `text/plain; x="${type.replaceAll('"', '')}"`]),
    /^y553/,
  );
});

test('what is not the protocol ends that conversation and no other', async (t) => {
  for (const junk of [
    Buffer.from('GET / HTTP/1.1\r\n\r\n'),
    Buffer.from('ffffffff', 'hex'),
    Buffer.from('00000000', 'hex'),
    packet('O', 'short'),
    packet('L', 'From\0x\0'),
    Buffer.concat([options, packet('E')]),
    Buffer.concat([options, packet('M'), packet('L'), packet('N')]),
    Buffer.concat([options, packet('D'), packet('D', 'M', 'odd\0'), packet('?')]),
  ])
    await say(ports.milter, junk);
  for (const junk of ['x', '99999999:', '4:abc', '0:,', '-1:,', ':,'])
    await say(ports.lookup, Buffer.from(junk));
  t.is(await verdict('you@example.com', 'you@example.com', [['From', 'you@example.com']]), 'c');
});

test('a rewritten sender leads back for fourteen days; a forged one nowhere', async (t) => {
  const code = `import sys; sys.path.insert(0, sys.argv[1]); sys.dont_write_bytecode = True
from srs import Srs
day = [1020]
srs = Srs(b"a key", lambda: day[0])
for sender in sys.argv[2:]:
    made = srs.forward(sender, "box.example.com")
    local = made.rpartition("@")[0]
    day[0] += 14
    later = srs.reverse(local.lower())
    day[0] += 1
    print(made, srs.reverse(local[:5] + "aaaaaaaaaa" + local[15:]), later, srs.reverse(local), sep="|")
    day[0] -= 15`;
  const found = (...senders: string[]) =>
    execFileSync('/usr/bin/python3', ['-I', '-c', code, folder, ...senders])
      .toString()
      .trimEnd()
      .split('\n');
  for (const line of found('a@b.example', 'a+t=x@b.example'))
    t.regex(line, /^SRS0=\S+@box\.example\.com\|None\|a(\+t=x)?@b\.example\|None$/);
  t.regex(
    found('SRS0=hh=tt=c.example=d@b.example')[0] ?? '',
    /^SRS1=[a-z2-7]{10}=b\.example==hh=tt=c\.example=d@box\.example\.com\|/,
  );
  t.deepEqual(
    found('"a b"@c.example').map((line) => line.split('|')[0]),
    [''],
  );
});

test('Postfix is told which names are rewritten senders of this box', async (t) => {
  const ask = async (key: string) => {
    const text = `returns ${key}`;
    return (await say(ports.lookup, Buffer.from(`${text.length}:${text},`))).toString();
  };
  t.is(await ask('me@example.com'), '9:NOTFOUND ,');
  t.is(await ask(`SRS0=aaaaaaaaaa=aa=b.example=a@${hostname()}`), '9:NOTFOUND ,');
});

test('what names a domain of the box as its author’s needs a proof: a signature now, or DMARC at the door', (t) => {
  const code = `import json, sys; sys.path.insert(0, sys.argv[1]); sys.dont_write_bytecode = True
from alignment import Organizations, verified
print(json.dumps([verified("example.com", values, "box.example.com", Organizations("/nowhere")) for values in json.load(sys.stdin)]))`;
  const rows: readonly (readonly [string[], boolean])[] = [
    [['box.example.com;\n\tdkim=pass (2048-bit key) header.d=example.com header.i=@example.com'], true],
    [['box.example.com; dkim=fail header.d=example.com; dkim=pass header.d=evil.example'], false],
    [['box.example.com; dkim=pass header.d=evil.example header.i="@x header.d=example.com"'], false],
    [['box.example.com; dkim=none', 'box.example.com; dkim=pass header.d=example.com'], false],
    [['box.example.com; dkim=none', 'box.example.com; dmarc=pass (p=none) header.from=example.com'], true],
    [['box.example.com; dkim=none', 'other.example; dmarc=pass header.from=example.com'], false],
    [['box.example.com; dkim=none', '"box.example.com"; dmarc=pass header.from=example.com'], false],
    [['box.example.com; dkim=none', 'box.example.com; dmarc=pass header.from=evil.example'], false],
    [[], false],
  ];
  const printed = execFileSync('/usr/bin/python3', ['-I', '-c', code, folder], {
    input: JSON.stringify(rows.map(([values]) => values)),
  });
  t.deepEqual(
    JSON.parse(printed.toString()),
    rows.map(([, is]) => is),
  );
});

/** Archives of pages: real ones are read, and those that would reach elsewhere are refused before anything is replaced. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import test, { type ExecutionContext } from 'ava';
import { readTar } from '../../../../box/web/tar.ts';
import { TemporaryBox } from '../temporary-box.ts';

const limits = { entries: 50, bytes: 100_000 };

async function* pieces(bytes: Buffer, length = 700): AsyncGenerator<Buffer> {
  for (let at = 0; at < bytes.length; at += length) yield bytes.subarray(at, at + length);
}

async function contents(bytes: Buffer): Promise<Record<string, string>> {
  const all: Record<string, string> = {};
  for await (const entry of readTar(pieces(bytes), limits)) {
    if (entry.kind === 'folder') all[`${entry.path}/`] = '';
    else {
      const parts: Buffer[] = [];
      for await (const part of entry.content) parts.push(part);
      all[entry.path] = Buffer.concat(parts).toString();
    }
  }
  return all;
}

/** A header with a right checksum, and content. */
interface Member {
  readonly type?: string;
  readonly text?: string;
  readonly size?: number;
  readonly link?: string;
}
function member(name: string, { type = '0', text = '', size, link = '' }: Member = {}): Buffer {
  const header = Buffer.alloc(512);
  header.write(name, 0, 100);
  header.write('0000644\0', 100);
  header.write(`${(size ?? text.length).toString(8).padStart(11, '0')}\0`, 124);
  header.write('        ', 148);
  header.write(type, 156);
  header.write(link, 157, 100);
  header.write('ustar\x0000', 257);
  const sum = header.reduce((all, byte) => all + byte, 0);
  header.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148);
  return Buffer.concat([header, Buffer.from(text), Buffer.alloc((512 - (text.length % 512)) % 512)]);
}
const archive = (...members: Buffer[]) => Buffer.concat([...members, Buffer.alloc(1024)]);

function folder(t: ExecutionContext): string {
  const made = mkdtempSync(path.join(tmpdir(), 'tar-'));
  t.teardown(() => rmSync(made, { recursive: true }));
  return made;
}

for (const format of ['ustar', 'pax', 'gnu']) {
  test(`what tar makes is read: ${format}`, async (t) => {
    const from = folder(t);
    const long = `${'long-'.repeat(12)}name/${'x'.repeat(90)}.html`;
    mkdirSync(path.join(from, path.dirname(long)), { recursive: true });
    writeFileSync(path.join(from, 'index.html'), 'hello');
    writeFileSync(path.join(from, 'empty'), '');
    writeFileSync(path.join(from, long), 'y'.repeat(5000));
    const bytes = execFileSync('tar', ['c', `--format=${format}`, '-C', from, '.']);
    const expected = {
      'index.html': 'hello',
      empty: '',
      [long]: 'y'.repeat(5000),
      [`${path.dirname(long)}/`]: '',
    };
    t.deepEqual(await contents(bytes), expected);
    t.deepEqual(await contents(gzipSync(bytes)), expected);
  });
}

const big = member('a', { text: 'x'.repeat(60_000) });
const refused: Readonly<Record<string, readonly [bytes: Buffer, why: RegExp]>> = {
  'an absolute path': [archive(member('/etc/passwd', { text: 'x' })), /leads elsewhere/],
  'a way up': [archive(member('../x', { text: 'x' })), /leads elsewhere/],
  'a way up inside': [archive(member('a/../../x', { text: 'x' })), /leads elsewhere/],
  'a way up as a folder': [archive(member('..', { type: '5' })), /leads elsewhere/],
  'two slashes': [archive(member('a//b', { text: 'x' })), /leads elsewhere/],
  'a line end in a name': [archive(member('a\nb', { text: 'x' })), /none of a web page/],
  'a backslash': [archive(member('a\\b', { text: 'x' })), /none of a web page/],
  'a name that is no UTF-8': [archive(Buffer.from(member('a', { text: 'x' }))), /./],
  'a symbolic link': [archive(member('a', { type: '2', link: '/etc' })), /link or a device/],
  'a hard link': [archive(member('a', { type: '1', link: '/etc/shadow' })), /link or a device/],
  'a device': [archive(member('a', { type: '3' })), /link or a device/],
  'a pipe': [archive(member('a', { type: '6' })), /link or a device/],
  'a file with holes': [archive(member('a', { type: 'S' })), /link or a device/],
  'a way up in a pax header': [
    archive(member('p', { type: 'x', text: '16 path=../../x\n' }), member('a', { text: 'x' })),
    /leads elsewhere/,
  ],
  'a size in a pax header': [
    archive(member('p', { type: 'x', text: '12 size=999\n' }), member('a', { text: 'x' })),
    /holes, or a huge one/,
  ],
  'a way up in a long name': [
    archive(member('L', { type: 'L', text: '../../x\0' }), member('a', { text: 'x' })),
    /leads elsewhere/,
  ],
  'a header without end': [archive(member('p', { type: 'x', size: 1_000_000 })), /cut off/],
  'too many': [archive(...Array.from({ length: 51 }, (_, i) => member(`f${i}`))), /more than 50/],
  'too much': [archive(big, member('b', { text: 'x'.repeat(60_000) })), /more than/],
  'a bomb': [gzipSync(archive(member('b', { text: '0'.repeat(5_000_000) }))), /more than/],
  'a size that is not there': [archive(member('a', { size: 90_000 })), /cut off/],
  'no archive': [Buffer.from('<html>'.repeat(200)), /no tar archive/],
  nothing: [Buffer.alloc(0), /cut off/],
  'half of one': [archive(big).subarray(0, 3000), /cut off/],
  'half of a zipped one': [gzipSync(archive(big)).subarray(0, 60), /cut off/],
  'a wrong checksum': [Buffer.concat([Buffer.from('X'), archive(member('a')).subarray(1)]), /damaged/],
  'folders without end': [archive(member(`${'d/'.repeat(40)}x`, { text: 'x' })), /more than 32/],
};
refused['a name that is no UTF-8']?.[0].write('\xff', 0, 'latin1');

for (const [name, [bytes, why]] of Object.entries(refused)) {
  test(`refused: ${name}`, async (t) => {
    await t.throwsAsync(contents(bytes), {
      name: 'Failure',
      message: name === 'a name that is no UTF-8' ? /damaged|none of a web page/ : why,
    });
  });
}

test('an archive takes the place of a site whole, and one that is refused leaves the site', async (t) => {
  const box = await TemporaryBox.booted(t);
  const from = folder(t);
  const file = path.join(from, 'site.tar');
  const page = () => box.read('/home/user-data/www/example.com/index.html');
  writeFileSync(file, archive(member('index.html', { text: 'new' }), member('a/b.css', { text: 'c' })));
  box.write('/up.tar', readFileSync(file));
  let staged: Record<string, string> = {};
  box.answer = (argv) => {
    if (argv[0] === 'sync') staged = box.tree('/home/user-data/www');
    return undefined;
  };
  t.is(await box.box('web', 'deploy', 'example.com', '/up.tar'), 0, box.complaints.join());
  t.regex(box.said.join(), /example\.com shows 2 new files/);
  t.true(Object.keys(staged).some((name) => /\/www\/\.upload-[0-9a-f]{16}\/a\/b\.css$/.test(name)));
  t.is(page(), 'new');
  writeFileSync(
    file,
    archive(member('index.html', { text: 'newer' }), member('x', { type: '2', link: '/etc' })),
  );
  box.write('/up.tar', readFileSync(file));
  t.is(await box.box('web', 'deploy', 'example.com', '/up.tar'), 1);
  t.regex(box.complaints.join(), /link or a device/);
  t.is(page(), 'new');
  t.deepEqual(
    Object.keys(box.tree('/home/user-data/www')).filter((name) => name.includes('.upload-')),
    [],
  );
  symlinkSync('/etc/passwd', box.at('/link.tar'));
  t.is(await box.box('web', 'deploy', 'example.com', '/link.tar'), 1);
  t.is(await box.box('web', 'deploy', '../mail', '/up.tar'), 1);
});

test('two folders change places in one step', (t) => {
  const from = folder(t);
  const [old, fresh] = [path.join(from, 'place'), path.join(from, 'new')];
  for (const made of [old, fresh]) {
    mkdirSync(made);
    writeFileSync(path.join(made, 'name'), path.basename(made));
  }
  const program = path.resolve('overlays/box/common/usr/lib/box/exchange.py');
  execFileSync('/usr/bin/python3', ['-I', '-S', program, fresh, old]);
  t.is(readFileSync(path.join(old, 'name'), 'utf8'), 'new');
  t.is(readFileSync(path.join(fresh, 'name'), 'utf8'), 'place');
  execFileSync('/usr/bin/python3', ['-I', '-S', program, fresh, path.join(from, 'third')]);
  t.is(readFileSync(path.join(from, 'third/name'), 'utf8'), 'place');
});

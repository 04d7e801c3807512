/** Two bakes that are not the same: what is said of them, by names and never by offsets. */
import test from 'ava';
import { fileDifferences, packageDifferences } from '../../../../builder/verify/differences.ts';
import { parseLists } from '../../../../builder/verify/disk-files.ts';

/** As `base/list-disk.sh` writes it: a kind and a content for each path. */
const disk = (
  files: Readonly<Record<string, readonly [kind: string, content?: string]>>,
  outside = 'same',
) => {
  const all = Object.entries(files);
  const kinds = all.map(([path, [kind]]) => `${path}\0${kind}\0`).join('');
  const sums = all.flatMap(([path, [, content]]) =>
    content === undefined ? [] : [`${content.padEnd(64, '0')}  ./${path}\0`],
  );
  return { ...parseLists(kinds, sums.join('')), outside };
};

const file = 'f 644 0:0 1700000000 ';

test('the same files on the same disk are no difference', (t) => {
  const one = disk({
    '': ['d 755 0:0 1700000000 '],
    'etc/hosts': [file, 'a'],
    'etc/mtab': ['l 777 0:0 0 /proc'],
  });
  t.deepEqual(fileDifferences(one, one), []);
});

test('each path is named with what of it is not the same', (t) => {
  const before = disk({
    a: [file, '1'],
    'b c': [file, '2'],
    d: ['l 777 0:0 0 x'],
    gone: [file, '3'],
    same: [file, '4'],
  });
  const after = disk({
    a: [file, '9'],
    'b c': ['f 600 0:0 1700000000 ', '2'],
    d: ['l 777 0:0 0 y'],
    new: [file, '3'],
    same: [file, '4'],
  });
  t.deepEqual(fileDifferences(before, after), [
    '/a (content)',
    '/b c (f 644 0:0 1700000000, and now f 600 0:0 1700000000)',
    '/d (l 777 0:0 0 x, and now l 777 0:0 0 y)',
    '/gone (not in the new one)',
    '/new (only in the new one)',
  ]);
});

test('a path with a line break is one path', (t) => {
  const before = disk({ 'a\nb': [file, '1'] });
  t.deepEqual(fileDifferences(before, disk({ 'a\nb': [file, '2'] })), ['/a\nb (content)']);
});

test('what is no file is told as such', (t) => {
  const [one, two] = [disk({ a: [file, '1'] }), disk({ a: [file, '1'] }, 'other')];
  t.deepEqual(fileDifferences(one, two), ['partition table, boot loader or EFI system partition']);
});

test('packages are told by their versions', (t) => {
  const purl = (name: string, version: string) =>
    `pkg:deb/debian/${name}@${version}?arch=amd64&distro=debian-13`;
  const before = [
    purl('nsd', '4.12.0-1'),
    purl('postfix', '3.10.5%2Bdfsg-1'),
    'pkg:npm/zod@4.1.0',
    purl('old', '1'),
  ];
  const after = [
    purl('nsd', '4.12.0-1'),
    purl('postfix', '3.10.6-0%2Bdeb13u1'),
    'pkg:npm/zod@4.1.0',
    purl('new', '2'),
  ];
  t.deepEqual(packageDifferences(before, before), []);
  t.deepEqual(packageDifferences(before, after), [
    'deb/debian/new: not there, and now 2',
    'deb/debian/old: 1, and now not there',
    'deb/debian/postfix: 3.10.5+dfsg-1, and now 3.10.6-0+deb13u1',
  ]);
});

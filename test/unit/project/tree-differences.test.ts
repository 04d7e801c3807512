/** Two file trees that should be the same: nothing that differs may pass, but for what an exception names. */
import test from 'ava';
import { differences, type Entry, type Exception, needless } from '../../boot/trees.ts';

const tree = (entries: Readonly<Record<string, Entry>>) => new Map(Object.entries(entries));
const file = (content: string, kind = '-rw-r--r-- 0:0'): Entry => ({ kind, content });
const exception: Exception = {
  path: '/etc/fstab',
  reason: 'numbers',
  seen: (text) => text.replace(/\d+/, 'N'),
};

test('a path that one of them lacks, another owner or mode, and another content are told', (t) => {
  const one = tree({ '/a': file('1'), '/b': file('1'), '/c': file('1'), '/d': file('1') });
  const other = tree({
    '/a': file('1'),
    '/b': file('1', '-rw-r--r-- 0:1'),
    '/c': file('2'),
    '/e': file('1'),
  });
  t.deepEqual(differences(one, other, []), [
    '/b: -rw-r--r-- 0:0, -rw-r--r-- 0:1',
    '/c: another content',
    '/d: only in the first',
    '/e: only in the second',
  ]);
});

test('an exception explains what it names and no more', (t) => {
  const one = tree({ '/etc/fstab': file('uuid 1 ext4') });
  t.deepEqual(differences(one, tree({ '/etc/fstab': file('uuid 2 ext4') }), [exception]), []);
  t.deepEqual(differences(one, tree({ '/etc/fstab': file('uuid 2 xfs') }), [exception]), [
    '/etc/fstab: another content',
  ]);
  t.deepEqual(
    differences(one, tree({ '/etc/fstab': file('uuid 2 ext4', '-rw------- 0:0') }), [exception]).length,
    1,
  );
  t.deepEqual(differences(one, tree({}), [exception]), ['/etc/fstab: only in the first']);
});

test('an exception that explains nothing is told', (t) => {
  const [one, other] = [tree({ '/etc/fstab': file('1') }), tree({ '/etc/fstab': file('2') })];
  t.deepEqual(needless(one, other, [exception]), []);
  t.deepEqual(needless(one, one, [exception]), ['/etc/fstab']);
  t.deepEqual(needless(one, one, [{ ...exception, mayAgree: true }]), []);
});

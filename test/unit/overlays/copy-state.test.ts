/** The copy of a state that another image may be given up for: the real program on a folder of its own. */
import { spawnSync } from 'node:child_process';
import {
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readlinkSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import test, { type ExecutionContext } from 'ava';

const program = 'overlays/box/common/usr/lib/box/copy-state.py';

function state(t: ExecutionContext) {
  const folder = mkdtempSync(path.join(tmpdir(), 'letterbox-copy-'));
  t.teardown(() => rmSync(folder, { recursive: true }));
  const source = path.join(folder, 'user-data');
  const target = path.join(source, 'backup', 'before');
  const write = (name: string, text: string, mode = 0o644) => {
    mkdirSync(path.dirname(path.join(source, name)), { recursive: true });
    writeFileSync(path.join(source, name), text, { mode });
  };
  write('mail/mailboxes/example.com/me/cur/1.a:2,S', 'a mail');
  write('mail/mailboxes/example.com/me/.Sent/new/2.b', 'another');
  write('mail/mailboxes/example.com/me/dovecot-uidlist', 'numbers', 0o600);
  write('mail/users.sqlite', 'people', 0o640);
  write('mail/search/abc.sqlite', 'an index');
  write('mail/queue/deferred/A/ABC', 'waits');
  write('backup/secret_key.txt', 'a key', 0o600);
  mkdirSync(path.join(source, 'ssl/empty'), { recursive: true, mode: 0o700 });
  symlinkSync('dovecot-uidlist', path.join(source, 'mail/mailboxes/example.com/me/link'));
  mkdirSync(path.dirname(target), { recursive: true });
  return {
    source,
    target,
    of: (name: string) => [path.join(source, name), path.join(target, name)] as const,
  };
}

test('mails get a second name, all else is copied with mode and time', (t) => {
  const { source, target, of } = state(t);
  const { status, stderr } = spawnSync('python3', ['-I', '-S', program, source, target], {
    encoding: 'utf8',
  });
  t.is(status, 0, stderr);
  for (const name of [
    'mail/mailboxes/example.com/me/cur/1.a:2,S',
    'mail/mailboxes/example.com/me/.Sent/new/2.b',
  ]) {
    const [old, copy] = of(name);
    t.is(statSync(copy).ino, statSync(old).ino, name);
  }
  for (const name of ['mail/mailboxes/example.com/me/dovecot-uidlist', 'mail/users.sqlite']) {
    const [old, copy] = of(name);
    t.not(statSync(copy).ino, statSync(old).ino, name);
    t.is(readFileSync(copy, 'utf8'), readFileSync(old, 'utf8'));
    t.is(statSync(copy).mode, statSync(old).mode);
    t.is(statSync(copy).mtimeMs, statSync(old).mtimeMs);
  }
  const [old, copy] = of('ssl/empty');
  t.deepEqual([statSync(copy).mode, statSync(copy).mtimeMs], [statSync(old).mode, statSync(old).mtimeMs]);
  t.is(readlinkSync(of('mail/mailboxes/example.com/me/link')[1]), 'dovecot-uidlist');
  t.true(lstatSync(of('mail/mailboxes/example.com/me/link')[1]).isSymbolicLink());
});

test('what is made of the mails, what waits, and the copies themselves are left out', (t) => {
  const { source, target, of } = state(t);
  t.is(spawnSync('python3', ['-I', '-S', program, source, target]).status, 0);
  for (const name of ['mail/search', 'mail/queue', 'backup']) t.false(existsSync(of(name)[1]), name);
});

test('a disk without room for it: it says how much is needed, and nothing is made', (t) => {
  const { source, target } = state(t);
  const full = [
    'import os, runpy, sys',
    'os.statvfs = lambda path: type("Disk", (), {"f_bavail": 10, "f_frsize": 4096})',
    'sys.argv = sys.argv[1:]',
    'runpy.run_path(sys.argv[0], run_name="__main__")',
  ].join('\n');
  const { status, stderr } = spawnSync('python3', ['-c', full, program, source, target], {
    encoding: 'utf8',
  });
  t.is(status, 75);
  t.regex(stderr, /^\d+ MiB are needed, and 0 free\n$/);
  t.false(existsSync(target));
});

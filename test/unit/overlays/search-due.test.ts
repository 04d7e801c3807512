/** When cron has the index of mails filled, where no systemd watches for it: fill-search-when-due. */
import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import test from 'ava';

const script = path.resolve('overlays/search/ubuntu-14.04/usr/lib/box/fill-search-when-due');

test('it is due where an index is new and when the list of accounts has changed, and not before the box is made', (t) => {
  const root = mkdtempSync(path.join(tmpdir(), 'letterbox-due-'));
  t.teardown(() => rmSync(root, { recursive: true }));
  const at = (name: string) => path.join(root, name);
  for (const folder of ['run', 'mail', 'mail/search', 'mail/search/new', 'bin']) mkdirSync(at(folder));
  writeFileSync(at('mail/users.sqlite'), '');
  writeFileSync(at('bin/initctl'), `#!/bin/sh\necho "$*" >>${at('calls')}\n`);
  chmodSync(at('bin/initctl'), 0o755);
  const env = { PATH: `${at('bin')}:${process.env.PATH}`, BOX_RUN: at('run'), BOX_MAIL: at('mail') };
  const calls = (): number => {
    writeFileSync(at('calls'), '');
    t.is(spawnSync('dash', [script], { env }).status, 0);
    return spawnSync('grep', ['-cx', 'start --no-wait box-fill-search', at('calls')]).status === 0 ? 1 : 0;
  };

  t.is(calls(), 0, 'the box is not made');
  writeFileSync(at('run/initialised'), '');
  t.is(calls(), 1, 'the first time since the start');
  t.is(calls(), 0);
  const later = new Date(Date.now() + 5000);
  utimesSync(at('mail/users.sqlite'), later, later);
  t.is(calls(), 1, 'an account has come or gone');
  t.is(calls(), 0);
  writeFileSync(at('mail/search/new/hash'), '');
  t.is(calls(), 1, 'an index is new');
  t.is(calls(), 1, 'and still is');
});

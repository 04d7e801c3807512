/** How `boot` and `demo` wait for a box: as long as its console tells of something, and with a word each minute. */
import { appendFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import test, { type ExecutionContext } from 'ava';
import { draw } from '../../../../builder/host/progress.ts';
import { lookInside, machine } from '../../../../builder/vm/boot.ts';
import { watchConsole } from '../../../../builder/vm/console.ts';

function console(t: ExecutionContext): string {
  const folder = mkdtempSync(path.join(tmpdir(), 'letterbox-console-'));
  t.teardown(() => rmSync(folder, { recursive: true }));
  const log = path.join(folder, 'console.log');
  writeFileSync(log, '');
  return log;
}

test('a console that goes on telling is waited for, far beyond the silence that it may keep', async (t) => {
  const log = console(t);
  const lines: string[] = [];
  const watched = watchConsole({
    log,
    from: 0,
    silenceSeconds: 1,
    onLine: (line) => lines.push(line),
    alive: () => true,
  });
  for (let i = 0; i < 5; i++) {
    await sleep(500);
    appendFileSync(log, `[ OK ] step ${i}\r\n`);
  }
  appendFileSync(log, 'letterbox: {"stage":"ready","hostname":"box.example.com"}\n');
  t.is((await watched).stage, 'ready');
  t.is(lines.length, 5);
});

test('a console that fell silent: what was waited for and its last words are named', async (t) => {
  const log = console(t);
  writeFileSync(log, 'Starting postgresql\n');
  const watch = { log, from: 0, silenceSeconds: 0.6, onLine: () => undefined };
  const silent = await t.throwsAsync(watchConsole({ ...watch, alive: () => true }));
  t.regex(
    silent.message,
    /waited for the line `letterbox: .*silent for 0\.6 s; its last words: Starting postgresql/,
  );
  const ended = await t.throwsAsync(watchConsole({ ...watch, alive: () => false }));
  t.regex(ended.message, /the machine ended before the box was ready; its last words: Starting postgresql/);
});

test('a box that is not ready: the console, the way in and the command that stops it are named', (t) => {
  const vm = machine('out/example', 'example', 'demo');
  const words = lookInside(vm, { 22: 10022 }, { stop: 'npx letterbox stop example.yaml', sshKey: 'key' });
  t.true(words.includes(vm.serialLog));
  t.regex(words, /ssh -p 10022 -i key root@127\.0\.0\.1/);
  t.regex(words, /npx letterbox stop example\.yaml/);
});

test('without a terminal, a long step says again and again that it lives, with its last words, and then no more', async (t) => {
  let written = '';
  const write = (text: string | Uint8Array) => {
    written += text;
    return true;
  };
  const emit = draw({ isTTY: false, columns: 80, write: write as NodeJS.WriteStream['write'] }, 50);
  emit({ type: 'start', title: 'first boot', index: 1, total: 1 }, 0);
  emit({ type: 'report', text: 'Starting nginx' }, 0);
  await sleep(130);
  t.regex(written, /^ {6}\[1\/1\] first boot, [\d a-z.]+ so far: Starting nginx$/m);
  emit({ type: 'done', title: 'first boot', seconds: 1, note: '' }, 0);
  const done = written;
  await sleep(80);
  t.is(written, done);
});

/** When a silent service is started anew, what each is asked, and how an answer is told from a connection. */
import { createServer } from 'node:net';
import path from 'node:path';
import test from 'ava';
import { judge, type Watch } from '../../../../box/health/watch/judge.ts';
import { image, TemporaryBox } from '../temporary-box.ts';

const now = new Date('2026-11-24T12:00:00Z');

/** Looks two minutes apart: `x` silent, `.` answers, a blank where it does not run. Gives at which looks it was started anew. */
function starts(looks: string, from: Watch = {}): { at: number[]; watch: Watch } {
  let watch = from;
  const at: number[] = [];
  [...looks].forEach((look, i) => {
    const heard = new Map(look === ' ' ? [] : [['dovecot', look === '.']]);
    const judged = judge(watch, heard, 1000 + 120 * i, now);
    watch = judged.watch;
    if (judged.restart.length > 0) at.push(i);
  });
  return { at, watch };
}

test('a service is started anew when it was silent three times in a row, and not before', (t) => {
  t.deepEqual(starts('xx.xx.xx').at, []);
  t.deepEqual(starts('xx x').at, [], 'one that was stopped meanwhile is not counted on');
  t.deepEqual(starts('..xxx').at, [4]);
  t.deepEqual(starts('....').watch, {});
});

test('where that does not help the pauses grow to an hour, and a day of answers forgets it', (t) => {
  const { at, watch } = starts('x'.repeat(120));
  const pauses = at.slice(1).map((look, i) => look - (at[i] as number));
  t.deepEqual(pauses, [3, 5, 10, 20, 30, 30]);
  t.is(watch.dovecot?.restarts, 7);
  t.is(starts('.'.repeat(700), watch).watch.dovecot?.restarts, 7);
  t.deepEqual(starts('.'.repeat(900), watch).watch, {});
});

test('a connection is no answer, nor is another’s answer', async (t) => {
  const box = TemporaryBox.fresh(t);
  const listening = async (say?: string) => {
    const server = createServer((socket) => {
      socket.on('error', () => undefined);
      if (say !== undefined) socket.write(say);
    });
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    t.teardown(() => server.close());
    return (server.address() as { port: number }).port;
  };
  const hears = async (port: number) => box.machine.hears({ at: { port }, hear: /^220 / }, 300);
  t.true(await hears(await listening('220 box.example.com ESMTP\r\n')));
  t.false(await hears(await listening('554 go away\r\n')));
  t.false(await hears(await listening()));
  t.false(await hears(1));
  const server = createServer((socket) => socket.end('{}\n'));
  const socket = '/run/box/keeper.sock';
  box.write('/run/box/x', '');
  await new Promise<void>((done) => server.listen(path.join(box.root, socket), done));
  t.teardown(() => server.close());
  t.true(await box.machine.hears({ at: { path: socket }, hear: /^\{/ }, 3000));
});

test('box watch: a closed box is left alone; one that hangs is started anew by the release’s own command', async (t) => {
  const box = await TemporaryBox.booted(t);
  const silent = createServer(() => undefined);
  await new Promise<void>((done) => silent.listen(0, '127.0.0.1', done));
  t.teardown(() => silent.close());
  const { port } = silent.address() as { port: number };
  // It hangs up: what would take 20 seconds.
  silent.on('connection', (socket) => socket.destroy());
  const ports = [{ port, protocol: 'tcp', name: 'lmtp', role: 'dovecot', service: 'dovecot', public: false }];
  box.write('/usr/lib/box/image.json', JSON.stringify({ ...image, ports }));
  box.write('/proc/loadavg', '0.1 0.1 0.1 1/100 1\n');
  t.is(await box.box('watch'), 0);
  t.false(box.ran.some((ran) => ran.includes('restart')));
  const report = { ...box.report(), fenceOpen: true };
  box.write('/run/box/ready.json', JSON.stringify(report));
  for (const said of [
    /dovecot is silent, for the first time/,
    /for the second time/,
    /dovecot hangs, and is started anew/,
  ]) {
    t.is(await box.box('watch'), 0, box.complaints.join());
    t.regex(box.said.join('\n'), said);
  }
  t.is(box.ran.filter((ran) => ran === 'service dovecot restart').length, 1);
  box.write('/proc/loadavg', '9999 1 1 1/100 1\n');
  t.is(await box.box('watch'), 0);
  t.regex(box.said.join('\n'), /the machine is busy/);
});

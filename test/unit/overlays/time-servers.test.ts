/** Ubuntu 14.04's way out of a wrong clock: its script, on programs that a test plays. */
import { spawn } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import test, { type ExecutionContext } from 'ava';

const overlay = fileURLToPath(new URL('../../../overlays/chrony/ubuntu-14.04', import.meta.url));

/** Runs it to its end; `ntp-wait` succeeds from its nth call on. */
async function run(
  t: ExecutionContext,
  { synced, before, dig = '' }: { synced: number; before?: string; dig?: string },
) {
  const folder = mkdtempSync(path.join(tmpdir(), 'time-servers-'));
  t.teardown(() => rmSync(folder, { recursive: true }));
  const at = (name: string) => path.join(folder, name);
  mkdirSync(at('bin'));
  const program = (name: string, script: string) => {
    writeFileSync(at(`bin/${name}`), `#!/bin/sh\n${script}\n`);
    chmodSync(at(`bin/${name}`), 0o755);
  };
  writeFileSync(at('calls'), '');
  const noted = `echo "$(basename "$0") $*" >>${at('calls')}`;
  program('ntp-wait', `echo x >>${at('waits')}; [ "$(wc -l <${at('waits')})" -ge ${synced} ]`);
  program('dig', `${noted}; printf '${dig}'`);
  program('rndc', noted);
  program('service', `${noted}; cp ${at('found')} ${at('seen')} 2>/dev/null || :`);
  if (before !== undefined) writeFileSync(at('found'), before);
  const child = spawn(
    '/bin/sh',
    [`${overlay}/usr/lib/box/time-servers`, `${overlay}/etc/ntp.conf`, at('found'), '0'],
    { env: { PATH: `${at('bin')}:/usr/bin:/bin` }, stdio: 'inherit' },
  );
  const code = await new Promise((resolve) => child.once('close', resolve));
  const text = (name: string) => (existsSync(at(name)) ? readFileSync(at(name), 'utf8') : undefined);
  return { code, calls: text('calls')?.trim().split('\n'), found: text('found'), seen: text('seen') };
}

test('a clock that is kept already: nothing is done', async (t) => {
  t.like(await run(t, { synced: 1 }), { code: 0, calls: [''], found: undefined });
});

test('else ntpd gets addresses that were looked up without validation, and the names again once the clock is right', async (t) => {
  const { code, calls, found, seen } = await run(t, {
    synced: 2,
    dig: 'pool.example.\\n192.0.2.1\\n192.0.2.2\\n;; timed out\\n',
  });
  t.is(code, 0);
  t.deepEqual(calls, [
    'dig +cd +short +tries=1 +time=3 0.ubuntu.pool.ntp.org 1.ubuntu.pool.ntp.org 2.ubuntu.pool.ntp.org 3.ubuntu.pool.ntp.org',
    'service ntp restart',
    'rndc flush',
    'service ntp restart',
  ]);
  t.regex(seen ?? '', /^server 192\.0\.2\.1 iburst\nserver 192\.0\.2\.2 iburst\n$/m);
  t.regex(seen ?? '', /^tinker panic 0$/m);
  t.regex(seen ?? '', /^restrict -4 default /m);
  t.notRegex(seen ?? '', /pool\.ntp\.org|timed out/);
  t.is(found, undefined);
});

test('DHCP’s servers stay as they are; what a power cut left of our own does not; without answers nothing changes', async (t) => {
  const dhcp = 'server 192.0.2.99 iburst\n';
  t.is((await run(t, { synced: 2, before: dhcp, dig: '192.0.2.1\\n' })).found, dhcp);
  const left = '# Letterbox: looked up without DNSSEC\nserver 192.0.2.99\n';
  t.like(await run(t, { synced: 1, before: left }), { code: 0, found: undefined });
  const { calls } = await run(t, { synced: 3 });
  t.deepEqual([...new Set(calls?.map((line) => line.split(' ')[0]))], ['dig']);
});

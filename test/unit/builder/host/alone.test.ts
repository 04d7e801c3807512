/** One run at a time in a folder, and nothing to clear away after one that was killed. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { alone, FolderBusy } from '../../../../builder/host/alone.ts';

function folder(t: ExecutionContext): string {
  const made = mkdtempSync(path.join(tmpdir(), 'alone-'));
  t.teardown(() => rmSync(made, { recursive: true }));
  return made;
}

const never = () => new Promise<never>(() => {});

test('the second is refused, by whatever path it comes; the folder beside is another', async (t) => {
  const at = folder(t);
  const link = path.join(folder(t), 'link');
  symlinkSync(at, link);
  void alone(at, never);
  await t.throwsAsync(alone(at, never), { instanceOf: FolderBusy });
  await t.throwsAsync(alone(link, never), { instanceOf: FolderBusy });
  t.is(await alone(path.join(at, 'inner'), async () => 'done'), 'done');
  t.true(existsSync(path.join(at, 'inner')), 'a folder that is not there yet is made');
});

test('it is free again after the work and after its error', async (t) => {
  const at = folder(t);
  t.is(await alone(at, async () => 1), 1);
  await t.throwsAsync(
    alone(at, async () => {
      throw new Error('no room');
    }),
    { message: 'no room' },
  );
  t.is(await alone(at, async () => 2), 2);
});

test('the lock of a program that was killed is gone with it', async (t) => {
  const at = folder(t);
  const file = path.resolve('builder/host/alone.ts');
  const holder = spawn(
    process.execPath,
    [
      '--import=tsx',
      '--input-type=module',
      '-e',
      `import { alone } from ${JSON.stringify(file)};
       setInterval(() => {}, 1000);
       await alone(${JSON.stringify(at)}, () => { console.log('held'); return new Promise(() => {}); });`,
    ],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );
  t.teardown(() => holder.kill('SIGKILL'));
  await once(holder.stdout, 'data');
  await t.throwsAsync(alone(at, never), { instanceOf: FolderBusy });
  holder.kill('SIGKILL');
  await once(holder, 'exit');
  t.is(await alone(at, async () => 'free'), 'free');
});

import { readdirSync } from 'node:fs';
import test from 'ava';
import { Attempts } from '../../../../box/accounts/log-in/attempts.ts';
import { Challenges } from '../../../../box/accounts/log-in/challenges.ts';
import { keeperSecret } from '../../../../box/accounts/log-in/secret.ts';
import { Sessions } from '../../../../box/accounts/log-in/sessions.ts';
import { answer } from '../../../../box/api/keeper/answer.ts';
import { Machine } from '../../../../box/machine/machine.ts';
import { paths } from '../../../../box/machine/paths.ts';
import { setPassword } from '../../../../box/mail/users.ts';
import { TemporaryBox } from '../temporary-box.ts';

const bootId = '0b1c2d3e-0000-4000-8000-000000000000';

test('writes of one file at the same moment all succeed: one of the texts lies there, whole, and nothing beside it', async (t) => {
  const { machine, ...box } = TemporaryBox.fresh(t);
  const texts = Array.from({ length: 30 }, (_, i) => `${i} `.repeat(10_000 + i));
  await Promise.all(texts.map((text) => machine.put({ path: '/etc/box/x', mode: 0o600, text })));
  t.true(texts.includes((await machine.read('/etc/box/x')) ?? ''));
  await Promise.all(texts.map((_, i) => machine.link('/etc/box/link', `target-${i}`)));
  t.regex((await machine.linkTarget('/etc/box/link')) ?? '', /^target-\d+$/);
  t.deepEqual(readdirSync(`${box.root}/etc/box`).sort(), ['firewall', 'link', 'settings.json', 'x']);
});

test('a write that fails leaves the file as it was, and nothing beside it', async (t) => {
  const { machine, root } = TemporaryBox.fresh(t);
  await machine.put({ path: '/etc/box/x', mode: 0o600, text: 'before' });
  await t.throwsAsync(machine.put({ path: '/etc/box/x', mode: 0o600, text: 'after', owner: 'nobody-here' }));
  t.is(await machine.read('/etc/box/x'), 'before');
  t.deepEqual(readdirSync(`${root}/etc/box`).sort(), ['firewall', 'settings.json', 'x']);
});

test('temporary files are swept away where their writer is gone, and left to it where it is at work', async (t) => {
  const box = TemporaryBox.fresh(t);
  box.write(paths.bootId, `${bootId}\n`);
  const random = '0123456789abcdef';
  const gone = [
    // A program before this one; a process that is no more; the numbers of another boot; this process, which writes nothing.
    '.x.box-new',
    `.x.0b1c2d3e-4194304-${random}.box-new`,
    `.x.ffffffff-${process.ppid}-${random}.box-new`,
    `.x.0b1c2d3e-${process.pid}-${random}.box-new`,
  ];
  const atWork = `.x.0b1c2d3e-${process.ppid}-${random}.box-new`;
  for (const name of [...gone, atWork]) box.write(`/etc/box/${name}`, 'half');
  await box.machine.sweep(['/etc/box']);
  t.deepEqual(readdirSync(box.at('/etc/box')).sort(), [atWork, 'firewall', 'settings.json']);
});

test('a name as long as a file system allows can be written', async (t) => {
  const { machine } = TemporaryBox.fresh(t);
  const path = `/etc/box/${'x'.repeat(255)}`;
  await machine.put({ path, mode: 0o600, text: 'text' });
  t.is(await machine.read(path), 'text');
});

test('thirty log-ins at the same moment: each has a session of its own, which works, also after a restart', async (t) => {
  const box = await TemporaryBox.booted(t);
  const { machine } = box;
  await setPassword(
    machine,
    'me@example.com',
    // Of `correct-horse`.
    '{SHA512-CRYPT}$6$fkDUH8o1HnoDPo8q$lKfRNoYMAKdBE5sk5hbmPwOlESlE24MTuB2bqC2CFTdfA87mxeWSBltA.Cqmvv4oC/PsSMBjwR1c/24tslj7P.',
  );
  const now = () => box.now.getTime();
  const secret = await keeperSecret(machine);
  const keeper = async () => {
    const sessions = new Sessions(secret, now, (text) =>
      machine.put({ path: paths.keeperSessions, mode: 0o600, text }),
    );
    sessions.restore(await machine.read(paths.keeperSessions));
    const [attempts, challenges] = [new Attempts(now), new Challenges(now)];
    const door = { machine, secret, sessions, attempts, challenges, now, log: () => undefined };
    return (route: string, password: string) =>
      answer(
        door,
        JSON.stringify({
          route,
          params: {},
          from: '198.51.100.1',
          credentials: { user: 'me@example.com', secret: password },
        }),
      ) as Promise<{ type?: string; body?: { status?: string; api_key?: string } }>;
  };
  const ask = await keeper();
  const all = await Promise.all(Array.from({ length: 30 }, () => ask('POST /login', 'correct-horse')));
  const keys = all.map(({ body }) => body?.api_key ?? '');
  t.is(new Set(keys).size, 30);
  const later = await keeper();
  for (const one of [ask, later])
    for (const key of keys) t.is((await one('GET /mail/users', key)).type, 'text');
});

test('a file of the kernel’s is read to its end, though it comes in pieces and says no length', async (t) => {
  const maps = (await new Machine().read('/proc/self/maps')) ?? '';
  t.true(maps.length > 4096);
  t.regex(maps, /\[stack\]\n/);
  t.true(maps.endsWith('\n'));
});

test('a folder that many make at the same moment is made once, and none of them fails', async (t) => {
  const { machine, ...box } = TemporaryBox.fresh(t);
  const made = ['/run/box/a/b', '/run/box/a/c', '/run/box/a'];
  await Promise.all(
    Array.from({ length: 30 }, (_, i) => machine.putDirectory({ path: made[i % 3] ?? '', mode: 0o700 })),
  );
  t.deepEqual(readdirSync(`${box.root}/run/box/a`).sort(), ['b', 'c']);
});

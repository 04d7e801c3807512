/** While the box looks at everything, which takes long, the panel answers whatever else is asked: told by the order of answers. */
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';
import test from 'ava';
import { Attempts } from '../../../../box/accounts/log-in/attempts.ts';
import { Challenges } from '../../../../box/accounts/log-in/challenges.ts';
import type { Doorkeeper } from '../../../../box/accounts/log-in/door.ts';
import { keeperSecret } from '../../../../box/accounts/log-in/secret.ts';
import { Sessions } from '../../../../box/accounts/log-in/sessions.ts';
import { keeperAt } from '../../../../box/api/http/ask-keeper.ts';
import { cookieName } from '../../../../box/api/http/credentials.ts';
import { webServer } from '../../../../box/api/http/web-server.ts';
import { answer } from '../../../../box/api/keeper/answer.ts';
import { serveQuestions } from '../../../../box/api/keeper/serve.ts';
import { error, ok } from '../../../../box/health/checks/check.ts';
import { paths } from '../../../../box/machine/paths.ts';
import { readLogIn } from '../../../../box/mail/log-in.ts';
import { TemporaryBox } from '../temporary-box.ts';

const results = [error('backups', 'are off', 'name a target', 'backups'), ok('ssh', 'takes keys only')];

test('while a look is under way every other page is answered; a second look waits for the first and makes none of its own', async (t) => {
  const box = await TemporaryBox.booted(t);
  const { machine } = box;
  const time = () => box.now.getTime();
  const secret = await keeperSecret(machine);
  const door: Doorkeeper = {
    ...{ machine, secret, now: time, log: () => undefined },
    sessions: new Sessions(secret, time, async () => undefined),
    attempts: new Attempts(time),
    challenges: new Challenges(time),
  };
  // Both halves of the panel, with the sockets between them.
  const socket = (name: string) => path.join(tmpdir(), `long-look-${process.pid}-${name}.sock`);
  const keeper = serveQuestions((line) => answer(door, line));
  const web = webServer(
    keeperAt(socket('keeper')),
    () => undefined,
    async () => ({ hostname: 'box.example.com', ports: [], groupware: false }),
  );
  await new Promise<void>((resolve) => keeper.listen(socket('keeper'), resolve));
  await new Promise<void>((resolve) => web.listen(socket('web'), resolve));
  t.teardown(() => {
    keeper.close();
    web.close();
  });
  const login = await readLogIn(machine, 'me@example.com');
  if (login === undefined) throw new Error('the box has no administrator');
  const cookie = `${cookieName}=${await door.sessions.begin(login)}`;
  const answered: string[] = [];
  const ask = (name: string, body = '') =>
    new Promise<string>((resolve, reject) => {
      const [method, where] = name.split(' ');
      const headers = {
        ...{ cookie, host: 'box.example.com', origin: 'https://box.example.com' },
        'content-type': 'application/x-www-form-urlencoded',
      };
      const sent = request({ socketPath: socket('web'), method, path: where, headers }, (got) => {
        let text = '';
        got.setEncoding('utf8').on('data', (part) => {
          text += part;
        });
        got.on('end', () => {
          answered.push(`${name} ${got.statusCode}`);
          resolve(text);
        });
      });
      sent.on('error', reject);
      sent.end(body);
    });

  let begun = () => {};
  let finish = () => {};
  const hasBegun = new Promise<void>((resolve) => {
    begun = resolve;
  });
  const finished = new Promise<void>((resolve) => {
    finish = resolve;
  });
  let looks = 0;
  box.answer = (argv) => {
    if (argv.join(' ') !== 'service box-status start') return undefined;
    looks += 1;
    begun();
    return finished.then(() => {
      box.write(paths.status, JSON.stringify({ checkedAt: box.now.toISOString(), results }));
      return { code: 0 };
    });
  };
  const first = ask('POST /system/status', 'fresh=1');
  await hasBegun;
  const second = ask('POST /system/status', 'fresh=1');
  const others = ['/me', '/mail/users', '/mail/aliases', '/dns/zones', '/web/domains', '/system/version'];
  for (const other of others) await ask(`GET ${other}`);
  t.deepEqual(
    answered,
    others.map((other) => `GET ${other} 200`),
  );
  finish();
  for (const seen of [await first, await second])
    t.deepEqual(JSON.parse(seen).slice(1), [
      {
        type: 'error',
        text: 'backups: are off',
        extra: [{ text: 'name a target', monospace: false }],
        page: 'backups',
      },
      { type: 'ok', text: 'ssh: takes keys only', extra: [] },
    ]);
  t.is(looks, 1);
  await ask('POST /system/status', 'fresh=1');
  t.is(looks, 2, 'the next one looks again');
});

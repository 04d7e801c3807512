/** The control panel's API as programs use it: Mail-in-a-Box's routes, who may, log-in, and who can't get at what. */
import anyTest from 'ava';
import { artefacts } from '../boot/artefacts.ts';
import { makeLab } from './lab.ts';
import { addAccount, started } from './started.ts';
import { WebClient } from './web-client.ts';

const test = anyTest.serial;
const kept = artefacts(anyTest, 'lab-panel');
const lab = makeLab(kept);
const ready = lab.then(async (made) => {
  const box = await started(made, 'box', made.owner);
  const me = made.owner;
  const you = await addAccount(box, me, 'you@example.com');
  return { box, me, you, web: await WebClient.of(box) };
});

test('accounts are listed by their owner’s password, from nginx through both processes', async (t) => {
  const { web, me } = await ready;
  const list = await web.ask('GET /mail/users?format=json', { as: me });
  t.is(list.status, 200, list.body);
  t.log(list.body, list.headers, list.seconds);
  t.log(
    await (await ready).box.run(
      'systemd-analyze security box-panel | tail -1; systemd-analyze security box-keeper; systemd-analyze security box-panel; journalctl -u box-keeper -u box-panel --no-pager| tail -20',
    ),
  );
  t.log(
    await (await ready).box.run(
      'cd /tmp; for r in "GET /mail/users" "GET /mail/aliases" "GET /mail/domains" "GET /dns/zones" "GET /dns/dump" "POST /system/status" "GET /system/updates" "GET /system/reboot" "GET /system/version"; do echo $r; done',
    ),
  );
  for (const r of [
    'GET /mail/users',
    'GET /mail/aliases',
    'GET /mail/aliases?format=json',
    'GET /mail/domains',
    'GET /dns/zones',
    'GET /dns/zonefile/example.com',
    'GET /dns/dump',
    'POST /dns/update',
    'POST /system/status',
    'GET /system/updates',
    'GET /system/reboot',
    'GET /system/version',
    'GET /me',
    'POST /login',
    'POST /logout',
  ]) {
    const a = await web.ask(r, { as: me });
    t.log(r, a.status, a.seconds, a.body.slice(0, 600));
  }
  t.log(
    await web.ask('POST /mail/users/add', {
      as: me,
      form: { email: 'new@fresh.example', password: 'longenough', privileges: '', quota: '1G' },
    }),
  );
  t.log(await (await ready).box.run('journalctl -u box-keeper -u box-panel --no-pager| tail -40'));
});

/** The looks at a box: what the panel shows at once, what the nightly one mails, and what is counted for charts. */
import anyTest from 'ava';
import { artefacts } from '../rig/artefacts.ts';
import { waitFor } from '../rig/wait.ts';
import { makeLab } from './world/lab.ts';
import { started, subjects } from './world/started.ts';
import { WebClient } from './world/web-client.ts';

const test = anyTest.serial;
const kept = artefacts(anyTest, 'lab-status');
const lab = makeLab(kept);
const ready = lab.then(async (made) => {
  const box = await started(made, 'box', made.owner);
  return { box, zone: made.zone, me: made.owner, web: await WebClient.of(box) };
});

test('the panel shows the last look at once, with its time, and looks again when it is asked', async (t) => {
  const { box, web, me } = await ready;
  const first = await web.ask('POST /system/status', { as: me });
  t.is(first.status, 200, first.body);
  const at = (body: string) => (JSON.parse(body) as { checked_at?: string }[])[0]?.checked_at ?? '';
  t.regex(at(first.body), /^20\d\d-/);
  const second = await web.ask('POST /system/status', { as: me });
  t.is(at(second.body), at(first.body));
  t.true(second.seconds < 1, `${second.seconds} s`);
  t.is((await box.outcome('box status --cached')).stdout.split('\n')[0], `checked at ${at(first.body)}`);
  const fresh = await web.ask('POST /system/status', { as: me, form: { fresh: '1' } });
  t.true(at(fresh.body) > at(first.body));
});

test('the world is asked: reverse name, policies, block lists', async (t) => {
  const { box, zone, me, web } = await ready;
  const status = async () => (await web.ask('POST /system/status', { as: me, form: { fresh: '1' } })).body;
  const before = await status();
  t.regex(before, new RegExp(`name of ${box.host}: box\\.example\\.com`));
  t.regex(before, new RegExp(`block lists for ${box.host}: not listed`));
  const reversed = box.host.split('.').reverse().join('.');
  await zone.publish([`${reversed}.zen.spamhaus.org. A 127.0.0.2`]);
  await box.run('systemctl restart unbound');
  t.regex(await status(), new RegExp(`block lists for ${box.host}: listed by Spamhaus`));
});

test('the nightly look mails an error once, and that it is gone', async (t) => {
  const { box, me } = await ready;
  const mails = async () =>
    (await subjects(box, me.email)).filter((subject) => subject.startsWith('[box.example.com] problems'));
  await box.run('systemctl start box-nightly');
  const before = (await mails()).length;
  t.true(before <= 1);
  await box.run('systemctl start box-nightly');
  /** What the last of them says. */
  const told = async () => {
    const found = await box.run(`doveadm -f pager fetch -u ${me.email} text subject problems | tail -n 80`);
    const body = found.slice(found.lastIndexOf('Content-Transfer-Encoding: base64'));
    return Buffer.from(body.slice(body.search(/\r?\n\r?\n/)), 'base64').toString();
  };
  t.is((await mails()).length, before, `nothing changed, and yet: ${await told()}`);
  await box.run('systemctl stop postgrey; systemctl start box-nightly');
  t.deepEqual((await mails()).slice(before).length, 1);
  await box.run('systemctl start postgrey; systemctl start box-nightly');
  const all = await mails();
  t.is(all.length, before + 2);
  t.true(
    all.some((subject) => /problems: \d+ gone$/.test(subject)),
    all.join(),
  );
  t.regex(await box.run('systemctl list-timers box-nightly.timer --no-legend'), /box-nightly/);
});

test('what was done with mail is counted', async (t) => {
  const { box, me, web } = await ready;
  // It counts when it starts, and every five minutes.
  await box.run('systemctl restart box-keeper');
  const samples = await waitFor('a sample with mail', async () => {
    const { status, body } = await web.ask('GET /system/samples', { as: me });
    if (status !== 200) return undefined;
    const found = JSON.parse(body) as { step: number; samples: Record<string, number>[] };
    return found.samples.some(({ delivered = 0 }) => delivered > 0) ? found : undefined;
  });
  t.is(samples.step, 300);
  const last = samples.samples.at(-1) ?? {};
  for (const name of ['load', 'memory', 'disk', 'queue', 'accepted', 'refused', 'bounced'])
    t.is(typeof last[name], 'number', name);
  t.true((last.memory ?? 0) > 0 && (last.memory ?? 101) <= 100);
  const log = Number(await box.run('grep -c "status=sent" /var/log/mail.log'));
  const sum = samples.samples.reduce((all, { delivered = 0 }) => all + delivered, 0);
  t.is(sum, log);
  t.is((await web.ask('GET /system/samples?days=63', { as: me })).status, 400);
});

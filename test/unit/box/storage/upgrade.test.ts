/** Another image on a state: what is kept, when it is given back, and that no power cut loses anything between. */
import { existsSync, readdirSync, statSync } from 'node:fs';
import test from 'ava';
import { formatNow } from '../../../../box/storage/upgrade/migrations/index.ts';
import { TemporaryBox } from '../temporary-box.ts';
import { isOpen, launch, lived, record, root, state, works } from './another-image.ts';

test('a new state has the number of its format, and notes the first image that works', async (t) => {
  const box = await TemporaryBox.booted(t);
  t.deepEqual(record(box), { format: formatNow });
  launch(box, 'one');
  t.is(await box.box('init'), 0);
  t.is(await box.box('ready'), 0, box.said.join('\n'));
  t.like(record(box), { format: formatNow, healthy: { id: 'one', since: box.now.toISOString() } });
  t.false(existsSync(box.at(`${root}/backup/before`)));
  t.false(
    box.ran.some((line) => line.includes('try-mail')),
    'nobody ran before it: there is nothing to go back to',
  );
});

test('another image keeps the state as it was, opens only when the box works, and delivers what waited', async (t) => {
  const box = await lived(t);
  launch(box, 'two');
  await box.init(t);
  const [mail, list] = ['cur/1.mail:2,S', 'dovecot-uidlist'].map((name) =>
    [root, `${root}/backup/before`].map(
      (at) => statSync(box.at(`${at}/mail/mailboxes/example.com/me/${name}`)).ino,
    ),
  );
  t.is(mail?.[0], mail?.[1], 'a mail has a second name');
  t.not(list?.[0], list?.[1], 'what daemons write into is copied');
  t.is(box.read(`${root}/backup/before/mail/queue/deferred/A/ABC`), 'a mail that waits\n');
  t.deepEqual(readdirSync(box.at(`${root}/mail/queue/deferred`)), [], 'nothing is sent while it is on trial');

  t.is(await box.box('ready'), 0, box.said.join('\n'));
  const order = box.ran.map((line) =>
    line.includes('try-mail') ? 'mail' : line.includes('dig') ? 'dns' : line,
  );
  t.true(order.indexOf('dns') < order.indexOf('mail') && order.indexOf('mail') < order.indexOf('fence open'));
  t.like(record(box), { healthy: { id: 'two' } });
  t.is(record(box).trying, undefined);
  t.is(box.read(`${root}/mail/queue/incoming/ABC`), 'a mail that waits\n');
  t.false(existsSync(box.at(`${root}/backup/before`)));
  await box.init(t);
  t.is(await box.box('ready'), 0);
  t.false(
    box.ran.some((line) => line.includes('try-mail')),
    'it has shown it once',
  );
});

test('an image that does not work stays closed and gives the state back; the former one goes on and tells', async (t) => {
  const box = await lived(t);
  const before = state(box);
  launch(box, 'two');
  await box.init(t);
  box.write(`${root}/www/default/new.html`, 'made by the image on trial');
  works(box, false);
  t.is(await box.box('ready'), 1);
  t.false(isOpen(box));
  t.deepEqual(state(box), before);
  t.true(box.ran.includes('service dovecot stop') && box.ran.includes('service opendkim stop'));
  t.false(existsSync(box.at('/run/box/initialised')), 'nothing starts on it again');
  t.like(box.report(), { stage: 'failed', initialised: false, fenceOpen: false });
  t.regex(
    String(box.report().error),
    /\(two\) does not work on this state: first look: no mail goes through: IMAP: connection refused; the state is as it was/,
  );
  t.regex(String(box.report().hint), /launch Letterbox 0\.1\.0 for some-release \(one\) again/);

  t.is(await box.box('init'), 1, 'it is tried once at a boot');
  t.deepEqual(state(box), before);

  launch(box, 'one');
  works(box);
  let mailed = '';
  const answer = box.answer;
  box.answer = (argv, input) => {
    if (argv[0]?.endsWith('sendmail'))
      mailed += Buffer.from(input.split('\n\n')[1] ?? '', 'base64').toString();
    return answer(argv, input);
  };
  await box.init(t);
  t.is(await box.box('ready'), 0, box.said.join('\n'));
  t.true(isOpen(box));
  t.regex(mailed, /WARNING replaced image: .*\(two\) did not work .*IMAP: connection refused/);
  await box.box('status');
  t.true(box.said.some((line) => /warning +replaced image: .*\(two\)/.test(line)));
  mailed = '';
  t.is(await box.box('ready'), 0);
  t.is(mailed, '', 'it is told once');
});

test('a state of a newer format is refused with the version to launch, and stays as it is', async (t) => {
  const box = await lived(t);
  const newer = { format: 99, healthy: { id: 'ten', version: '9.0.0', release: 'debian-20', since: 'then' } };
  box.write(`${root}/letterbox.json`, JSON.stringify(newer));
  const before = box.tree(root);
  launch(box, 'two');
  t.is(await box.box('init'), 1);
  t.regex(
    String(box.report().error),
    /has state format 99, of Letterbox 9\.0\.0 for debian-20 \(ten\); this image knows formats up to \d+$/,
  );
  t.regex(String(box.report().hint), /^launch Letterbox 9\.0\.0 for debian-20/);
  t.deepEqual(box.tree(root), before);
});

test('a state older than the number is on trial, and given back without it', async (t) => {
  const box = await lived(t);
  await box.machine.remove(`${root}/letterbox.json`);
  launch(box, 'two');
  works(box, false);
  await box.init(t);
  t.like(record(box), { format: formatNow, trying: { id: 'two' } });
  t.is(await box.box('ready'), 1);
  t.like(record(box), { format: 1, refused: { image: { id: 'two' } } });
});

test('there must be room for the copy: else nothing is changed, and the box says how much is needed', async (t) => {
  const box = await lived(t);
  const before = state(box);
  box.broken = (argv) => argv.some((word) => word.endsWith('copy-state.py'));
  box.answer = () => ({ code: 75, err: '300 MiB are needed, and 20 free\n' });
  launch(box, 'two');
  t.is(await box.box('init'), 1);
  t.regex(
    String(box.report().error),
    /the state can’t be kept as it is, which another image needs: 300 MiB are needed, and 20 free/,
  );
  t.deepEqual(state(box), before);
});

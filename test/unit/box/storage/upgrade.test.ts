/** Another image on a state: what is kept, when it is given back, and that no power cut loses anything between. */
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, rmSync, statSync } from 'node:fs';
import test, { type ExecutionContext } from 'ava';
import { formatNow } from '../../../../box/storage/upgrade/migrations/index.ts';
import { image, TemporaryBox } from '../temporary-box.ts';

const root = '/home/user-data';
const record = (box: TemporaryBox) => JSON.parse(box.read(`${root}/letterbox.json`));
const isOpen = (box: TemporaryBox) => box.ran.includes('fence open');

/** What the programs around the box answer, where mail and DNS work. */
function works(box: TemporaryBox, mail = true): void {
  box.broken = (argv) => argv.some((word) => word.endsWith('try-mail.py'));
  box.answer = (argv) => {
    if (argv[0] === 'doveadm') return { out: `{SHA512-CRYPT}$6$abcdefgh$${'x'.repeat(86)}\n` };
    if (argv[0] === 'dig')
      return {
        out: [
          ';; ->>HEADER<<- opcode: QUERY, status: NOERROR, id: 1',
          ';; ANSWER SECTION:',
          'example.com. 60 IN SOA a b 1 2 3 4 5',
          'example.com. 60 IN RRSIG SOA 13 2 60 x y z',
          '',
        ].join('\n'),
      };
    if (box.broken(argv)) return mail ? {} : { code: 1, err: 'IMAP: connection refused\n' };
    return undefined;
  };
}

/** A box that has been ready with image `one`, with a mail, and another that waits. */
async function lived(t: ExecutionContext): Promise<TemporaryBox> {
  const box = await TemporaryBox.booted(t);
  // Not TCP's, at which `box ready` would knock.
  const port = { port: 1, protocol: 'udp', role: 'postfix', public: true } as const;
  const ports = ['submission', 'imaps'].map((name) => ({ ...port, name }));
  box.write('/usr/lib/box/image.json', JSON.stringify({ ...image, ports }));
  launch(box, 'one');
  works(box);
  await box.init(t);
  t.is(await box.box('ready'), 0, box.said.join('\n'));
  box.write(`${root}/mail/mailboxes/example.com/me/cur/1.mail:2,S`, 'a mail\n');
  box.write(`${root}/mail/mailboxes/example.com/me/dovecot-uidlist`, '3 V1 N2\n');
  box.write(`${root}/mail/queue/deferred/A/ABC`, 'a mail that waits\n');
  return box;
}

/** Another image, or the same again, after a reboot. */
function launch(box: TemporaryBox, id: string): void {
  box.write('/usr/lib/box/image-id', `${id}\n`);
  box.write('/proc/sys/kernel/random/boot_id', `${Math.random()}\n`);
  rmSync(box.at('/run/box'), { recursive: true, force: true });
}

/** Each file's mode and digest, without what tells of the upgrade itself, and without the times of links and folders. */
function state(box: TemporaryBox): Record<string, string> {
  const own = /user-data\/(letterbox\.json|status\.json|backup(\/.*)?|\.removed)$/;
  const told = ([file, text]: [string, string]) => {
    const [mode = '', , content = ''] = text.split(' ');
    return [file, `${mode} ${createHash('sha256').update(content).digest('hex').slice(0, 8)}`];
  };
  return Object.fromEntries(
    Object.entries(box.tree(root))
      .filter(([file]) => !own.test(file))
      .map(told),
  );
}

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

/** Lets the power fail at the n-th rename of something whole. */
function cutAt(
  box: TemporaryBox,
  n: number,
): { readonly happened: () => boolean; readonly mend: () => void } {
  const { machine } = box;
  const real = machine.moveOver.bind(machine);
  let left = n;
  machine.moveOver = async (fresh, place) => {
    left -= 1;
    if (left <= 0) throw new Error('the power fails');
    return real(fresh, place);
  };
  return {
    happened: () => left <= 0,
    mend: () => {
      machine.moveOver = real;
    },
  };
}

for (const [what, mail] of [
  ['works', true],
  ['does not', false],
] as const)
  test(`a power cut at any rename of an upgrade that ${what}: the former image finds its state, the new one goes on`, async (t) => {
    for (let n = 1; ; n++) {
      const box = await lived(t);
      const before = state(box);
      launch(box, 'two');
      works(box, mail);
      const cut = cutAt(box, n);
      if ((await box.box('init')) === 0) await box.box('ready');
      const happened = cut.happened();
      cut.mend();
      if (!happened) {
        t.true(n > (mail ? 3 : 8), 'it has cut something');
        break;
      }
      const goesOn = n % 2 === 0;
      launch(box, goesOn ? 'two' : 'one');
      works(box);
      t.is(await box.box('init'), 0, `cut ${n}: ${box.said.join('\n')}`);
      if (!goesOn && record(box).healthy.id === 'one' && record(box).trying === undefined)
        t.deepEqual(state(box), before, `cut ${n}`);
      t.is(await box.box('ready'), 0, `cut ${n}: ${box.said.join('\n')}`);
      t.like(record(box), { healthy: { id: goesOn ? 'two' : 'one' } });
      const found = ['deferred/A', 'incoming'].flatMap((queue) => {
        const folder = box.at(`${root}/mail/queue/${queue}`);
        return existsSync(folder) ? readdirSync(folder) : [];
      });
      t.deepEqual(found, ['ABC'], `cut ${n}: what waited is there once`);
      t.is(box.read(`${root}/mail/mailboxes/example.com/me/cur/1.mail:2,S`), 'a mail\n');
      for (const name of ['before', 'going-back', 'coming-back', 'given-up'])
        t.false(existsSync(box.at(`${root}/backup/${name}`)), `cut ${n}: ${name}`);
    }
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

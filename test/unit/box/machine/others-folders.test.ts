/** What another user may lay into a folder of theirs that root looks into: root is not led, not stopped and not filled by it. */
import { execFileSync } from 'node:child_process';
import {
  existsSync,
  linkSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import test from 'ava';
import { mailboxBytes } from '../../../../box/mail/mailbox-size.ts';
import { TemporaryBox } from '../temporary-box.ts';

const page = '/home/user-data/www/default/index.html';

interface Hostile {
  readonly what: string;
  readonly lay: (place: string) => void;
}

/** The thing itself and never where it leads: `rmSync` of Node.js 16 follows a link to say that it can't. */
function remove(file: string): void {
  if (lstatSync(file).isDirectory()) rmSync(file, { recursive: true });
  else unlinkSync(file);
}

const hostile: readonly Hostile[] = [
  {
    what: 'a folder',
    lay: (place) => mkdirSync(path.join(place, 'sub'), { recursive: true }),
  },
  { what: 'a link to itself', lay: (place) => symlinkSync('index.html', place) },
  {
    what: 'a link to memory without end',
    lay: (place) => symlinkSync('/dev/zero', place),
  },
  { what: 'a pipe', lay: (place) => execFileSync('mkfifo', [place]) },
  {
    what: 'a socket',
    lay: (place) =>
      execFileSync('/usr/bin/python3', [
        '-c',
        'import os,socket,sys; os.chdir(os.path.dirname(sys.argv[1])); socket.socket(socket.AF_UNIX).bind("index.html")',
        place,
      ]),
  },
];

for (const { what, lay } of hostile) {
  test(`${what} in the place of the owner’s first page: the box does not look at it, and opens`, async (t) => {
    const box = await TemporaryBox.booted(t);
    // An uploader's folder, which is not root's alone.
    execFileSync('chmod', ['777', box.at(path.dirname(page))]);
    lay(box.at(page));
    const before = lstatSync(box.at(page));
    await box.init(t);
    t.deepEqual(
      box
        .report()
        .steps.filter(({ result }) => result === 'failed')
        .map(({ title }) => title),
      [],
    );
    t.is(await box.box('ready'), 0, box.said.join('\n'));
    t.is(box.report().stage, 'ready');
    t.true(box.ran.includes('fence open'));
    const after = lstatSync(box.at(page));
    t.deepEqual([after.ino, after.mode], [before.ino, before.mode]);
    remove(box.at(page));
  });
}

test('an optional step that fails is told until it is mended: at the console, in the message of the day, by the status', async (t) => {
  const box = await TemporaryBox.booted(t);
  const made = '/etc/box/pages/front.en.html';
  rmSync(box.at(made));
  mkdirSync(box.at(`${made}/sub`), { recursive: true });
  await box.init(t);
  const step = box.report().steps.find(({ title }) => title === 'web pages') as {
    result: string;
    error?: string;
  };
  t.is(step.result, 'failed');
  t.truthy(step.error);
  t.is(await box.box('ready'), 0, box.said.join('\n'));
  t.is(box.report().stage, 'ready');
  t.true(box.ran.includes('fence open'));
  t.regex(box.said.join('\n'), /NOT DONE: web pages: /);
  t.like(JSON.parse(box.said.at(-1)?.replace(/^letterbox: /, '') ?? ''), {
    stage: 'ready',
    notDone: [{ step: 'web pages', error: step.error }],
  });
  t.regex(box.read('/run/box/motd'), /NOT DONE: web pages/);
  await box.box('status');
  t.regex(box.said.join('\n'), /boot: web pages: /);
  remove(box.at(made));
  await box.init(t);
  t.is(box.report().steps.find(({ title }) => title === 'web pages')?.result, 'ran');
  t.regex(box.read(made), /<html lang="en">/);
});

test('a folder that is named as a temporary file stops no boot, and is left to whoever made it', async (t) => {
  const box = await TemporaryBox.booted(t);
  const made = '/home/user-data/www/default/.index.html.box-new';
  box.write(`${made}/x`, '');
  await box.init(t);
  t.true(existsSync(box.at(`${made}/x`)));
});

test('each step that mail does without may fail, and no other', async (t) => {
  const { steps } = await import('../../../../box/init/steps/index.ts');
  t.deepEqual(
    steps.filter(({ optional }) => optional === true).map(({ title }) => title),
    [
      'ssh host keys',
      'half-made databases',
      'webmail',
      'allow-list',
      'settings for mail programs',
      'profile for Apple’s mail programs',
      'web pages',
      'web sites',
      'sftp keys',
      'backup',
      'copy of the accounts',
    ],
  );
  const box = await TemporaryBox.booted(t);
  // What nginx refuses and what the owner wrote wrongly is told elsewhere, and fails no step.
  rmSync(box.at('/home/user-data/www/custom.yaml'));
  mkdirSync(box.at('/home/user-data/www/custom.yaml'));
  for (const file of [
    '/etc/ssh/sftp_keys',
    '/etc/fail2ban/jail.d/00-allow.conf',
    '/etc/box/autoconfig.xml',
  ]) {
    rmSync(box.at(file), { force: true });
    mkdirSync(box.at(file));
  }
  await box.init(t);
  t.deepEqual(
    box
      .report()
      .steps.filter(({ result }) => result === 'failed')
      .map(({ title }) => title),
    ['allow-list', 'settings for mail programs', 'sftp keys'],
  );
});

test('a mailbox’s count that is a link, a pipe or in a folder that a link leads to counts nothing', async (t) => {
  const box = await TemporaryBox.booted(t);
  const mailbox = '/home/user-data/mail/mailboxes/example.com/me';
  box.write(`${mailbox}/maildirsize`, '0S\n100 1\n23 1\n');
  execFileSync('chmod', ['777', box.at(mailbox)]);
  t.is(await mailboxBytes(box.machine, 'me@example.com'), 123);
  renameSync(box.at(mailbox), box.at('/elsewhere'));
  symlinkSync(box.at('/elsewhere'), box.at(mailbox));
  t.is(await mailboxBytes(box.machine, 'me@example.com'), 0);
  remove(box.at(mailbox));
  mkdirSync(box.at(mailbox), { mode: 0o777 });
  execFileSync('chmod', ['777', box.at(mailbox)]);
  symlinkSync('/dev/zero', box.at(`${mailbox}/maildirsize`));
  t.is(await mailboxBytes(box.machine, 'me@example.com'), 0);
  rmSync(box.at(`${mailbox}/maildirsize`));
  execFileSync('mkfifo', [box.at(`${mailbox}/maildirsize`)]);
  t.is(await mailboxBytes(box.machine, 'me@example.com'), 0);
  rmSync(box.at(mailbox), { recursive: true });
  t.is(await mailboxBytes(box.machine, 'me@example.com'), 0);
});

test('a folder of the box’s within a folder of a daemon’s: what else lies there is set aside, and no link is followed', async (t) => {
  const box = await TemporaryBox.booted(t);
  const filter = '/home/user-data/mail/spamassassin';
  const training = `${filter}/training`;
  mkdirSync(box.at('/elsewhere/spam'), { recursive: true });
  execFileSync('chmod', ['777', box.at(filter)]);
  const target = statSync(box.at('/elsewhere/spam')).mode;
  renameSync(box.at(training), box.at(`${filter}/old`));
  symlinkSync(box.at('/elsewhere'), box.at(training));
  await t.throwsAsync(box.machine.putDirectory({ path: `${training}/spam`, mode: 0o2770 }), {
    name: 'Failure',
    message: /training leads to ".*elsewhere"/,
  });
  await box.machine.putDirectory({ path: training, mode: 0o755 });
  t.true(statSync(box.at(training)).isDirectory());
  t.is(statSync(box.at('/elsewhere/spam')).mode, target);
  t.true(readdirSync(box.at(filter)).some((name) => name.startsWith('training.damaged-')));
});

test('a file with a second name is given to nobody', async (t) => {
  const box = await TemporaryBox.booted(t);
  const folder = '/home/user-data/mail/spamassassin';
  execFileSync('chmod', ['777', box.at(folder)]);
  box.write('/home/user-data/secret', 'root’s');
  linkSync(box.at('/home/user-data/secret'), box.at(`${folder}/bayes`));
  await t.throwsAsync(box.machine.own({ path: `${folder}/bayes`, mode: 0o666 }), {
    message: /neither a folder nor a file of its own/,
  });
  t.not(statSync(box.at('/home/user-data/secret')).mode & 0o777, 0o666);
});

test('a tree of somebody else’s is removed: links, pipes, names that are no text, folders in folders', async (t) => {
  const box = await TemporaryBox.booted(t);
  const www = '/home/user-data/www';
  const tree = `${www}/gone.example`;
  box.write('/elsewhere/kept', 'x');
  mkdirSync(box.at(tree));
  // Deeper than a path may be long.
  const deep = 'import os\nfor _ in range(300): os.mkdir("d" * 20); os.chdir("d" * 20)\nopen("x", "w")';
  execFileSync('/usr/bin/python3', ['-c', deep], { cwd: box.at(tree) });
  symlinkSync(box.at('/elsewhere'), box.at(`${tree}/link`));
  execFileSync('mkfifo', [box.at(`${tree}/pipe`)]);
  writeFileSync(Buffer.from(`${box.at(tree)}/\xff\xfe`, 'latin1'), '');
  mkdirSync(Buffer.from(`${box.at(tree)}/\xfe/a`, 'latin1'), { recursive: true });
  // What a power cut left of an earlier one.
  box.write(`${www}/.removed/half/x`, '');
  await box.machine.removeTree(tree);
  t.false(existsSync(box.at(tree)));
  t.false(existsSync(box.at(`${www}/.removed`)));
  t.is(readFileSync(box.at('/elsewhere/kept'), 'utf8'), 'x');
  await box.machine.removeTree(tree);
});

test('root’s removal is not led elsewhere by whoever puts a link in the place of a folder meanwhile', async (t) => {
  const box = await TemporaryBox.booted(t);
  const www = '/home/user-data/www';
  for (let i = 0; i < 40; i++) box.write(`/elsewhere/d${i}/kept`, 'x');
  // The other side: at every moment it tries to make a link of each folder that it can reach.
  for (let round = 0; round < 5; round++) {
    for (let i = 0; i < 40; i++) box.write(`${www}/gone.example/d${i}/d/x`, '');
    const removing = box.machine.removeTree(`${www}/gone.example`);
    const swap = (async () => {
      for (let n = 0; n < 400; n++) {
        await new Promise((resolve) => setImmediate(resolve));
        for (const found of folders(box.at(www)))
          try {
            renameSync(found, `${box.at(www)}/moved-${round}-${n}`);
            symlinkSync(box.at('/elsewhere'), found);
          } catch {}
      }
    })();
    await Promise.allSettled([removing, swap]);
    t.is(readdirSync(box.at('/elsewhere')).length, 40);
    for (let i = 0; i < 40; i++) t.true(existsSync(box.at(`/elsewhere/d${i}/kept`)));
  }
});

/** A few of the folders that are being removed, wherever they are. */
function folders(www: string): string[] {
  try {
    const bin = path.join(www, '.removed');
    return readdirSync(bin, { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .slice(0, 3)
      .map(({ name }) => path.join(bin, name));
  } catch {
    return [];
  }
}

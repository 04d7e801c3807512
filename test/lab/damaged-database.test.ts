/** The accounts, or the webmail's database, damaged or gone: the last good copy is taken, and the administrator told. */
import { readdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import anyTest, { type ExecutionContext } from 'ava';
import { artefacts } from '../rig/artefacts.ts';
import { deliver, Reader } from '../rig/mail.ts';
import { hostname } from '../rig/owner.ts';
import { waitFor } from '../rig/wait.ts';
import { makeLab } from './world/lab.ts';
import { addAccount, started, subjects } from './world/started.ts';

const test = anyTest.serial;
const root = '/home/user-data';
const accounts = `${root}/mail/users.sqlite`;
const webmail = `${root}/mail/roundcube/roundcube.sqlite`;
const ready = makeLab(artefacts(anyTest, 'lab-damaged-database')).then(async (lab) => {
  const box = await started(lab, 'box', lab.owner);
  const you = await addAccount(box, lab.owner, 'you@example.com');
  return { box, me: lab.owner, you };
});

/** Mail comes in for the account, and its owner reads it. */
async function serves(t: ExecutionContext, subject: string): Promise<void> {
  const { box, you } = await ready;
  const reader = await Reader.of(box, hostname, you, box.folder);
  await deliver(box, 25, { from: box.stranger, to: you.email, subject });
  t.regex(await reader.imap(subject), new RegExp(`^Subject: ${subject}`, 'm'));
}

const emails = async () =>
  (await (await ready).box.run(`sqlite3 ${accounts} 'SELECT email FROM users ORDER BY email'`))
    .trim()
    .split('\n');

const aside = async (file: string) =>
  (await (await ready).box.run(`ls ${file}.damaged-* 2>/dev/null || true`)).trim();

test('accounts that are damaged while the box serves: within minutes all are there, and the administrator is told', async (t) => {
  const { box, me } = await ready;
  await serves(t, 'before');
  t.is((await box.run('systemctl is-active box-watch.timer')).trim(), 'active');
  const size = Number(await box.run(`stat -c %s ${accounts}`));
  await box.run(`dd if=/dev/urandom of=${accounts} bs=${size} count=1 conv=notrunc 2>/dev/null`);
  t.regex((await box.outcome('box status')).stdout, /^error {4}databases: .*users\.sqlite is damaged/m);
  await box.run('systemctl start box-watch');
  t.deepEqual(await emails(), ['me@example.com', 'you@example.com']);
  t.is((await box.run(`stat -c '%a %U:%G' ${accounts}`)).trim(), '640 root:box-accounts');
  await serves(t, 'healed');
  const damaged = await aside(accounts);
  t.is(Number(await box.run(`stat -c %s ${damaged}`)), size, 'the damaged one is kept');
  t.regex((await box.outcome('box status')).stdout, /^warning {2}databases: .*\.damaged-\d+ was damaged/m);
  await waitFor('the mail to the administrator', async () =>
    (await subjects(box, me.email)).some((subject) => /problems: \d+ new/.test(subject)) ? true : undefined,
  );
  const told = await box.run(`doveadm fetch -u ${me.email} body.snippet subject problems`);
  t.truthy(told);
  await box.run(`rm ${damaged}`);
  t.regex((await box.outcome('box status')).stdout, /^ok {7}databases: whole/m);
});

test('an account that was made a moment ago is in the copy', async (t) => {
  const { box, me } = await ready;
  await addAccount(box, me, 'third@example.com');
  await box.run(`: >${accounts}`);
  await box.run('systemctl start box-watch');
  t.deepEqual(await emails(), ['me@example.com', 'third@example.com', 'you@example.com']);
  await box.run(`rm ${await aside(accounts)}`);
});

for (const [what, spoil] of [
  ['damaged', (file: string) => writeFileSync(file, 'not a database at all '.repeat(2000))],
  ['gone', (file: string) => rmSync(file)],
] as const) {
  test(`accounts and webmail that are ${what} at a boot: the box has them again, and opens`, async (t) => {
    const { box } = await ready;
    await box.run(
      `runuser -u box-webmail -- sqlite3 ${webmail} "INSERT OR IGNORE INTO users (username, mail_host, created) VALUES ('kept', 'x', '2026-01-01')"`,
    );
    await box.run('systemctl start box-nightly');
    await box.run('sync');
    await box.kill();
    const upper = path.join(box.folder, 'upper');
    for (const file of [accounts, webmail]) spoil(path.join(upper, file));
    await box.start();
    const said = await box.console.outcome();
    t.is(said.stage, 'ready', said.error);
    t.deepEqual(await emails(), ['me@example.com', 'third@example.com', 'you@example.com']);
    t.is(
      (await box.run(`sqlite3 ${webmail} "SELECT username FROM users WHERE username = 'kept'"`)).trim(),
      'kept',
    );
    await serves(t, `after a boot, ${what}`);
    const set = readdirSync(path.join(upper, root, 'mail')).filter((name) => name.includes('.damaged-'));
    t.is(set.length, what === 'gone' ? 0 : 1);
    await box.run(`rm -f ${root}/mail/*.damaged-* ${root}/mail/roundcube/*.damaged-*`);
  });
}

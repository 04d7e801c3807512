/** Search by IMAP: the index answers, is made in the background and made anew, and has its limits. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import anyTest from 'ava';
import { artefacts } from '../boot/artefacts.ts';
import { type Account, Reader } from '../boot/mail.ts';
import { hostname } from '../boot/owner.ts';
import { waitFor } from '../boot/wait.ts';
import { makeLab } from './lab.ts';
import type { LabBox } from './nspawn.ts';
import { addAccount, started } from './started.ts';

const test = anyTest.serial;
const kept = artefacts(anyTest, 'lab-search');
const lab = makeLab(kept);
const number = 300;
const ready = lab.then(async (made) => {
  const box = await started(made, 'box', made.owner);
  await putProgram(box);
  const you = await addAccount(box, made.owner, 'you@example.com');
  return { box, me: made.owner as Account, you };
});
const putProgram = (box: LabBox) =>
  box.run(
    'cat >/root/deliver-many.py',
    readFileSync(fileURLToPath(new URL('deliver-many.py', import.meta.url)), 'utf8'),
  );

/** How many mails a search of a mail program finds. */
async function found(criterion: string, account?: Account): Promise<number> {
  const { box, me } = await ready;
  const reader = await Reader.of(box, hostname, account ?? me, box.folder);
  // As curl's configuration has it, in UTF-8 (RFC 3501, section 6.4.4).
  const request = `SEARCH CHARSET UTF-8 ${criterion}`.replace(/"/g, '\\"');
  const { code, stdout, stderr } = await reader.curl(`imaps://${hostname}:993/INBOX`, [
    `request = "${request}"`,
  ]);
  if (code !== 0) throw new Error(`${criterion}: ${stderr}`);
  return (/^\* SEARCH(.*)$/m.exec(stdout)?.[1] ?? '')
    .trim()
    .split(' ')
    .filter((uid) => uid !== '').length;
}

const index = (account: Account) => {
  const [name, domain] = account.email.split('@');
  return `/home/user-data/mail/mailboxes/${domain}/${name}/xapian-indexes`;
};
/** Whether there is an index. */
const isIndexed = async (account: Account) =>
  (await (await ready).box.outcome(`ls ${index(account)}/db_*/postlist.glass`)).code === 0;
const memory = /VmPeak:\s+(\d+) kB[\s\S]*VmHWM:\s+(\d+) kB/;

/** Words, and how many of the mails have them. */
const finds: readonly (readonly [string, number])[] = [
  ['BODY "mark17end"', 1],
  ['TEXT "passengers"', number],
  ['BODY "assenge"', number],
  ['SUBJECT "many"', number],
  ['BODY "Überweisung"', 1],
  ['BODY "überweisung"', 1],
  ['BODY "weisung"', 1],
  ['TEXT "Köln"', 1],
  ['BODY "schöne Grüße"', 1],
  ['BODY "Straßenverkehrsamt"', 1],
  ['BODY "東京"', 1],
  ['BODY "会議"', 1],
  ['TEXT "世界"', 1],
  ['BODY "Размер"', 1],
  ['BODY "nosuchword"', 0],
];
async function wrong(): Promise<string[]> {
  const bad: string[] = [];
  for (const [criterion, wanted] of finds) {
    const got = await found(criterion);
    if (got !== wanted) bad.push(`${criterion}: ${got}, not ${wanted}`);
  }
  return bad;
}

test('no indexer runs before there is mail', async (t) => {
  const { box } = await ready;
  t.is((await box.outcome('pgrep -f '[d]ovecot/indexer'')).code, 1);
});

test('hundreds of mails are indexed in the background, and words of several languages are found', async (t) => {
  const { box, me } = await ready;
  const seconds = await box.run(`python3 /root/deliver-many.py ${me.email} ${number}`);
  t.log(`${number} deliveries: ${seconds.trim()} s`);
  t.true(await isIndexed(me), 'nobody has searched yet');
  t.deepEqual(await wrong(), []);
  const sizes = await box.run(
    `du -sk ${index(me)} | cut -f1; cat ${index(me)}/../new/* ${index(me)}/../cur/* | wc -c`,
  );
  t.log(`index and mail: ${sizes.trim().replace('\n', ' kB, ')} bytes`);
  t.is((await box.run(`stat -c %U:%a ${index(me)}`)).trim(), 'mail:700');
});

test('it is the index that answers: a mail whose text is gone is found all the same', async (t) => {
  const { box, me } = await ready;
  // What the index knows and the file has no more.
  await box.run(
    `cd ${index(me)}/..; file=$(grep -l mark99end new/* cur/* 2>/dev/null); sed -i s/mark99end/mork99end/ "$file"`,
  );
  t.is(await found('BODY "mark99end"'), 1);
  t.is(await found('BODY "mork99end"'), 0);
  await box.run(
    `cd ${index(me)}/..; file=$(grep -l mork99end new/* cur/* 2>/dev/null); sed -i s/mork99end/mark99end/ "$file"`,
  );
});

test('a quota does not count the index', async (t) => {
  const { box, me } = await ready;
  const used = /^User quota|STORAGE\s+(\d+)/m.exec(
    await box.run(`doveadm quota recalc -u ${me.email}; doveadm quota get -u ${me.email}`),
  )?.[1];
  const mail =
    Number(await box.run(`cat ${index(me)}/../new/* ${index(me)}/../cur/* 2>/dev/null | wc -c`)) / 1024;
  t.true(Math.abs(Number(used) - mail) < mail / 20, `${used} kB of ${mail}`);
});

test('an index that was deleted is made anew by the next search', async (t) => {
  const { box, me } = await ready;
  await box.run(`rm -r ${index(me)}`);
  t.deepEqual(await wrong(), []);
  t.true(await isIndexed(me));
});

test('after a power cut in the middle of it the index is finished', async (t) => {
  const { box, me } = await ready;
  await box.run(`rm -r ${index(me)}; doveadm index -u ${me.email} -q INBOX; sleep 0.3`);
  await box.kill();
  await box.start();
  t.is((await box.console.outcome(180)).stage, 'ready');
  t.is((await box.outcome('pgrep -f '[d]ovecot/indexer'')).code, 1, 'no indexer starts with the box');
  await waitFor('a search that finds all', 60, async () => ((await wrong()).length === 0 ? true : undefined));
  t.deepEqual(await wrong(), []);
});

test('a text of megabytes stays within the memory limit and the time, is found, and others are not kept waiting', async (t) => {
  const { box, me, you } = await ready;
  await box.run(
    `python3 -c 'import random; r = random.Random(2); print("\\n".join(" ".join("".join(r.choice("abcdefghijklmnopqrstuvwxyz") for _ in range(8)) for _ in range(9)) for _ in range(50000)) + "\\nneedleinthemail")' >/root/large.txt`,
  );
  await putProgram(box);
  const seconds = Number(await box.run(`python3 /root/deliver-many.py ${you.email} /root/large.txt`));
  t.true(seconds < 10, `delivered in ${seconds} s`);
  const worker = () => box.outcome('cat /proc/$(pgrep -f lib/dovecot/indexer-worker | head -1)/status');
  t.true((await found('BODY "needleinthemail"', you)) === 1);
  const [, size = '0', resident = '0'] = memory.exec((await worker()).stdout) ?? [];
  t.log(`while it is indexed: ${resident} kB of memory, ${size} kB of address space`);
  t.true(Number(size) <= 256 * 1024 && Number(resident) <= 256 * 1024);
  t.regex(
    (await box.outcome('ps -o ni= -p $(pgrep -f lib/dovecot/indexer-worker | head -1)')).stdout,
    /^\s*(1[5-9])?\s*$/,
  );
  // Mail comes in, and is found, while that goes on.
  await box.run(`python3 /root/deliver-many.py ${me.email} 1`);
  t.is(await found('BODY "mark0end"'), 2);
  const began = Date.now();
  await box.run('systemctl restart dovecot');
  t.true(Date.now() - began < 40_000, 'Dovecot can be restarted meanwhile');
});

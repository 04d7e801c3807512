/**
 * `npm run bench engines`: the box's index of mails beside the release's own engine for searches (flatcurve), with reading every mail
 * as the truth: what each finds and misses, how fast it answers and fills, its size, what is left after it was killed while it
 * filled, and what mails cost that are made to cost much. BENCH_PARTS says which, of `ask kill pay`. Needs root, a mirror, and the
 * image of a release that has flatcurve.
 */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { LabBox } from '../test/lab/world/nspawn.ts';
import { addAccount } from '../test/lab/world/started.ts';
import type { Owner } from '../test/rig/owner.ts';
import { withBox } from './box.ts';
import { install } from './engines/packages.ts';
import { type Asked, answers, type Filled, filling, sums } from './engines/report.ts';
import { isFilled, ours, packaged, prepare, reading, type Way, widest } from './engines/ways.ts';
import { markdown } from './table.ts';

const mails = Number(process.env.BENCH_MAILS ?? 3000);
const questionsOfEach = 20;
/** Of each mail that is made to cost much. */
const hostileMib = Number(process.env.BENCH_HOSTILE_MIB ?? 20);
const hostile = [
  'one word',
  'Chinese without a mark',
  'different words',
  'words of 49 letters',
  'parts in parts',
  'many parts',
];
/** What indexer-worker may have on a box (overlays/search), and what no mail is worth, lest it take the machine's all. */
const limits = [256, 4096];
const indexed = [ours, packaged, widest];
const mailboxes = '/home/user-data/mail/mailboxes/example.com';
const folderOf = (account: string) => `${mailboxes}/${account.split('@')[0]}`;

export const benchEngines = (): Promise<void> =>
  withBox(async (box, owner, folder) => {
    await install(box, folder, ['dovecot-flatcurve', 'libxapian30']);
    await prepare(box);
    for (const name of ['corpus', 'ask', 'fill', 'kill', 'hostile']) {
      const program = fileURLToPath(new URL(`engines/${name}.py`, import.meta.url));
      await box.run(`cat >/root/${name}.py`, readFileSync(program));
    }
    // It would fill the index of every account that comes, beside what is measured here.
    await box.run('systemctl stop box-fill-search.path box-fill-search.timer');
    const parts = { ask: fillAndAsk, kill: killWhileFilling, pay };
    const wanted = (process.env.BENCH_PARTS ?? 'ask kill pay').split(' ');
    for (const [name, part] of Object.entries(parts)) if (wanted.includes(name)) await part(box, owner);
  });

/** Adds an account with an empty inbox. */
async function add(box: LabBox, owner: Owner, account: string): Promise<void> {
  await addAccount(box, owner, account);
  await box.run(
    `systemctl stop box-fill-search.service; doveadm mailbox status -u ${account} messages INBOX`,
  );
}

/** The list of mails, which Dovecot keeps for every way. */
const list = (box: LabBox, account: string) =>
  box.run(`doveadm -c ${reading.configuration} index -u ${account} INBOX`, '', 600);

const writes = (box: LabBox, folders: readonly string[], each: number) =>
  box.run(`cd /root && python3 corpus.py ${mails} ${each} texts questions ${folders.join(' ')}`, '', 600);

async function fill(box: LabBox, way: Way, limit = 0): Promise<Filled> {
  // A new process of the service: what it needed before is not this one's.
  if (way.service !== '') await box.run(`systemctl stop ${way.service}`);
  const argv = `'${way.service}' ${limit} ${way.configuration} ${way.account}`;
  return JSON.parse(await box.run(`python3 /root/fill.py ${argv}`, '', 600));
}

async function ask(box: LabBox, places: Readonly<Record<string, readonly string[]>>): Promise<Asked> {
  return JSON.parse(
    await box.run(`cd /root && python3 ask.py questions texts '${JSON.stringify(places)}'`, '', 3600),
  );
}

/** KiB of an account's index. */
async function sizeOf(box: LabBox, way: Way, isOurs = way === ours): Promise<number> {
  const index = isOurs
    ? `/home/user-data/mail/search/$(printf %s ${way.account} | sha256sum | cut -d' ' -f1).sqlite*`
    : `${folderOf(way.account)}/fts-flatcurve`;
  return Number((await box.run(`du -skc ${index} 2>/dev/null | tail -1 | cut -f1`)).trim());
}

async function fillAndAsk(box: LabBox, owner: Owner): Promise<void> {
  for (const way of indexed) await add(box, owner, way.account);
  await writes(
    box,
    indexed.map(({ account }) => folderOf(account)),
    questionsOfEach,
  );
  for (const way of indexed) await list(box, way.account);
  const whole = Number(await box.run(`cat ${folderOf(ours.account)}/new/* | wc -c`)) / 1024;
  const text = Number(
    await box.run(
      `python3 -c 'import json; print(sum(len(line.encode()) for mail in json.load(open("/root/texts")).values() for lines in mail.values() for line in lines))'`,
    ),
  );
  console.log(
    `${mails} mails of ${(whole / 1024).toFixed(1)} MiB, ${(text / 1024 ** 2).toFixed(1)} MiB of text in them:`,
  );
  const rows: string[][] = [];
  for (const way of indexed) {
    const took = await fill(box, way);
    if (way === ours) await isFilled(box, way.account);
    const size = await sizeOf(box, way);
    rows.push([
      way.title,
      filling(took),
      `${(size / 1024).toFixed(1)} MiB`,
      `${(size / whole).toFixed(2)} x the mails`,
    ]);
    if (way.service === '') {
      await box.run(`doveadm -c ${way.configuration} fts optimize -u ${way.account}`, '', 600);
      rows.push([
        `${way.title}, after doveadm fts optimize`,
        '',
        `${((await sizeOf(box, way)) / 1024).toFixed(1)} MiB`,
        '',
      ]);
    }
  }
  console.log(markdown(['way', 'filling', 'index', ''], rows));
  const ways = [reading, ...indexed];
  const asked = await ask(
    box,
    Object.fromEntries(ways.map(({ title, configuration, account }) => [title, [configuration, account]])),
  );
  console.log(`${answers(asked, ways)}\n\n${sums(asked, ways)}`);
}

/** Dovecot itself runs with the way's configuration meanwhile: a search may have it index what is missing. */
async function killWhileFilling(box: LabBox, owner: Owner): Promise<void> {
  await box.run('cp -a /etc/dovecot /etc/dovecot-ours');
  for (const way of [ours, widest]) {
    const account = `killed-${way.account}`;
    await add(box, owner, account);
    await writes(box, [folderOf(account)], questionsOfEach / 4);
    await list(box, account);
    if (way !== ours)
      await box.run(
        `rm -rf /etc/dovecot && cp -a ${way.configuration.replace('/dovecot.conf', '')} /etc/dovecot && systemctl restart dovecot`,
      );
    const names = way.fills.map((name) => `'${name}'`).join(' ');
    await box.run(`python3 /root/kill.py 8 /etc/dovecot/dovecot.conf ${account} ${names}`, '', 600);
    const places = { reading: [reading.configuration, account], it: ['/etc/dovecot/dovecot.conf', account] };
    const verdict = async () => {
      const kinds = Object.values((await ask(box, places)).it ?? {});
      const sum = (of: 'asked' | 'right' | 'missed') => kinds.reduce((total, one) => total + one[of], 0);
      return `${sum('right')} of ${sum('asked')} questions right, ${sum('missed')} hits missed`;
    };
    console.log(`killed eight times while it filled, ${way.title}, then at once: ${await verdict()}`);
    await fill(box, { ...way, account, configuration: '/etc/dovecot/dovecot.conf' });
    if (way === ours) await isFilled(box, account);
    console.log(`killed eight times while it filled, ${way.title}, after one more: ${await verdict()}`);
  }
  await box.run('rm -rf /etc/dovecot && cp -a /etc/dovecot-ours /etc/dovecot && systemctl restart dovecot');
}

/** What mails cost that are made to cost much, and whether the index has the mail behind one of them. */
async function pay(box: LabBox, owner: Owner): Promise<void> {
  const columns = [ours, widest].flatMap((way) => limits.map((limit) => ({ way, limit })));
  const rows: string[][] = [];
  for (const [i, kind] of hostile.entries()) {
    const cells: string[] = [];
    for (const { way, limit } of columns) {
      const one = { ...way, account: `hostile-${i}-${limit}-${way.account}` };
      await add(box, owner, one.account);
      const inbox = `${folderOf(one.account)}/new`;
      await box.run(`python3 /root/hostile.py '${kind}' ${hostileMib} ${inbox}/1700000000.M1.box
        printf 'Subject: behind it\n\nharmless\n' >${inbox}/1700000001.M2.box && chown mail:mail ${inbox}/*`);
      await list(box, one.account);
      const took = await fill(box, one, limit);
      if (way === ours) await isFilled(box, one.account);
      const behind = (await box.outcome(`${byIndexAlone(one)} body harmless`)).stdout.trim() !== '';
      const size = (await sizeOf(box, one, way === ours)) / 1024;
      cells.push(
        `${filling(took)}, index ${size.toFixed(0)} MiB${behind ? '' : '; the mail behind it is not in it'}`,
      );
      await box.run(`box account remove ${one.account} && rm -rf ${folderOf(one.account)}`);
    }
    rows.push([`${kind}, ${hostileMib} MiB`, ...cells]);
    console.log(`${rows.at(-1)?.join(': ')}`);
  }
  console.log(
    markdown(['a mail of', ...columns.map(({ way, limit }) => `${way.title}, ${limit} MiB`)], rows),
  );
}

/** A search that reads nothing and indexes nothing. */
const byIndexAlone = ({ configuration, account }: Way) =>
  `doveadm -c ${configuration} -o fts_search_read_fallback=no -o fts_search_add_missing=body-search-only -o fts_search_timeout=1s search -u ${account} mailbox INBOX`;

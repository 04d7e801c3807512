/**
 * `npm run bench mail`: how fast mail goes end to end, from a connection on port 25 to a file in a mailbox, as ratios
 * to a bare Postfix and Dovecot in the same box in the same run. Each variant takes out one part of the chain, so that
 * the figures say where the time goes. Needs root and a baked image; the box runs natively (systemd-nspawn).
 */
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { LabBox } from '../test/lab/world/nspawn.ts';
import { ended, start } from '../test/rig/program.ts';
import { waitFor } from '../test/rig/wait.ts';
import { withBox } from './box.ts';
import { type Bench, type Figure, figure } from './figures.ts';

const mails = 300;
const connections = 10;
const rounds = 3;

const noFilter = 'virtual_transport = lmtp:[127.0.0.1]:10026';
const noMilters = 'smtpd_milters =';
const noQuestions = [
  'smtpd_sender_restrictions = reject_non_fqdn_sender',
  'smtpd_recipient_restrictions = reject_unlisted_recipient',
];

/** What is changed in main.cf, by `postconf -e`. The filter hides the other costs, so they are looked at without it. */
const variants: Readonly<Record<string, readonly string[]>> = {
  'bare Postfix and Dovecot': [noFilter, noMilters, ...noQuestions],
  'the whole chain': [],
  'without the spam filter': [noFilter],
  'without the filter, DKIM, SPF and DMARC': [noFilter, noMilters],
  'without the filter, block lists and greylisting': [noFilter, ...noQuestions],
};

export interface Figures {
  /** Mails a second, from the first connection to the last file. */
  readonly rate: number;
  /** Seconds that one mail took from its first byte to its mailbox. */
  readonly p50: number;
  readonly p99: number;
}

export const benchMail: Bench = () =>
  withBox(async (box, owner, folder) => {
    await box.run('cp /etc/postfix/main.cf /root');
    const all = new Map<string, Figures[]>();
    // In turn, so that whatever else the machine does weighs on all of them.
    for (let round = 0; round < rounds; round++)
      for (const [title, changes] of Object.entries(variants)) {
        await box.run('cp /root/main.cf /etc/postfix/main.cf');
        for (const change of changes) await box.run(`postconf -e '${change}'`);
        await box.run('systemctl restart postfix@-');
        const figures = await pour(box, owner.email, path.join(folder, `${round}.log`));
        all.set(title, [...(all.get(title) ?? []), figures]);
      }
    return figuresOf(all);
  });

/** Sends the mails, and waits until they lie in their mailbox. */
export async function pour(box: LabBox, to: string, log: string): Promise<Figures> {
  await box.run('find /home/user-data/mail/mailboxes -type f -path "*/new/*" -delete; : >/var/log/mail.log');
  const program = fileURLToPath(new URL('../test/rig/pour.ts', import.meta.url));
  const argv = [box.host, '25', String(mails), String(connections), '0', box.stranger, to];
  const started = performance.now();
  const pouring = start([...box.prefix, process.execPath, '--import', 'tsx', program, ...argv], log);
  await waitFor('the first mail to be accepted', () =>
    existsSync(log) && readFileSync(log, 'utf8') !== '' ? true : undefined,
  );
  await ended(pouring);
  // The mailbox tells what was delivered; the log may come a moment later.
  const count = async (script: string) => Number(await box.run(`${script} | wc -l`));
  const isDelivered = async () =>
    (await count("find /home/user-data/mail/mailboxes -type f -path '*/new/*'")) >= mails ? true : undefined;
  await waitFor('every mail to be delivered', isDelivered, { seconds: 600 });
  const seconds = (performance.now() - started) / 1000;
  await waitFor('the log of every delivery', async () =>
    (await count("grep 'postfix/lmtp.*status=sent' /var/log/mail.log")) >= mails ? true : undefined,
  );
  const lines = await box.run("grep 'postfix/lmtp.*status=sent' /var/log/mail.log");
  const delays = [...lines.matchAll(/ delay=([\d.]+),/g)]
    .map(([, delay]) => Number(delay))
    .sort((a, b) => a - b);
  const at = (share: number) =>
    delays[Math.min(delays.length - 1, Math.floor(share * delays.length))] ?? Number.NaN;
  return { rate: mails / seconds, p50: at(0.5), p99: at(0.99) };
}

function figuresOf(all: ReadonlyMap<string, readonly Figures[]>): readonly Figure[] {
  const to = 'bare Postfix and Dovecot';
  return [...all].flatMap(([title, figures]) => {
    const one = (what: string, unit: string, pick: (of: Figures) => number) =>
      figure(
        `${title}, ${what}`,
        unit,
        figures.map(pick),
        title === to ? undefined : { to: 'bare', values: (all.get(to) ?? []).map(pick) },
      );
    return [
      one('mails a second', 'mails/s', ({ rate }) => rate),
      one('half of all are there after', 's', ({ p50 }) => p50),
      one('99 of 100 are there after', 's', ({ p99 }) => p99),
    ];
  });
}

/**
 * `npm run bench search`: a search in a large mailbox by the index and by reading every mail, as ratios in one run, and what the
 * index costs: its size to the mailbox's, the time that filling it takes to the time of one reading. Needs root and a baked image.
 */
import { writeFileSync } from 'node:fs';
import type { LabBox } from '../test/lab/world/nspawn.ts';
import { addAccount } from '../test/lab/world/started.ts';
import type { Owner } from '../test/rig/owner.ts';
import { withBox } from './box.ts';
import { type Bench, type Figure, figure } from './figures.ts';

const mails = 10_000;
const rounds = 3;
const mailbox = '/home/user-data/mail/mailboxes/example.com/many';

/** What is searched for: one mail has it, a tenth have it, none has it; a text of which many mails have the parts. */
export const needles: Readonly<Record<string, string>> = {
  'of one mail': 'needle04711',
  'of a tenth of them': 'every-tenth',
  'of none': 'nobody-wrote-this',
  'of two characters, which the index does not hold': 'zq',
};

/** Dovecot's configuration without an index: how a search is switched off by a setting changes with its version. */
const reads = '/etc/dovecot-reading/dovecot.conf';
const configurations = { index: '/etc/dovecot/dovecot.conf', reading: reads } as const;
type Way = keyof typeof configurations;

export const benchSearch: Bench = () =>
  withBox(async (box, owner) => {
    const { email, filling } = await filledMailbox(box, owner);
    const figures: Figure[] = [];
    let reading: readonly number[] = [];
    for (const memory of ['nothing in memory', 'all of it in memory'])
      for (const [title, needle] of Object.entries(needles)) {
        const took = { index: [] as number[], reading: [] as number[] };
        for (let round = 0; round < rounds; round++)
          for (const way of ['index', 'reading'] as const) {
            // The box has no kernel of its own: its files are in this machine's memory.
            if (memory === 'nothing in memory') writeFileSync('/proc/sys/vm/drop_caches', '3');
            else await search(box, email, needle, way);
            took[way].push(await search(box, email, needle, way));
          }
        reading = took.reading;
        const what = `a search for a text ${title}, ${memory}`;
        figures.push(figure(what, 's', took.index, { to: 'reading all mails', values: reading }));
      }
    const { index, whole } = await sizes(box);
    const all = `${mails} mails`;
    return [
      ...figures,
      figure(`${all} read`, 's', reading),
      {
        what: `the index of ${all}`,
        value: index / 1024,
        unit: 'MiB',
        ratio: index / whole,
        to: 'the mailbox',
      },
      figure(`the index of ${all}, filled`, 's', [filling], { to: 'reading all mails', values: reading }),
    ];
  });

/** An account with ten thousand mails and the whole index of them, and the seconds that the filling took. */
export async function filledMailbox(box: LabBox, owner: Owner): Promise<{ email: string; filling: number }> {
  await box.run(`cp -a /etc/dovecot $(dirname ${reads}) && rm $(dirname ${reads})/box.d/*-search.conf`);
  // It fills the index of an account that comes, beside what is measured here.
  await box.run('systemctl stop box-fill-search.path');
  const { email } = await addAccount(box, owner, 'many@example.com');
  await box.run(`systemctl stop box-fill-search.service; doveadm mailbox status -u ${email} messages INBOX`);
  await box.run('python3 -', writesMails, 600);
  // Maildir's own list first: it is no part of either.
  await box.run(`doveadm -c ${reads} index -u ${email} INBOX`, '', 600);
  const began = performance.now();
  await box.run(`doveadm index -u ${email} INBOX`, '', 600);
  const filling = (performance.now() - began) / 1000;
  // Until it is told that the index has all, it answers nothing, and Dovecot reads.
  await box.run('systemctl start box-fill-search.service', '', 600);
  return { email, filling };
}

/** Seconds that one search takes. */
export const search = async (box: LabBox, email: string, needle: string, way: Way): Promise<number> =>
  Number(await box.run(`python3 - ${email} ${needle} ${configurations[way]}`, searches, 600));

/** KiB of all indexes, and of the mailbox. */
export async function sizes(box: LabBox): Promise<{ index: number; whole: number }> {
  const text = await box.run(`du -sk /home/user-data/mail/search ${mailbox} | cut -f1`);
  const [index = Number.NaN, whole = Number.NaN] = text.split('\n').map(Number);
  return { index, whole };
}

/** Opens the mailbox as Dovecot's IMAP server does for somebody who is logged in, and says how many seconds a search takes there. */
const searches = `
import subprocess, sys, time
email, needle, configuration = sys.argv[1:]
server = subprocess.Popen(["/usr/lib/dovecot/imap", "-c", configuration, "-u", email], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
def ask(command):
    server.stdin.write(command + b"\\r\\n")
    server.stdin.flush()
    for line in server.stdout:
        if line.startswith(b"x "):
            assert line.startswith(b"x OK"), line
            return
ask(b"x SELECT INBOX")
began = time.monotonic()
ask(b"x SEARCH BODY " + needle.encode())
print(time.monotonic() - began)
ask(b"x LOGOUT")
`;

/** Mails of some kilobytes, of made-up words of which few are frequent and many are rare, as in a language. */
const writesMails = `
import os, random
source = random.Random(1)
letters, weights = "etaoinshrdlucmwfgypbvkjxqz", [12, 9, 8, 8, 7, 7, 6, 6, 6, 4, 4, 3, 3, 2, 2, 2, 2, 2, 2, 1, 1, 1, 1, 1, 1, 1]
words = ["".join(source.choices(letters, weights, k=source.randint(2, 11))) for _ in range(20000)]
rarity = [1 / (i + 1) for i in range(len(words))]
for i in range(${mails}):
    text = source.choices(words, rarity, k=source.randint(50, 900))
    if i == 4711: text.append("needle04711")
    if i % 10 == 0: text.append("every-tenth")
    lines = [" ".join(text[at : at + 11]) for at in range(0, len(text), 11)]
    whole = "From: sender@outside.example\\nSubject: number %05d\\n\\n" % i + "\\n".join(lines) + "\\n"
    # Named as Dovecot names them: its hash takes shorter names for the same, and a mailbox of such is read in the square of its size.
    lines_of_it = whole.count("\\n")
    name = (1700000000 + i, source.randrange(1000000), source.randrange(32768), len(whole), len(whole) + lines_of_it)
    with open("${mailbox}/new/%d.M%dP%d.box,S=%d,W=%d" % name, "w") as mail: mail.write(whole)
    os.chown(mail.name, 8, 8)
`;

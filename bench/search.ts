/**
 * `npm run bench search`: a search in a large mailbox by the index and by reading every mail, as ratios in one run, and what the
 * index costs: its size to the mailbox's, the time that filling it takes to the time of one reading. Needs root and a baked image.
 */
import { writeFileSync } from 'node:fs';
import { addAccount } from '../test/lab/world/started.ts';
import { withBox } from './box.ts';
import { median } from './median.ts';

const mails = 10_000;
const rounds = 3;
const mailbox = '/home/user-data/mail/mailboxes/example.com/many';

/** What is searched for: one mail has it, a tenth have it, none has it; a text of which many mails have the parts. */
const needles: Readonly<Record<string, string>> = {
  'in one mail': 'needle04711',
  'in a tenth of them': 'every-tenth',
  'in none': 'nobody-wrote-this',
  'two characters, which the index does not hold': 'zq',
};

export const benchSearch = (): Promise<void> =>
  withBox(async (box, owner) => {
    const { email } = await addAccount(box, owner, 'many@example.com');
    await box.run(`doveadm mailbox status -u ${email} messages INBOX`);
    await box.run('python3 -', writesMails, 600);
    // Maildir's own list first: it is no part of either.
    await box.run(`doveadm -o plugin/fts= index -u ${email} INBOX`, '', 600);
    const began = performance.now();
    await box.run(`doveadm index -u ${email} INBOX`, '', 600);
    const filling = (performance.now() - began) / 1000;

    let reading = 0;
    for (const memory of ['nothing in memory', 'all of it in memory'])
      for (const [title, needle] of Object.entries(needles)) {
        const took = { index: [] as number[], reading: [] as number[] };
        for (let round = 0; round < rounds; round++)
          for (const way of ['index', 'reading'] as const) {
            const search = async () =>
              Number(await box.run(`python3 - ${email} ${needle} ${way}`, searches, 600));
            // The box has no kernel of its own: its files are in this machine's memory.
            if (memory === 'nothing in memory') writeFileSync('/proc/sys/vm/drop_caches', '3');
            else await search();
            took[way].push(await search());
          }
        const ratio = median(took.reading.map((one, i) => one / (took.index[i] ?? Number.NaN)));
        reading = median(took.reading);
        const found = `${reading.toFixed(3)} s, ${median(took.index).toFixed(3)} s`;
        console.log(
          `a search for ${title}, ${memory}: reading takes ${ratio.toFixed(1)} x the index (${found})`,
        );
      }
    const sizes = (await box.run(`du -sk /home/user-data/mail/search ${mailbox} | cut -f1`))
      .split('\n')
      .map(Number);
    const [index = Number.NaN, whole = Number.NaN] = sizes;
    console.log(
      `size of the index: ${(index / whole).toFixed(2)} x the mailbox (${index} and ${whole} KiB, ${mails} mails)`,
    );
    console.log(`filling it: ${(filling / reading).toFixed(1)} x one reading (${filling.toFixed(0)} s)`);
  });

/** Opens the mailbox as Dovecot's IMAP server does for somebody who is logged in, and says how many seconds a search takes there. */
const searches = `
import subprocess, sys, time
email, needle, way = sys.argv[1:]
options = [] if way == "index" else ["-o", "plugin/fts="]
server = subprocess.Popen(["/usr/lib/dovecot/imap", "-u", email, *options], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
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
    with open("${mailbox}/new/%d.M%d.box" % (1700000000 + i, i), "w") as mail:
        mail.write("From: sender@outside.example\\nSubject: number %05d\\n\\n" % i + "\\n".join(lines) + "\\n")
    os.chown(mail.name, 8, 8)
`;

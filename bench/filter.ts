/**
 * `npm run bench filter`: what the spam filter of an image catches, and what it catches wrongly, of the kinds of filter/kinds.ts: as it
 * comes, and when people have moved many mails of each side. Over SMTP from a sender whom SPF allows, into a mailbox; no block list knows anybody here.
 */
import { Conversation } from '../test/lab/world/conversation.ts';
import type { LabBox } from '../test/lab/world/nspawn.ts';
import { knownDomain, Strangers } from '../test/lab/world/strangers.ts';
import { drawn } from '../test/rig/drawn.ts';
import { waitFor } from '../test/rig/wait.ts';
import { withBox } from './box.ts';
import type { Bench, Figure } from './figures.ts';
import { type Draw, type Kind, kinds } from './filter/kinds.ts';

const each = 15;
/** More of each side than a filter wants to have seen before it judges by that. */
const lessonsEach = 40;

/** The same mails for every filter. */
function drawsOf(seed: string): Draw {
  let count = 0;
  return (some) => some[drawn(`${seed} ${count++}`) % some.length] as (typeof some)[number];
}

function mailOf(kind: Kind, number: number, to: string): string {
  const { headers, text } = kind.mail(drawsOf(`${kind.title} ${number}`));
  const all = {
    From: `Sender <sender${number}@${knownDomain}>`,
    To: to,
    Date: new Date().toUTCString(),
    'Message-ID': `<${kinds.indexOf(kind)}.${number}.bench@${knownDomain}>`,
    ...headers,
  };
  const head = Object.entries(all).map(([name, value]) => `${name}: ${value}`);
  return [...head, '', ...text.replaceAll(/^\./gm, '..').split('\n')].join('\r\n');
}

export const benchFilter: Bench = () =>
  withBox(async (box, owner, _folder, lab) => {
    const strangers = await Strangers.of(lab);
    const client = await strangers.client(90);
    await strangers.domain(knownDomain, { spf: `v=spf1 ip4:${client.address} -all` });
    const deliver = async (from: number) => {
      const [conversation] = await Conversation.from(client.address, box, 25);
      await conversation.say(`EHLO ${client.helo}`);
      for (const kind of kinds)
        for (let number = from; number < from + each; number++) {
          const said = await conversation.mail(
            `sender${number}@${knownDomain}`,
            owner.email,
            mailOf(kind, number, owner.email),
          );
          if (said.code !== 250) throw new Error(`${kind.title}: ${said.text}`);
        }
      conversation.close();
    };
    await deliver(0);
    const first = await judged(box, 0);
    await teach(box, owner.email);
    await deliver(1000);
    return [...figuresOf('as it comes', first), ...figuresOf('taught', await judged(box, 1000))];
  });

/** How many of each kind lie in Spam, once all have come. */
async function judged(box: LabBox, from: number): Promise<number[]> {
  const list = async (where: string) =>
    (await box.run(`grep -rhoE '^Message-ID: <[0-9]+\\.[0-9]+\\.bench@' ${where} || true`))
      .split('\n')
      .flatMap((line) => {
        const [, kind, number] = /<(\d+)\.(\d+)\./.exec(line) ?? [];
        return Number(number) >= from && Number(number) < from + each ? [Number(kind)] : [];
      });
  const root = '/home/user-data/mail/mailboxes';
  await waitFor(
    'all mails',
    async () => ((await list(root)).length >= kinds.length * each ? true : undefined),
    {
      seconds: 600,
    },
  );
  const spam = await list(`${root}/*/*/.Spam`);
  return kinds.map((_, index) => spam.filter((kind) => kind === index).length);
}

/** As Dovecot leaves them when a person moves a mail. */
async function teach(box: LabBox, to: string): Promise<void> {
  const folder = (await box.run('ls -d /home/user-data/mail/*/training')).trim();
  for (const kind of kinds)
    for (let number = 500; number < 500 + lessonsEach; number++)
      await box.run(
        `cd ${folder}/${kind.spam ? 'spam' : 'ham'} && cat >new && chgrp --reference=. new && chmod 640 new && mv new mail.${kinds.indexOf(kind)}-${number}`,
        mailOf(kind, number, to),
      );
  await waitFor(
    'the lessons to be learned',
    async () => ((await box.run(`find ${folder} -name 'mail.*'`)) === '' ? true : undefined),
    { seconds: 900 },
  );
}

function figuresOf(when: string, inSpam: readonly number[]): Figure[] {
  const share = (spam: boolean) => {
    const of = kinds.map((kind, index) => ({ kind, index })).filter(({ kind }) => kind.spam === spam);
    return (100 * of.reduce((sum, { index }) => sum + (inSpam[index] ?? 0), 0)) / (of.length * each);
  };
  return [
    { what: `caught, ${when}`, unit: '% of spam', value: share(true) },
    { what: `wrongly caught, ${when}`, unit: '% of the rest', value: share(false) },
    ...kinds.map(({ title }, index) => ({
      what: `in Spam, ${when}: ${title}`,
      unit: `of ${each}`,
      value: inSpam[index] ?? 0,
    })),
  ];
}

/**
 * A day of three people on a box with 1 GiB, without the hours in which nothing happens: all of it arrives, and nothing is
 * ended for want of memory. A tenth of the day by default; `LETTERBOX_DAY=1` is all of it.
 */
import anyTest from 'ava';
import { artefacts } from '../boot/artefacts.ts';
import { Reader } from '../boot/mail.ts';
import { hostname } from '../boot/owner.ts';
import { waitFor } from '../boot/wait.ts';
import { LabBrowser } from './browser.ts';
import { Day, dayOf } from './day.ts';
import { makeLab } from './lab.ts';
import { addAccount, queueIsEmpty, started } from './started.ts';
import { WebClient } from './web-client.ts';
import { WebmailPerson } from './webmail-person.ts';

const test = anyTest.serial;
const kept = artefacts(anyTest, 'lab-day');
/** What a kernel leaves of 1 GiB, and some less. */
const memoryMiB = 896;

test('a day of three people in 1 GiB', async (t) => {
  const lab = await makeLab(kept);
  const box = await started(lab, 'box', lab.owner, {}, memoryMiB);
  t.is(box.memory.limitMiB(), memoryMiB);
  const friend = await lab.mta({ domain: 'friend.example', tls: 'self-signed' });
  await lab.zone.publish([`friend.example. TXT "v=spf1 ip4:${friend.options.address} -all"`]);
  const people = [lab.owner];
  for (const name of ['second', 'third'])
    people.push({ ...lab.owner, ...(await addAccount(box, lab.owner, `${name}@example.com`)) });
  const readers = [];
  for (const person of people) readers.push(await Reader.of(box, hostname, person, box.folder));
  const webmail = new WebmailPerson(await kept.own(await LabBrowser.of(box)).page());
  await webmail.logIn(lab.owner);

  const counts = dayOf(Number(process.env.LETTERBOX_DAY ?? 0.1));
  const day = new Day({ box, friend, people, readers, webmail, panel: await WebClient.of(box), counts });
  const idle = box.memory.usedMiB();
  let peak = idle;
  const sampler = setInterval(() => {
    peak = Math.max(peak, box.memory.usedMiB());
  }, 500);
  const begun = Date.now();
  try {
    await day.passes();
    await day.night();
  } finally {
    clearInterval(sampler);
  }
  const seconds = Math.round((Date.now() - begun) / 1000);
  t.log(`${seconds} s; ${idle} MiB used before, ${peak} at the most, ${box.memory.usedMiB()} after`);

  await queueIsEmpty(box);
  for (const { email } of people) {
    const script = 'doveadm -f flow fetch -u "$1" hdr.subject all';
    await waitFor(`each mail once, at ${email}`, 60, async () => {
      const found = await box.run(`set -- '${email}'; ${script}`);
      const numbers = [...found.matchAll(/^hdr\.subject=.*\bday (\d+) end/gm)].map(([, n]) => Number(n));
      return numbers.sort((a, b) => a - b).join() === day.sentTo(email).join() ? true : undefined;
    });
  }
  for (const subject of day.sentOut) t.regex(await friend.mail(subject), /^DKIM-Signature:/m);
  t.is(box.memory.killed(), 0);
  t.notRegex((await box.outcome('box status')).stdout, /^error/m);
});

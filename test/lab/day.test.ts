/**
 * A day of three people on a box with 1 GiB, without the hours in which nothing happens: all of it arrives, and nothing is
 * ended for want of memory. A tenth of the day by default; `LETTERBOX_DAY=1` is all of it.
 */
import anyTest from 'ava';
import { artefacts } from '../rig/artefacts.ts';
import { Reader } from '../rig/mail.ts';
import { hostname } from '../rig/owner.ts';
import { waitFor } from '../rig/wait.ts';
import { Browser } from './world/browser.ts';
import { Day, dayOf } from './world/day.ts';
import { makeLab } from './world/lab.ts';
import type { LabBox } from './world/nspawn.ts';
import { addAccount, started, subjects } from './world/started.ts';
import { WebClient } from './world/web-client.ts';
import { WebmailPerson } from './world/webmail-person.ts';

const test = anyTest.serial;
const kept = artefacts(anyTest, 'lab-day');
/** What a kernel leaves of 1 GiB, and some less. */
const memoryMiB = 896;

/** It would take as many processes as fit the test machine's memory. */
async function tellSogo(box: LabBox): Promise<void> {
  const unit = '/run/systemd/system/sogo.service.d';
  const bind = '[Service]\nBindReadOnlyPaths=/run/meminfo:/proc/meminfo\n';
  await box.run(
    `echo 'MemTotal: ${memoryMiB * 1024} kB' >/run/meminfo && mkdir -p ${unit} && cat >${unit}/memory.conf`,
    bind,
  );
  await box.run('systemctl daemon-reload && systemctl restart sogo');
}

test('a day of three people in 1 GiB', async (t) => {
  const lab = await makeLab(kept);
  const box = await started(lab, 'box', lab.owner, {}, memoryMiB);
  t.is(box.memory.limitMiB(), memoryMiB);
  await tellSogo(box);
  const friend = await lab.mta({ domain: 'friend.example', tls: 'self-signed' });
  await lab.zone.publish([`friend.example. TXT "v=spf1 ip4:${friend.options.address} -all"`]);
  const people = [lab.owner];
  for (const name of ['second', 'third'])
    people.push({ ...lab.owner, ...(await addAccount(box, lab.owner, `${name}@example.com`)) });
  const readers = [];
  for (const person of people) readers.push(await Reader.of(box, hostname, person, box.folder));
  const webmail = new WebmailPerson(await kept.own(await Browser.of(box)).page());
  await webmail.logIn(lab.owner);

  const counts = dayOf(Number(process.env.LETTERBOX_DAY ?? 0.1));
  const day = new Day({ box, friend, people, readers, webmail, panel: await WebClient.of(box), counts });
  const processes = Number(await box.run('pgrep --count --exact sogod'));
  t.is(processes, 5, 'one that leads four');
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

  for (const { email } of people) {
    await waitFor(`each mail once, at ${email}`, async () => {
      const found = (await subjects(box, email)).flatMap(
        (subject) => /\bday (\d+) end/.exec(subject)?.[1] ?? [],
      );
      const numbers = found.map(Number).sort((a, b) => a - b);
      return numbers.join() === day.sentTo(email).join() ? true : undefined;
    });
  }
  for (const subject of day.sentOut) t.regex(await friend.mail(subject), /^DKIM-Signature:/m);
  t.is(box.memory.killed(), 0);
  t.notRegex((await box.outcome('box status')).stdout, /^error/m);
});

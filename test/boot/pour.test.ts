/**
 * Mail is poured in while the power is cut, again and again: whatever was accepted with 250 is in a mailbox or in the
 * queue afterwards. `LETTERBOX_POUR=10000` pours that many and cuts three times; without it few are poured, and there is
 * one cut, since each costs a boot.
 */
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import anyTest from 'ava';
import { artefacts } from '../rig/artefacts.ts';
import { trustClients } from '../rig/behaviour.ts';
import { imageUnderTest } from '../rig/image.ts';
import { documentsOf, hostname, makeOwner, settingsOf } from '../rig/owner.ts';
import { ended, start } from '../rig/program.ts';
import { waitFor } from '../rig/wait.ts';
import { ec2 } from './datasources/ec2.ts';
import { Vm } from './vm.ts';

const wanted = process.env.LETTERBOX_POUR;
const count = Number(wanted ?? 120);
/** At which shares of the mails the power is cut. */
const cuts = wanted === undefined ? [0.4] : [0.15, 0.45, 0.75];
const own = artefacts(anyTest, 'boot-pour');
const owner = makeOwner(own.folder);

anyTest(`${count} mails, power cuts: ${cuts.length}; none that was accepted is lost`, async (t) => {
  t.timeout(60 * 60 * 1000 + count * 1000);
  const me = await owner;
  const cloud = await ec2(own, {
    hostname,
    userData: (lab) => documentsOf(me, settingsOf(me, { lab })).userData,
  });
  const options = { name: 'pour', image: imageUnderTest(own.folder), sshKey: me.sshKey, ...cloud.machine };
  // The guest's flushes are obeyed, and what it never flushed is lost: as with a real disk.
  const vm = own.own(await Vm.create(own.folder, { ...options, cache: 'writeback' }), t);
  await vm.start();
  const said = await vm.console.outcome();
  t.is(said.stage, 'ready', said.error);
  await trustClients(vm);

  const log = path.join(own.folder, 'poured.log');
  const program = fileURLToPath(new URL('pour.ts', import.meta.url));
  const argv = [vm.host, '25', String(count), '20', vm.stranger, me.email];
  const pouring = start([...vm.prefix, process.execPath, '--import', 'tsx', program, ...argv], log);
  const events = (kind: string) => {
    const text = existsSync(log) ? readFileSync(log, 'utf8') : '';
    return [...text.matchAll(new RegExp(`^${kind} (\\d+)$`, 'gm'))].map(([, number]) => Number(number));
  };
  for (const share of cuts) {
    await waitFor(
      `${share * 100} % of the mails to be accepted (log: ${log})`,
      () => {
        if (pouring.exitCode !== null) throw new Error(`the sender ended: ${log}`);
        return events('accepted').length >= share * count ? true : undefined;
      },
      { seconds: 300 + count },
    );
    await vm.cutPower();
    const before = events('accepted').length;
    await vm.start();
    const again = await vm.console.outcome();
    t.is(again.stage, 'ready', again.error);
    t.log(
      `power cut after ${before} accepted mails; ready again after ${again.seconds} s of box init and services`,
    );
  }
  await ended(pouring);
  const accepted = events('accepted');
  t.is(accepted.length, count);
  t.is(new Set(accepted).size, count);

  // Postfix at rest: it moves mails from one directory of the queue to another, and a look at thousands takes a while.
  await vm.run('systemctl stop postfix@-');
  const look = "grep -haoE 'Subject: pour [0-9]+ end'";
  const queue = 'cd /var/spool/postfix && find incoming active deferred -type f';
  // Mails, not Dovecot's caches, which hold subjects too.
  const mailboxes = "find /home/user-data/mail/mailboxes -type f '(' -path '*/new/*' -o -path '*/cur/*' ')'";
  const numbers = async (files: string) =>
    [...(await vm.run(`${files} -print0 | xargs -0r ${look} || true`)).matchAll(/pour (\d+) end/g)].map(
      ([, number]) => Number(number),
    );
  const [inQueue, inMailboxes] = [await numbers(queue), await numbers(mailboxes)];
  const there = new Set([...inQueue, ...inMailboxes]);
  t.deepEqual(
    accepted.filter((number) => !there.has(number)),
    [],
    'accepted, and neither in a mailbox nor in the queue',
  );
  const twice = inQueue.length + inMailboxes.length - there.size;
  const unsure = new Set(events('unsure')).size;
  t.log(
    `${accepted.length} accepted: ${inMailboxes.length} in mailboxes, ${inQueue.length} in the queue; ${twice} more than once; ${unsure} sent again since the cut took the answer`,
  );
  // A second copy has one of two reasons: the sender never got its answer, or the box never noted its delivery. Of the
  // latter there are at most as many as deliveries that ran at the moment of a cut.
  t.true(twice <= unsure + cuts.length * 20, `${twice} there more than once`);
});

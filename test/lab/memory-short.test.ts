/** Memory that runs out: the kernel ends what mail does without, and what it ended comes back. */
import anyTest from 'ava';
import { artefacts } from '../rig/artefacts.ts';
import { deliver, Reader } from '../rig/mail.ts';
import { hostname } from '../rig/owner.ts';
import { waitFor } from '../rig/wait.ts';
import { makeLab } from './world/lab.ts';
import type { LabBox } from './world/nspawn.ts';
import { started } from './world/started.ts';

const ready = makeLab(artefacts(anyTest, 'lab-memory-short')).then(async (lab) => ({
  box: await started(lab, 'box', lab.owner, undefined, 1024),
  me: lab.owner,
}));

/** What mail, names and the way in hang on. */
const late = ['dovecot', 'nginx', 'nsd', 'unbound', 'box-keeper', 'box-panel', 'ssh'];

/** By their first process: a child that is ended is made anew by it. */
async function masters(box: LabBox): Promise<string> {
  const postfix = (await box.run('cat /home/user-data/mail/queue/pid/master.pid')).trim();
  const others = late.map((unit) => `systemctl show --value -p MainPID ${unit}`);
  return `${postfix} ${(await box.run(others.join('; '))).trim().split('\n').join(' ')}`;
}

anyTest('memory runs out: mail, names, panel and ssh run on, others are ended and come back', async (t) => {
  const { box, me } = await ready;
  const before = await masters(box);
  // It is not ended itself: somebody else must be.
  const size = box.memory.limitMiB() - box.memory.usedMiB() + 60;
  const hog = `
import time
taken = bytearray(${size} << 20)
for i in range(0, len(taken), 4096): taken[i] = 1
open("/run/hog-is-full", "w").close()
time.sleep(3600)
`;
  await box.run('cat >/run/hog.py', hog);
  await box.run('systemd-run --quiet --collect --unit=hog -p OOMScoreAdjust=-999 python3 /run/hog.py');
  await waitFor('a hog that has it all', async () =>
    (await box.outcome('test -e /run/hog-is-full')).code === 0 ? true : undefined,
  );
  t.true(box.memory.killed() > 0, 'nothing was ended');
  t.is(await masters(box), before);
  await box.run('systemctl stop hog');
  const image = JSON.parse(await box.run('cat /usr/lib/box/image.json')) as { services: string[] };
  for (const service of image.services)
    await waitFor(`${service} to run`, async () =>
      (await box.outcome(`systemctl is-active --quiet '${service}'`)).code === 0 ? true : undefined,
    );
  t.is(await masters(box), before);
  const reader = await Reader.of(box, hostname, me, box.folder);
  await deliver(box, 25, { from: box.stranger, to: me.email, subject: 'after the hog' });
  t.regex(await reader.imap('after the hog'), /^X-Spam-/m, 'the filter is back');
});

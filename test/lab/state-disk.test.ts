/** State on a disk of its own: it is formatted where it is blank, and outlives the root disk. */
import anyTest from 'ava';
import { artefacts } from '../rig/artefacts.ts';
import { keptFiles, receives, showsWhatItSaid, stateMount, submits } from '../rig/behaviour.ts';
import { deliver, Reader } from '../rig/mail.ts';
import { hostname } from '../rig/owner.ts';
import { blankDisk, stateDevice } from './world/disk.ts';
import { makeLab } from './world/lab.ts';
import { LabBox } from './world/nspawn.ts';

const kept = artefacts(anyTest, 'lab-state-disk');
const lab = makeLab(kept);

anyTest('keys and mail outlive the root disk', async (t) => {
  const { box: makeBox, owner } = await lab;
  const disk = await blankDisk(kept);
  const { options } = await makeBox('root-disk', owner, { storage: { device: stateDevice } });
  const boot = async (name: string) => {
    const box = kept.own(new LabBox(kept.folder, { ...options, name, devices: { [stateDevice]: disk } }));
    await box.start();
    const said = await box.console.outcome(180);
    await showsWhatItSaid(t, box, said, hostname);
    t.regex(await stateMount(box), /^\S+ +ext4 .*nosuid.*nodev|^\S+ +ext4 .*nodev.*nosuid/);
    return { box, said, reader: await Reader.of(box, hostname, owner, box.folder) };
  };

  const first = await boot('root-disk-1');
  await receives(t, first.box, owner, first.reader);
  const subject = `on the state disk ${Date.now()}`;
  await deliver(first.box, 25, { from: first.box.stranger, to: owner.email, subject });
  await first.reader.imap(subject);
  const before = await keptFiles(first.box);
  await first.box.powerOff();

  const second = await boot('root-disk-2');
  t.is(await keptFiles(second.box), before);
  t.is(second.said.certificateSha256, first.said.certificateSha256);
  t.deepEqual(second.said.sshHostKeys, first.said.sshHostKeys);
  // SHA-256 (2), whose digits dig(1) prints with a blank in between.
  const published = await second.box.run(
    "dig +short @$(hostname -I | cut -d' ' -f1) $(hostname) SSHFP | sed 's/ //3' | sort",
  );
  const own = await second.box.run(
    "for key in /etc/ssh/ssh_host_*_key.pub; do ssh-keygen -r . -f $key; done | cut -d' ' -f4- | grep '^. 2 ' | sort",
  );
  t.is(published.toLowerCase(), own, 'and so do the records that say whose they are');
  t.regex(await second.reader.imap(subject), new RegExp(`^Subject: ${subject}`, 'm'));
  await submits(t, second.box, owner, second.reader);
});

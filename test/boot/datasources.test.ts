/**
 * The other ways of user-data, each with something else that only a real boot shows: OpenStack's config drive with
 * the state on a disk of its own, which then outlives the root disk; EC2's metadata service with little memory.
 */
import path from 'node:path';
import anyTest from 'ava';
import { createDisk, type Disk } from '../../builder/qemu.ts';
import { artefacts } from './artefacts.ts';
import { keptFiles, receives, showsWhatItSaid, submits } from './behaviour.ts';
import { configDrive } from './datasources/config-drive.ts';
import { ec2 } from './datasources/ec2.ts';
import { imageUnderTest } from './image.ts';
import { deliver, Reader } from './mail.ts';
import { mostIdleMiB, usedMiB, usesEveryDoor } from './memory.ts';
import { documentsOf, hostname, makeOwner, settingsOf } from './owner.ts';
import { Vm } from './vm.ts';

const own = artefacts(anyTest, 'boot-datasources');
const owner = makeOwner(own.folder);

anyTest('config drive and a state disk: keys and mail outlive the root disk', async (t) => {
  const me = await owner;
  const device = '/dev/disk/by-id/virtio-state';
  const { userData } = documentsOf(me, settingsOf(me, { storage: { device } }));
  const state: Disk = { path: path.join(own.folder, 'state.qcow2'), format: 'qcow2', serial: 'state' };
  await createDisk(state.path, 2 * 1024 ** 3);

  const boot = async (name: string) => {
    const drive = await configDrive(path.join(own.folder, `${name}.iso`), { userData, hostname });
    const disks = [state, drive];
    const vm = own.own(
      await Vm.create(own.folder, { name, image: imageUnderTest(own.folder), sshKey: me.sshKey, disks }),
      t,
    );
    await vm.start();
    const said = await vm.console.outcome();
    await showsWhatItSaid(t, vm, said, hostname);
    t.is((await vm.run('cloud-id')).trim(), 'configdrive');
    const mount = (await vm.run('findmnt -no SOURCE,FSTYPE,OPTIONS /home/user-data')).trim();
    t.regex(mount, /^\/dev\/vd\w +ext4 .*nosuid.*nodev|^\/dev\/vd\w +ext4 .*nodev.*nosuid/);
    return { vm, said, reader: await Reader.of(vm, hostname, me, vm.folder) };
  };

  const first = await boot('root-disk-1');
  await receives(t, first.vm, me, first.reader);
  const subject = `on the state disk ${Date.now()}`;
  await deliver(first.vm, 25, { from: first.vm.stranger, to: me.email, subject });
  await first.reader.imap(subject);
  const before = await keptFiles(first.vm);
  await first.vm.powerOff();

  const second = await boot('root-disk-2');
  t.is(await keptFiles(second.vm), before);
  t.is(second.said.certificateSha256, first.said.certificateSha256);
  t.regex(await second.reader.imap(subject), new RegExp(`^Subject: ${subject}`, 'm'));
  await submits(t, second.vm, me, second.reader);
});

anyTest(
  'EC2 with 1 GiB of memory: ready, mail moves, three people need 768 MiB at most, and nothing was killed for want of it',
  async (t) => {
    const me = await owner;
    const cloud = await ec2(own, {
      hostname,
      userData: (lab) => documentsOf(me, settingsOf(me, { lab })).userData,
    });
    const options = {
      name: 'ec2',
      image: imageUnderTest(own.folder),
      sshKey: me.sshKey,
      memoryMiB: 1024,
      ...cloud.machine,
    };
    const vm = own.own(await Vm.create(own.folder, options), t);
    await vm.start();
    const said = await vm.console.outcome();
    await showsWhatItSaid(t, vm, said, hostname);
    t.is((await vm.run('cloud-id')).trim(), 'aws');
    t.regex(cloud.requests(), /^PUT \/latest\/api\/token 200$/m);
    t.regex(cloud.requests(), /^GET \/\S+\/user-data 200$/m);
    const reader = await Reader.of(vm, hostname, me, vm.folder);
    await receives(t, vm, me, reader);
    await submits(t, vm, me, reader);

    const others = ['second', 'third'].map((name) => ({
      email: `${name}@${me.email.split('@')[1]}`,
      password: `correct-horse-of-the-${name}`,
    }));
    for (const { email, password } of others) await vm.ssh.run(`box account add ${email}`, `${password}\n`);
    for (const account of [me, ...others])
      await usesEveryDoor(vm, new Reader(vm, hostname, account, reader.certificate));
    const used = await usedMiB(vm);
    t.log(`three people have used every door: ${used} MiB are used`);
    t.true(used <= mostIdleMiB, await vm.run('ps -eo rss,args --sort=-rss | head -30'));
    t.is((await vm.run('journalctl -k --no-pager | grep -c "Out of memory" || true')).trim(), '0');
  },
);

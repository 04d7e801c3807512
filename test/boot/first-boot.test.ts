/**
 * A box of EC2: by UEFI, with its root on NVMe, its state on a volume of its own and 1 GiB of memory. The first boot, mail,
 * what three people need. A box by BIOS is in power-cut.test.ts.
 */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import anyTest, { type ExecutionContext } from 'ava';
import { createDisk, type Disk } from '../../builder/vm/qemu.ts';
import type { BoxReport } from '../../contract/report.ts';
import { Browser } from '../lab/world/browser.ts';
import { stateDevice } from '../lab/world/disk.ts';
import { WebmailPerson } from '../lab/world/webmail-person.ts';
import { artefacts } from '../rig/artefacts.ts';
import {
  knockedPorts,
  readyFileAgrees,
  receives,
  servesOnly,
  showsWhatItSaid,
  stateMount,
  submits,
} from '../rig/behaviour.ts';
import { cloudInitResult } from '../rig/cloud-init.ts';
import { imageUnderTest } from '../rig/image.ts';
import { Reader } from '../rig/mail.ts';
import { documentsOf, hostname, makeOwner, settingsOf } from '../rig/owner.ts';
import { init, release } from '../rig/release.ts';
import { slowVariable } from '../slow.ts';
import { type Ec2, ec2 } from './datasources/ec2.ts';
import { mostIdleMiB, usedMiB, usesEveryDoor } from './memory.ts';
import { Vm } from './vm.ts';

const own = artefacts(anyTest, 'boot-first');
const owner = makeOwner(own.folder);
const cloud: Promise<Ec2> = owner.then((me) =>
  ec2(own, {
    hostname,
    userData: (lab) => {
      const storage = { device: stateDevice };
      const bruteForce = { allow: ['10.77.0.0/24'] };
      return documentsOf(me, settingsOf(me, { lab, storage, bruteForce })).userData;
    },
  }),
);
/** Where the release has no UEFI, it is BIOS. */
const firmware = release.firmware.includes('uefi') ? 'uefi' : 'bios';

interface Booted {
  readonly vm: Vm;
  readonly said: BoxReport;
  readonly reader: Reader;
}

const booted: Promise<Booted> = (async () => {
  const { sshKey } = await owner;
  const state: Disk = { path: path.join(own.folder, 'state.qcow2'), format: 'qcow2', serial: 'state' };
  await createDisk(state.path, 2 * 1024 ** 3);
  const { machine } = await cloud;
  const hardware = { firmware, memoryMiB: 1024, rootDisk: 'nvme', disks: [state] } as const;
  const image = imageUnderTest(own.folder);
  const vm = own.own(await Vm.create(own.folder, { name: 'ec2', image, sshKey, ...hardware, ...machine }));
  await vm.start();
  const said = await vm.console.outcome();
  if (said.stage !== 'ready') throw new Error(`${said.step}: ${said.error} (${said.hint})`);
  return { vm, said, reader: await Reader.of(vm, hostname, await owner, vm.folder) };
})();

const step = (
  title: string,
  work: (t: ExecutionContext, box: Booted) => Promise<void>,
  isLeftOut = false,
): void => (isLeftOut ? anyTest.serial.skip : anyTest.serial)(title, async (t) => work(t, await booted));

step('the first boot ends ready and shows what it said', async (t, { vm, said }) => {
  await showsWhatItSaid(t, vm, said, hostname);
  await readyFileAgrees(t, vm, said);
  await servesOnly(t, vm, knockedPorts);
});

step('the firmware is the one that was asked for', async (t, { vm }) => {
  t.is(await vm.firmwareSeen(), firmware);
});

step('the root file system fills the disk', async (t, { vm }) => {
  const disks = 'lsblk -bdno SIZE "/dev/$(lsblk -no PKNAME "$(findmnt -no SOURCE /)")"';
  const [root, disk] = (await vm.run(`df -B1 --output=size / | tail -1; ${disks}`)).split('\n').map(Number);
  t.true((root ?? 0) > 0.9 * (disk ?? 0), `${root} of ${disk} bytes`);
});

step('its user-data comes from the metadata service, with a token', async (t, { vm }) => {
  const requests = (await cloud).requests();
  t.regex((await cloudInitResult(vm)).datasource, /^DataSourceEc2/);
  t.regex(requests, /^PUT \/latest\/api\/token 200$/m);
  t.regex(requests, /^GET \/\S+\/user-data 200$/m);
});

step('its state is on a disk of its own', async (t, { vm }) => {
  t.regex(await stateMount(vm), /^\/dev\/vd\w +ext4 .*nosuid.*nodev|^\/dev\/vd\w +ext4 .*nodev.*nosuid/);
});

step('the volume is grown while the box serves, and its state has the room', async (t, { vm }) => {
  const mebibytes = async () =>
    Number(await vm.run('df -BM --output=size /home/user-data | tail -1 | tr -d M'));
  t.true((await mebibytes()) < 2048);
  await vm.growDisk(1, 3 * 1024 ** 3);
  await vm.run(`/usr/lib/box/grow-state ${stateDevice}`);
  t.true((await mebibytes()) > 2700);
});

// What must be refused is asked in the lab, of the same daemons.
step('mail in and mail out', async (t, { vm, reader }) => {
  await receives(t, vm, await owner, reader);
  await submits(t, vm, await owner, reader);
});

step('no unit has failed and cloud-init is content', async (t, { vm }) => {
  t.is((await vm.run(init.failed)).trim(), '');
  t.deepEqual((await cloudInitResult(vm)).errors, []);
});

/** A release's own proof, `make test-release`; the lab's webmail tests are the usual one. */
if (process.env.LETTERBOX_RELEASE !== undefined)
  step('people read and send mail in a browser', async (t, { vm, reader }) => {
    const browser = own.own(await Browser.of(vm), t);
    const person = new WebmailPerson(await browser.page());
    const subject = `from the browser ${Date.now()}`;
    const { email } = await owner;
    await person.logIn(await owner);
    await person.compose({ to: email, subject, body: 'It works.' });
    t.regex(await person.send(), /Message sent successfully/);
    t.regex(await reader.imap(subject), /^DKIM-Signature:/m);
    t.regex(await person.read(subject), /It works\./);
    t.deepEqual(person.complaints, []);
  });

step(
  'three people need 768 MiB at most, and nothing was killed for want of it',
  async (t, { vm, reader }) => {
    const me = await owner;
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
    t.is((await vm.run(`${init.kernelLog} | grep -c "Out of memory" || true`)).trim(), '0');
  },
  // Minutes for each of them where the processor is emulated slowly.
  process.env[slowVariable] === '1',
);

step('the power button shuts it down, and the console never showed a secret', async (t, { vm }) => {
  await vm.powerOff();
  t.false(vm.running);
  const { password, passwordHash } = await owner;
  const text = readFileSync(vm.console.path, 'utf8');
  const secrets = [password, passwordHash, 'PRIVATE KEY'];
  t.deepEqual(
    secrets.filter((secret) => text.includes(secret)),
    [],
  );
});

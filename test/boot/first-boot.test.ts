/**
 * Two boxes from one image, on the two firmwares and by two ways of user-data: the first boot, mail, what they must
 * refuse, that they share nothing. One has its state on a disk of its own, the other is a small one of EC2. Then the care of
 * a machine that lives: a new kernel, by either firmware. Other ways of user-data are in closed.test.ts and power-cut.test.ts.
 */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import anyTest, { type ExecutionContext } from 'ava';
import { createDisk, type Disk } from '../../builder/vm/qemu.ts';
import type { BoxReport } from '../../contract/report.ts';
import { Browser } from '../lab/world/browser.ts';
import { sharedFiles } from '../lab/world/file-tree.ts';
import { sharedRawImage } from '../lab/world/image.ts';
import { WebmailPerson } from '../lab/world/webmail-person.ts';
import { artefacts } from '../rig/artefacts.ts';
import {
  keptFiles,
  readyFileAgrees,
  receives,
  refuses,
  servesOnly,
  showsWhatItSaid,
  stateMount,
  submits,
} from '../rig/behaviour.ts';
import { cloudInitResult } from '../rig/cloud-init.ts';
import { imageUnderTest } from '../rig/image.ts';
import { deliver, Reader } from '../rig/mail.ts';
import { documentsOf, hostname, makeOwner, settingsOf } from '../rig/owner.ts';
import { otherKernel } from '../rig/packages.ts';
import { init, release } from '../rig/release.ts';
import { unexplained } from '../rig/shared-content.ts';
import { configDrive } from './datasources/config-drive.ts';
import { type Ec2, ec2 } from './datasources/ec2.ts';
import { installKernel } from './kernel.ts';
import { mostIdleMiB, usedMiB, usesEveryDoor } from './memory.ts';
import { knockedPorts, Vm, type VmOptions } from './vm.ts';
import { writtenFiles } from './written-files.ts';

const own = artefacts(anyTest, 'boot-first');
const owner = makeOwner(own.folder);
const cloud: Promise<Ec2> = owner.then((me) =>
  ec2(own, {
    hostname,
    userData: (lab) =>
      documentsOf(me, settingsOf(me, { lab, bruteForce: { allow: ['10.77.0.0/24'] } })).userData,
  }),
);

interface Booted {
  readonly vm: Vm;
  readonly said: BoxReport;
  readonly reader: Reader;
}

const bios = 'BIOS, config drive on a SATA CD and a state disk';
/** Where the release starts on it. */
const otherFirmware = release.firmware.includes('uefi') ? 'uefi' : 'bios';
const uefi = 'UEFI (BIOS where the release has no other), EC2 with NVMe and 1 GiB of memory';
const titles = [bios, uefi] as const;
/** Each box goes its own way at its own pace; both at once keep two cores busy. */
const boxes = {
  [bios]: boot('bios', async () => {
    const device = '/dev/disk/by-id/virtio-state';
    const me = await owner;
    const { userData } = documentsOf(me, settingsOf(me, { storage: { device } }));
    const state: Disk = { path: path.join(own.folder, 'state.qcow2'), format: 'qcow2', serial: 'state' };
    await createDisk(state.path, 2 * 1024 ** 3);
    const drive = await configDrive(path.join(own.folder, 'drive.iso'), { userData, hostname });
    return { disks: [state, { ...drive, hardware: 'cdrom' }] };
  }),
  [uefi]: boot('uefi', async () => ({
    firmware: otherFirmware,
    memoryMiB: 1024,
    rootDisk: 'nvme',
    ...(await cloud).machine,
  })),
};

async function boot(name: string, options: () => Promise<Partial<VmOptions>>): Promise<Booted> {
  const { sshKey } = await owner;
  const vm = own.own(
    await Vm.create(own.folder, { name, image: imageUnderTest(own.folder), sshKey, ...(await options()) }),
  );
  await vm.start();
  const said = await vm.console.outcome();
  if (said.stage !== 'ready') throw new Error(`${name}: ${said.step}: ${said.error} (${said.hint})`);
  return { vm, said, reader: await Reader.of(vm, hostname, await owner, vm.folder) };
}

/** Done once, and before the boxes are changed by upgrades. */
const compared = (async () => {
  const [one, two] = await Promise.all(Object.values(boxes));
  if (one === undefined || two === undefined) throw new Error('two boxes');
  const image = await sharedRawImage(own.folder);
  const files = await Promise.all([one, two].map(({ vm }) => writtenFiles(vm, image)));
  return { one, two, files };
})();

anyTest('the two share nothing that they made', async (t) => {
  const { one, two, files } = await compared;
  t.not(one.said.certificateSha256, two.said.certificateSha256);
  for (const key of one.said.sshHostKeys ?? []) t.false(two.said.sshHostKeys?.includes(key));
  const [mine = new Map(), theirs = new Map()] = files;
  const made = [
    '/etc/machine-id',
    '/home/user-data/ssl/ssl_private_key.pem',
    '/home/user-data/mail/dkim/mail.private',
  ];
  for (const file of made) t.true(mine.has(file) && theirs.has(file), file);
  t.deepEqual(unexplained(sharedFiles(mine, theirs)), []);
});

/** What one box has behind it, in order; the next test of that box waits for it. */
const progress = new Map<string, Promise<unknown>>();

function step(
  what: string,
  title: (typeof titles)[number],
  work: (t: ExecutionContext, box: Booted) => Promise<void>,
): void {
  anyTest(`${title}: ${what}`, async (t) => {
    const before = progress.get(title);
    const now = (async () => {
      await before;
      await work(t, await boxes[title]);
    })();
    progress.set(
      title,
      now.catch(() => undefined),
    );
    await now;
  });
}

const firmwareOf = async (vm: Vm) =>
  (await vm.run('if [ -d /sys/firmware/efi ]; then echo uefi; else echo bios; fi')).trim();

/** The box becomes ready again, with this kernel and the keys that it had, and sends mail. */
async function comesBack(
  t: ExecutionContext,
  { vm, said, reader }: Booted,
  release: string,
  keys: string,
): Promise<void> {
  const again = await vm.console.outcome();
  t.is(again.stage, 'ready', again.error);
  t.deepEqual((await cloudInitResult(vm)).errors, []);
  t.is((await vm.run('uname -r')).trim(), release);
  t.is(await keptFiles(vm), keys);
  t.deepEqual([again.certificateSha256, again.sshHostKeys], [said.certificateSha256, said.sshHostKeys]);
  await submits(t, vm, await owner, reader);
}

for (const title of titles) {
  step('the first boot ends ready and shows what it said', title, async (t, { vm, said }) => {
    await showsWhatItSaid(t, vm, said, hostname);
    await readyFileAgrees(t, vm, said);
    await servesOnly(t, vm, knockedPorts);
  });

  step('the firmware is the one that was asked for', title, async (t, { vm }) => {
    t.is(await firmwareOf(vm), vm.options.firmware ?? 'bios');
  });

  step('the root file system fills the disk', title, async (t, { vm }) => {
    const disks = 'lsblk -bdno SIZE "/dev/$(lsblk -no PKNAME "$(findmnt -no SOURCE /)")"';
    const [root, disk] = (await vm.run(`df -B1 --output=size / | tail -1; ${disks}`)).split('\n').map(Number);
    t.true((root ?? 0) > 0.9 * (disk ?? 0), `${root} of ${disk} bytes`);
  });

  step('mail in, mail out, and what must be refused', title, async (t, { vm, reader }) => {
    await receives(t, vm, await owner, reader);
    await submits(t, vm, await owner, reader);
    await refuses(t, vm, await owner, reader);
  });

  step('no unit has failed and cloud-init is content', title, async (t, { vm }) => {
    t.is((await vm.run(init.failed)).trim(), '');
    t.deepEqual((await cloudInitResult(vm)).errors, []);
  });
}

step(
  'its user-data comes from the config drive, its state is on a disk of its own',
  bios,
  async (t, { vm }) => {
    t.regex((await cloudInitResult(vm)).datasource, /^DataSourceConfigDrive /);
    t.regex(await stateMount(vm), /^\/dev\/vd\w +ext4 .*nosuid.*nodev|^\/dev\/vd\w +ext4 .*nodev.*nosuid/);
  },
);

step('its user-data comes from the metadata service, with a token', uefi, async (t, { vm }) => {
  const requests = (await cloud).requests();
  t.regex((await cloudInitResult(vm)).datasource, /^DataSourceEc2/);
  t.regex(requests, /^PUT \/latest\/api\/token 200$/m);
  t.regex(requests, /^GET \/\S+\/user-data 200$/m);
});

/** A package of the archive that this machine's apt knows is installed natively. */
const hasArchive = release.base.kind === 'bootstrap';
if (hasArchive)
  step(
    'a new kernel is there after a boot, with keys and mail kept on the state disk',
    bios,
    async (t, box) => {
      const { vm, reader } = box;
      await compared.catch(() => undefined);
      const { deb, release } = await otherKernel((await vm.run('uname -r')).trim());
      const subject = `before the reboot ${Date.now()}`;
      await deliver(vm, 25, { from: vm.stranger, to: (await owner).email, subject });
      await reader.imap(subject);
      const before = await keptFiles(vm);
      const mount = await stateMount(vm);
      await vm.powerOff();
      const started = Date.now();
      const log = await installKernel(vm, deb);
      t.true(log.includes(`Found initrd image: /boot/initrd.img-${release}`), log);
      t.log(`kernel installed in ${Math.round((Date.now() - started) / 1000)} s`);
      await vm.start();
      await comesBack(t, box, release, before);
      t.is(await stateMount(vm), mount);
      t.regex(await reader.imap(subject), new RegExp(`^Subject: ${subject}`, 'm'));
    },
  );

if (hasArchive && otherFirmware === 'uefi')
  // What the system does once it runs was seen by the other firmware, on this disk.
  step('the disk with the new kernel starts by UEFI too', bios, async (t, { vm }) => {
    const before = await keptFiles(vm);
    const release = (await vm.run('uname -r')).trim();
    await vm.powerOff();
    await vm.start('uefi');
    await vm.ssh.ready(1200);
    t.is(await firmwareOf(vm), 'uefi');
    t.is((await vm.run('uname -r')).trim(), release);
    t.is(await keptFiles(vm), before);
  });

/** A release's own proof, `make test-release`; the lab's webmail tests are the usual one. */
if (process.env.LETTERBOX_RELEASE !== undefined)
  step('people read and send mail in a browser', bios, async (t, { vm, reader }) => {
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
  uefi,
  async (t, { vm, reader }) => {
    await compared.catch(() => undefined);
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
);

// Its slot is then another test's.
step('the power button shuts it down', uefi, async (t, { vm }) => {
  await compared.catch(() => undefined);
  await vm.powerOff();
  t.false(vm.running);
});

for (const title of titles)
  step('the console never showed a secret', title, async (t, { vm }) => {
    const { password, passwordHash } = await owner;
    const text = readFileSync(vm.console.path, 'utf8');
    t.deepEqual(
      [password, passwordHash, 'PRIVATE KEY'].filter((secret) => text.includes(secret)),
      [],
    );
  });

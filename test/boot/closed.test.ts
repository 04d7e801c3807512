/**
 * A virtual machine that must not become a mail server: it reads its user-data over HTTP, and finds a bad value there. Its disks and
 * its network card are those that VMware's hypervisors show. What else keeps a box closed is in test/lab/closed.test.ts.
 *
 * In `make test` its image is of another release than the default: boot loader, kernel, disks, network and cloud-init are what an
 * emulated machine alone can show of one; its boxes' first boot and mail are seen in test/lab/other-release.test.ts.
 */
import path from 'node:path';
import anyTest from 'ava';
import { createDisk, type Disk } from '../../builder/vm/qemu.ts';
import { artefacts } from '../rig/artefacts.ts';
import { answering, knockedPorts } from '../rig/behaviour.ts';
import { imageUnderTest } from '../rig/image.ts';
import { documentsOf, makeOwner } from '../rig/owner.ts';
import { release } from '../rig/release.ts';
import { nocloudHttp } from './datasources/nocloud.ts';
import { Vm } from './vm.ts';

const own = artefacts(anyTest, `boot-closed-${release.name}`);
const owner = makeOwner(own.folder);

anyTest('a bad value: the box names it, serves nothing, and lets its owner in by ssh', async (t) => {
  const { userData, metaData } = documentsOf(await owner);
  const bad = { metaData, userData: userData.replaceAll('box.example.com', 'box_example') };
  const http = nocloudHttp(path.join(own.folder, 'http'), bad);
  const { sshKey } = await owner;
  const lsi: Disk = { path: path.join(own.folder, 'lsi.qcow2'), format: 'qcow2', hardware: 'mptsas1068' };
  await createDisk(lsi.path, 1024 ** 3);
  const hardware = { rootDisk: 'pvscsi', networkCard: 'vmxnet3', disks: [lsi] } as const;
  const image = imageUnderTest(own.folder);
  const vm = own.own(await Vm.create(own.folder, { name: 'bad', image, sshKey, ...hardware, ...http }), t);
  await vm.start();
  const said = await vm.console.outcome();
  t.is(said.stage, 'failed');
  t.regex(`${said.step} ${said.error}`, /hostname/);
  t.truthy(said.hint);
  t.regex(
    await vm.run('cat /etc/os-release'),
    new RegExp(`^PRETTY_NAME="[^"]*${release.title.split(' ')[1]}`, 'm'),
  );
  t.deepEqual(await answering(vm, knockedPorts), [22]);
  // QEMU's LSI controller shows Linux no disk, on whatever system; that the driver has taken it is what can be seen.
  t.regex(await vm.run('cat /sys/class/scsi_host/*/proc_name'), /^mptsas$/m);
  t.is(
    (await vm.run('ls /home/user-data 2>/dev/null || true')).trim(),
    '',
    'nothing was made for a box without a name',
  );
});

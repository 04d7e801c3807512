/**
 * NoCloud on a CD-ROM, which is what Proxmox, virt-manager and KubeVirt attach: on the SATA controller of a newer machine and on the IDE
 * controller of an older one, each with the network card that goes with it. That the box becomes ready shows that its kernel
 * has the drivers early enough; what NoCloud says is in other files.
 */
import path from 'node:path';
import anyTest from 'ava';
import { artefacts } from '../rig/artefacts.ts';
import { knockedPorts, readyFileAgrees, servesOnly, showsWhatItSaid } from '../rig/behaviour.ts';
import { cloudInitResult } from '../rig/cloud-init.ts';
import { imageUnderTest } from '../rig/image.ts';
import { documentsOf, hostname, makeOwner } from '../rig/owner.ts';
import { nocloudDisk } from './datasources/nocloud.ts';
import { Vm } from './vm.ts';

const test = anyTest.serial;
const own = artefacts(anyTest, 'boot-cd-rom');
const owner = makeOwner(own.folder);

const machines = [
  { controller: 'SATA', machine: 'q35', networkCard: 'e1000e', driver: 'ahci' },
  { controller: 'IDE', machine: 'pc', networkCard: 'e1000', driver: 'ata_piix' },
] as const;

for (const { controller, driver, ...hardware } of machines) {
  test(`a seed on a CD-ROM of a ${controller} controller: the box is found by its user-data, and ready`, async (t) => {
    const me = await owner;
    const seed = await nocloudDisk(path.join(own.folder, `${controller}.iso`), documentsOf(me));
    const machine = {
      ...{ name: controller.toLowerCase(), image: imageUnderTest(own.folder), sshKey: me.sshKey },
      ...hardware,
      disks: [{ ...seed, hardware: 'cdrom' }],
    } as const;
    const vm = own.own(await Vm.create(own.folder, machine), t);
    await vm.start();
    const said = await vm.console.outcome();
    await showsWhatItSaid(t, vm, said, hostname);
    await readyFileAgrees(t, vm, said);
    await servesOnly(t, vm, knockedPorts);
    const drive = '/dev/disk/by-label/cidata';
    t.regex(await vm.run(`readlink --canonicalize ${drive}`), /^\/dev\/sr0$/m);
    t.regex(await vm.run('readlink --canonicalize /sys/block/sr0/device'), /\/ata\d+\//);
    t.regex(await vm.run('cat /sys/class/scsi_host/*/proc_name'), new RegExp(`^${driver}$`, 'm'));
    const { datasource, errors } = await cloudInitResult(vm);
    t.regex(datasource, /^DataSourceNoCloud\b.*\[seed=\/dev\/sr0\]/);
    t.deepEqual(errors, []);
  });
}

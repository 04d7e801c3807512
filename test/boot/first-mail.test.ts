/**
 * A box's first boot and mail, in an emulated machine: what `make test` proves of each release that is not the default; what it must
 * refuse, natively, in test/lab/other-release.test.ts. All else is proven by `make test-release`.
 */
import path from 'node:path';
import anyTest from 'ava';
import { artefacts } from '../rig/artefacts.ts';
import { readyFileAgrees, receives, showsWhatItSaid, submits } from '../rig/behaviour.ts';
import { cloudInitResult } from '../rig/cloud-init.ts';
import { imageUnderTest } from '../rig/image.ts';
import { Reader } from '../rig/mail.ts';
import { documentsOf, hostname, makeOwner } from '../rig/owner.ts';
import { init, release } from '../rig/release.ts';
import { nocloudDisk } from './datasources/nocloud.ts';
import { Vm } from './vm.ts';

const own = artefacts(anyTest, `boot-first-mail-${release.name}`);

anyTest(`${release.title}: the first boot ends ready; mail comes in and goes out`, async (t) => {
  const owner = await makeOwner(own.folder);
  const seed = await nocloudDisk(path.join(own.folder, 'seed.iso'), documentsOf(owner));
  const image = imageUnderTest(own.folder);
  const { sshKey } = owner;
  const vm = own.own(await Vm.create(own.folder, { name: 'box', image, sshKey, disks: [seed] }), t);
  await vm.start();
  const said = await vm.console.outcome();
  await showsWhatItSaid(t, vm, said, hostname);
  await readyFileAgrees(t, vm, said);
  t.regex(
    await vm.run('cat /etc/os-release'),
    new RegExp(`^PRETTY_NAME="[^"]*${release.title.split(' ')[1]}`, 'm'),
  );

  const reader = await Reader.of(vm, hostname, owner, vm.folder);
  await receives(t, vm, owner, reader);
  await submits(t, vm, owner, reader);
  t.is((await vm.run(init.failed)).trim(), '');
  t.deepEqual((await cloudInitResult(vm)).errors, []);
});

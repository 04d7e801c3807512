/** Virtual machines that must not become mail servers: without user-data, and with a bad value in it. */
import path from 'node:path';
import anyTest from 'ava';
import { artefacts } from './artefacts.ts';
import { answering } from './behaviour.ts';
import { nocloudDisk } from './datasources/nocloud.ts';
import { imageUnderTest } from './image.ts';
import { documentsOf, makeOwner } from './owner.ts';
import { knockedPorts, Vm } from './vm.ts';

const own = artefacts(anyTest, 'boot-closed');
const owner = makeOwner(own.folder);

anyTest('without user-data the box says so on its console and serves nothing', async (t) => {
  const { sshKey } = await owner;
  const vm = own.own(
    await Vm.create(own.folder, { name: 'blank', image: imageUnderTest(own.folder), sshKey }),
    t,
  );
  await vm.start();
  const said = await vm.console.outcome();
  t.is(said.stage, 'failed');
  t.regex(`${said.error} ${said.hint}`, /settings\.json|user-data/);
  t.regex(vm.console.text(), /stays CLOSED/);
  const open = await answering(vm, knockedPorts);
  t.deepEqual(
    open.filter((port) => port !== 22),
    [],
  );
});

anyTest('a bad value: the box names it, serves nothing, and lets its owner in by ssh', async (t) => {
  const { userData, metaData } = documentsOf(await owner);
  const bad = { metaData, userData: userData.replaceAll('box.example.com', 'box_example') };
  const seed = await nocloudDisk(path.join(own.folder, 'bad.iso'), bad);
  const { sshKey } = await owner;
  const vm = own.own(
    await Vm.create(own.folder, { name: 'bad', image: imageUnderTest(own.folder), sshKey, disks: [seed] }),
    t,
  );
  await vm.start();
  const said = await vm.console.outcome();
  t.is(said.stage, 'failed');
  t.regex(`${said.step} ${said.error}`, /hostname/);
  t.truthy(said.hint);
  t.deepEqual(await answering(vm, knockedPorts), [22]);
  t.is(
    (await vm.run('ls /home/user-data 2>/dev/null || true')).trim(),
    '',
    'nothing was made for a box without a name',
  );
});

/**
 * A virtual machine that must not become a mail server: it reads its user-data over HTTP, and finds a bad value there. What else
 * keeps a box closed is in test/lab/closed.test.ts.
 */
import path from 'node:path';
import anyTest from 'ava';
import { artefacts } from '../rig/artefacts.ts';
import { answering } from '../rig/behaviour.ts';
import { imageUnderTest } from '../rig/image.ts';
import { documentsOf, makeOwner } from '../rig/owner.ts';
import { nocloudHttp } from './datasources/nocloud.ts';
import { knockedPorts, Vm } from './vm.ts';

const own = artefacts(anyTest, 'boot-closed');
const owner = makeOwner(own.folder);

anyTest('a bad value: the box names it, serves nothing, and lets its owner in by ssh', async (t) => {
  const { userData, metaData } = documentsOf(await owner);
  const bad = { metaData, userData: userData.replaceAll('box.example.com', 'box_example') };
  const http = nocloudHttp(path.join(own.folder, 'http'), bad);
  const { sshKey } = await owner;
  const vm = own.own(
    await Vm.create(own.folder, { name: 'bad', image: imageUnderTest(own.folder), sshKey, ...http }),
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

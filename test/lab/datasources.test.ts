/**
 * The clouds, by a stand-in for what each shows a machine: it is asked as its own documentation says, and what it tells makes the box.
 * EC2's is met in a virtual machine too, by first-boot.test.ts; drives are met there, by power-cut.test.ts and closed.test.ts.
 */
import path from 'node:path';
import anyTest from 'ava';
import { clouds } from '../../clouds/index.ts';
import { artefacts } from '../rig/artefacts.ts';
import { cloudInitResult, cloudInitSoFar } from '../rig/cloud-init.ts';
import { waitFor } from '../rig/wait.ts';
import { type Cloud, disguise, type Instance, privateNetwork, runCloud, seedOf } from './world/cloud.ts';
import { makeLab, outsideAddress } from './world/lab.ts';
import type { LabBox } from './world/nspawn.ts';
import { saidToBeReady } from './world/stand-ins/azure.ts';
import { standIns } from './world/stand-ins/index.ts';

const test = anyTest.serial;
const kept = artefacts(anyTest, 'lab-datasources');
const lab = makeLab(kept).then(async (made) => {
  // A server that is there and takes no mail: as it looks where port 25 is shut.
  await made.zone.publish([
    'gmail.com. MX 5 shut.outside.example.',
    `shut.outside.example. A ${outsideAddress}`,
  ]);
  return made;
});
const hostname = 'as-the-cloud-says';
const keyOfTheCloud =
  'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIBJ9W1N9J0mIYH5dYVpX3tQ0mY0hP6C5YxFhKq5s0nVq kept-by-the-cloud';

for (const [index, [title, cloud]] of Object.entries(standIns).entries()) {
  test(`${title}: a box with the address and the keys that it was told becomes ready, and a later boot asks again`, async (t) => {
    const { box: makeBox, owner } = await lab;
    const box = await makeBox(`in-cloud-${index}`, owner);
    const { mac, documents } = box.options;
    const number = box.options.address.split('.')[3];
    const instance: Instance = {
      ...{ hostname, userData: documents.userData, mac, sshKey: keyOfTheCloud },
      address: cloud.nat ? `${privateNetwork}.${number}` : box.options.address,
      publicAddress: `203.0.113.${number}`,
    };
    await box.lay([...disguise, ...seedOf(cloud, instance)]);
    const running = await runCloud(await lab, path.join(kept.folder, `in-cloud-${index}`), cloud, instance);
    const isSetUp = async () => {
      await box.console.match(/Letterbox: box\.example\.com is set up/);
      const { datasource, errors } = await cloudInitSoFar(box);
      t.regex(datasource, new RegExp(`^DataSource${cloud.datasource}`));
      t.deepEqual(errors, []);
    };
    try {
      await box.start(running);
      await isSetUp();
      // Some clouds say what the card is to be called.
      const addresses = await box.run('ip -4 -oneline address show up scope global');
      t.regex(addresses, new RegExp(` ${instance.address}/24 `));
      const published = cloud.nat ? instance.publicAddress : instance.address;
      t.regex(
        await box.run('cat /home/user-data/dns/zones/example.com.signed'),
        new RegExp(`^box\\.example\\.com\\.\\t\\d+\\tIN\\tA\\t${published}$`, 'm'),
      );
      const keys = await box.run('cat /root/.ssh/authorized_keys');
      t.true(keys.includes(owner.sshPublicKey));
      t.is(keys.includes(keyOfTheCloud), cloud.keepsKeys !== true, keys);
      // The cloud's name for the machine is read, but the box has the one that its settings say.
      const instanceData = JSON.parse(await box.run('cat /run/cloud-init/instance-data.json'));
      t.is(instanceData.v1.local_hostname, cloud.keepsName === true ? 'box' : hostname);
      t.is((await box.run('hostname')).trim(), 'box.example.com');

      const said = await box.console.outcome();
      t.is(said.stage, 'ready', `${said.step}: ${said.error}`);
      t.deepEqual((await cloudInitResult(box)).errors, []);
      t.regex((await mailOut(box)).hint, wayToOpen(cloud));
      if (cloud.datasource === 'Azure') t.true(running.requests().includes(saidToBeReady));

      await box.kill();
      await box.start(running);
      await isSetUp();
    } finally {
      await box.stop();
      await running.stop();
    }
  });
}

/** What the box says once it has seen that no mail leaves. */
async function mailOut(box: LabBox): Promise<{ error: string; hint: string }> {
  return waitFor('the box to see that no mail can leave', async () => {
    const report = JSON.parse(await box.run('cat /run/box/ready.json'));
    return report.mailOut as { error: string; hint: string } | undefined;
  });
}

/** In the words of the cloud that the box is at, where the image knows it. */
function wayToOpen({ firmware }: Cloud): RegExp {
  const known = clouds.find((one) =>
    Object.entries(one.firmware ?? {}).some(([field, words]) =>
      (words as readonly string[]).includes(firmware[field as keyof typeof firmware] ?? ''),
    ),
  );
  if (known === undefined) return /^ask your provider to open port 25/;
  const said = `at ${known.title} port 25 to others is ${known.port25.out}: `;
  return new RegExp(`^${said.replace(/[.()]/g, '\\$&')}`);
}

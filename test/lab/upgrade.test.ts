/** A package is upgraded on a box that runs, as its owner does it: with apt; then the box is restarted in order. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import anyTest from 'ava';
import { artefacts } from '../rig/artefacts.ts';
import { keptFiles, submits, trustClients } from '../rig/behaviour.ts';
import { deliver, Reader } from '../rig/mail.ts';
import { hostname } from '../rig/owner.ts';
import { repositoryWithNewer } from '../rig/packages.ts';
import { makeLab } from './world/lab.ts';

const lab = makeLab(artefacts(anyTest, 'lab-upgrade'));
const upgrade = repositoryWithNewer('opendkim');

/** Only the repository that the test brought: the box has no way out. */
const apt =
  'DEBIAN_FRONTEND=noninteractive apt-get -q -o Dir::Etc::sourcelist=/root/test.list -o Dir::Etc::sourceparts=/dev/null';

anyTest('an upgraded package is there after a reboot, with keys and mail kept', async (t) => {
  const { box: makeBox, owner } = await lab;
  const box = await makeBox('box', owner);
  await box.start();
  const said = await box.console.outcome(180);
  t.is(said.stage, 'ready', said.error);
  await trustClients(box);
  const reader = await Reader.of(box, hostname, owner, box.folder);

  const { folder, version } = await upgrade;
  const packages = readFileSync(path.join(folder, 'Packages'), 'utf8');
  await box.run('mkdir /root/repository && cat >/root/repository/Packages', packages);
  await box.run('cat >/root/repository/opendkim.deb', readFileSync(path.join(folder, 'opendkim.deb')));
  await box.run("echo 'deb [trusted=yes] file:/root/repository ./' >/root/test.list");
  await box.run(`${apt} update && ${apt} upgrade -y </dev/null 2>&1`);

  const subject = `before the reboot ${Date.now()}`;
  await deliver(box, 25, { from: box.stranger, to: owner.email, subject });
  await reader.imap(subject);
  const before = await keptFiles(box);
  await box.powerOff();
  await box.start();
  const again = await box.console.outcome(180);
  t.is(again.stage, 'ready', again.error);
  t.is((await box.run('dpkg-query --show opendkim')).trim(), `opendkim\t${version}`);
  t.is(await keptFiles(box), before);
  t.deepEqual([again.certificateSha256, again.sshHostKeys], [said.certificateSha256, said.sshHostKeys]);
  t.regex(await reader.imap(subject), new RegExp(`^Subject: ${subject}`, 'm'));
  await submits(t, box, owner, reader);
});

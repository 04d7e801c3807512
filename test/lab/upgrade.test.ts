/** A package is upgraded on a box that runs, as its owner does it: with apt; then the box is restarted in order. And it learns of a newer image. */
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import anyTest from 'ava';
import { makeSecretKey, type SecretKey } from '../../builder/trust/secret-key.ts';
import { signatureText } from '../../builder/trust/sign.ts';
import { imageComment } from '../../contract/trust/image-comment.ts';
import { parseManifest } from '../../contract/trust/manifest.ts';
import { publicKeyLine } from '../../contract/trust/public-key.ts';
import { artefacts } from '../rig/artefacts.ts';
import { keptFiles, submits, trustClients } from '../rig/behaviour.ts';
import { bakedImage } from '../rig/image.ts';
import { deliver, Reader } from '../rig/mail.ts';
import { hostname } from '../rig/owner.ts';
import { repositoryWithNewer } from '../rig/packages.ts';
import { ended, start } from '../rig/program.ts';
import { makeLab, outsideAddress } from './world/lab.ts';
import { started } from './world/started.ts';

const test = anyTest.serial;
const kept = artefacts(anyTest, 'lab-upgrade');
const lab = makeLab(kept);
const upgrade = repositoryWithNewer('opendkim');

/** Only the repository that the test brought: the box has no way out. */
const apt =
  'DEBIAN_FRONTEND=noninteractive apt-get -q -o Dir::Etc::sourcelist=/root/test.list -o Dir::Etc::sourceparts=/dev/null';

test('an upgraded package is there after a reboot, with keys and mail kept', async (t) => {
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

test('a box whose image names where images are published says which one is there, and believes one key', async (t) => {
  const it = await lab;
  const host = 'images.outside.example';
  const box = await started(it, 'asks', it.owner);
  const key = makeSecretKey();
  const folder = path.join(kept.folder, 'published');
  mkdirSync(path.join(folder, 'example'), { recursive: true });
  const baked = readFileSync(path.join(path.dirname(bakedImage()), 'manifest.json'), 'utf8');
  const publish = (changed: { readonly version?: string; readonly imageId?: string }, signer: SecretKey) => {
    const text = JSON.stringify({ ...JSON.parse(baked), ...changed });
    const manifest = parseManifest(text);
    if (manifest === undefined) throw new Error('the bake’s manifest is none');
    const sums = `${createHash('sha256').update(text).digest('hex')}  manifest.json\n`;
    const put = (name: string, content: string) => writeFileSync(path.join(folder, 'example', name), content);
    put('manifest.json', text);
    put('SHA256SUMS', sums);
    put('SHA256SUMS.minisig', signatureText(sums, imageComment(manifest), signer));
  };

  const pair = await it.ca.issue([host]);
  await it.zone.publish([`${host}. A ${outsideAddress}`]);
  const web = ['openssl', 's_server', '-quiet', '-accept', `${outsideAddress}:10443`, '-WWW'];
  const files = ['-cert', pair.certificate, '-key', pair.key];
  const server = start(
    [...it.outside.prefix, 'sh', '-c', 'cd "$1" && shift && exec "$@"', 'sh', folder, ...web, ...files],
    path.join(kept.folder, 'published.log'),
  );
  const stop = async () => {
    server.kill('SIGKILL');
    await ended(server);
  };
  kept.own({ stop, explain: () => [] });
  await box.run('cat >>/etc/ssl/certs/ca-certificates.crt', readFileSync(it.ca.pair.certificate, 'utf8'));

  const none = await box.outcome('box upgrade check');
  t.deepEqual([none.code, /does not say where newer ones are/.test(none.stderr)], [1, true], none.stderr);
  const image = JSON.parse(await box.run('cat /usr/lib/box/image.json'));
  const updates = { from: `https://${host}:10443/example`, key: publicKeyLine(key) };
  await box.run('cat >/usr/lib/box/image.json', JSON.stringify({ ...image, updates }));

  publish({}, key);
  t.regex(await box.run('box upgrade check'), /^this box is of the image that is published: Letterbox /);
  const newer = { version: '99.0.0', imageId: 'f'.repeat(16) };
  publish(newer, key);
  t.regex(
    await box.run('box upgrade check'),
    /^a newer one is published: Letterbox 99\.0\.0 for .*; this box is of .*\nnext: get the folder https:/,
  );
  t.regex((await box.outcome('box status --all')).stdout, /^warning {2}published image: a newer one/m);
  publish(newer, makeSecretKey());
  const another = await box.outcome('box upgrade check');
  t.deepEqual([another.code, /is by the key [0-9A-F]{16}/.test(another.stderr)], [1, true], another.stderr);
  t.regex((await box.outcome('box status --all')).stdout, /^warning {2}published image: .* is by the key/m);
  publish({}, key);
  t.regex((await box.outcome('box status --all')).stdout, /^ok {7}published image: this box is of/m);
  await stop();
  t.regex((await box.outcome('box status --all')).stdout, /^ok {7}published image: could not be asked for/m);
});

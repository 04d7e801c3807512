/** Backups to storage by HTTPS: a bucket of Swift’s S3, and a WebDAV folder of Apache’s; what they refuse, and that nothing of a login shows. */
import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import anyTest from 'ava';
import { artefacts } from '../rig/artefacts.ts';
import { deliver } from '../rig/mail.ts';
import { ended } from '../rig/program.ts';
import {
  davLogin,
  davServerArgv,
  makeBucket,
  type Place,
  s3Login,
  s3ServerArgv,
  startStore,
  wrongPassword,
} from '../rig/stores.ts';
import { CommandLines } from './world/command-lines.ts';
import { makeLab, outsideAddress } from './world/lab.ts';
import { findSecrets } from './world/secrets.ts';
import { queueIsEmpty, started, subjects } from './world/started.ts';
import { WebClient } from './world/web-client.ts';

const test = anyTest.serial;
const kept = artefacts(anyTest, 'lab-backup-stores');
const commandLines = new CommandLines();
const root = '/home/user-data';
const host = 'store.outside.example';

const ready = makeLab(kept).then(async (lab) => {
  // Apache’s user must come there; Swift’s files need a disk with extended attributes, which a /tmp in memory may lack.
  const folder = mkdtempSync(path.join(tmpdir(), 'letterbox-stores-'));
  chmodSync(folder, 0o755);
  const pair = await lab.ca.issue([host]);
  const place = (at: string, port: number): Place => ({ folder: at, address: outsideAddress, port, pair });
  const swift = place(path.join(kept.folder, 'swift'), 8443);
  const apache = place(path.join(folder, 'apache'), 9443);
  await lab.zone.publish([`${host}. A ${outsideAddress}`]);
  const begin = async (at: Place, argv: readonly string[]) => {
    const server = await startStore(at, [...lab.outside.prefix, ...argv]);
    return kept.own({
      stop: async () => {
        // Apache ends its own children then, and Swift's end with it.
        server.kill('SIGTERM');
        await ended(server);
        if (at === apache) rmSync(folder, { recursive: true, force: true });
      },
      explain: () => [],
    });
  };
  await begin(swift, s3ServerArgv(swift));
  const dav = await begin(apache, await davServerArgv(apache));
  const box = await started(lab, 'box', lab.owner);
  await box.run('cat >>/etc/ssl/certs/ca-certificates.crt', readFileSync(lab.ca.pair.certificate, 'utf8'));
  const web = await WebClient.of(box);
  const put = (form: Record<string, string>) =>
    web.ask('POST /system/backup/config', {
      as: lab.owner,
      form: { target_user: '', target_pass: '', min_age: '3', ...form },
    });
  return { lab, box, me: lab.owner, put, swift, dav, files: path.join(apache.folder, 'files') };
});
type Ready = Awaited<typeof ready>;

const runs = async ({ box }: Ready, words = 'run') => {
  const { code, stdout, stderr } = await box.outcome(`box backup ${words}`);
  if (code !== 0) throw new Error(`box backup ${words}: ${stderr}${stdout}`);
  return stdout.trim();
};
const send = async ({ box, me }: Ready, subject: string) => {
  await deliver(box, 25, { from: box.stranger, to: me.email, subject });
  await queueIsEmpty(box);
};
const mailOf = ({ box }: Ready, folder: string) =>
  box.run(
    `cd ${folder}/mail/mailboxes && find . -path '*/cur/*' -o -path '*/new/*' | sort | xargs -d '\\n' sha256sum`,
  );

/** A full one, an increment, and both back on a box that has forgotten what it knew of them. */
async function thereAndBack(it: Ready, name: string): Promise<string> {
  const { box } = it;
  await send(it, `${name} one`);
  const full = await runs(it);
  await send(it, `${name} two`);
  const increment = await runs(it);
  await box.run(`rm -r ${root}/backup/cache/* /root/back 2>/dev/null || true`);
  await runs(it, 'restore /root/back');
  const same = (await mailOf(it, root)) === (await mailOf(it, '/root/back'));
  const listed = JSON.parse(await runs(it, 'list --json')) as { full: boolean }[];
  const read = await runs(it, 'verify');
  return [full, increment, same, listed.map((one) => one.full).join(), /^\d+ files/.test(read)].join('; ');
}
const whole = 'made: a full backup; made: an increment; true; false,true; true';

test('a bucket: asked first, by TLS and its signature; a full backup, an increment, and the way back', async (t) => {
  const it = await ready;
  const { box, put } = it;
  const target = `s3://us-east-1@${host}:8443/box/of/mine`;
  const login = { target_user: s3Login.user, target_pass: s3Login.password };
  const refused = async (form: Record<string, string>, words: RegExp) => {
    const { status, body } = await put({ target, ...form });
    t.deepEqual([status, words.test(body)], [400, true], body);
  };
  await refused(
    { ...login, target_pass: wrongPassword },
    /does not let this box in \(SignatureDoesNotMatch\)/,
  );
  await refused(login, /has no bucket box -> make it there|has no bucket box \(make it there/);
  await refused({ ...login, target: target.replace(host, outsideAddress) }, /does not prove who it is/);
  t.is(await box.run(`cat ${root}/backup/custom.yaml 2>/dev/null || true`), '');
  await makeBucket(it.swift, host, 'box', it.lab.ca.pair.certificate, it.lab.outside.prefix);
  t.is((await put({ target, ...login })).body, '"OK"\n');
  t.is((await box.run(`stat -c '%a %U' ${root}/backup/custom.yaml`)).trim(), '600 root');
  t.is(await thereAndBack(it, 'bucket'), whole);
  t.regex((await box.outcome('box status')).stdout, /^ok {7}backups: .* on store\.outside\.example/m);
});

test('a WebDAV folder, which the box makes: a full backup, an increment, and the way back', async (t) => {
  const it = await ready;
  const target = `webdavs://${host}:9443/boxes/mine`;
  const login = { target_user: davLogin.user, target_pass: davLogin.password };
  const { status, body } = await it.put({ target, ...login, target_pass: wrongPassword });
  t.deepEqual([status, /does not let this box in \(status 401\)/.test(body)], [400, true], body);
  t.is((await it.put({ target, ...login })).body, '"OK"\n');
  t.is(await thereAndBack(it, 'folder'), whole);
  t.true(readdirSync(path.join(it.files, 'boxes/mine')).some((name) => /vol1\.difftar\.gpg$/.test(name)));
});

test('a run that is cut in the middle is gone on with, and none of its files is taken for whole', async (t) => {
  const it = await ready;
  const { box } = it;
  await box.run(`head -c 120000000 /dev/urandom >${root}/www/default/large`);
  const folder = path.join(it.files, 'boxes/mine');
  const [files, listed] = [readdirSync(folder).length, await runs(it, 'list')];
  await box.run(
    'systemd-run --quiet --collect --unit=cut --property=KillMode=control-group box backup run --full',
  );
  while (readdirSync(folder).length === files) await new Promise((resolve) => setTimeout(resolve, 200));
  await box.run(
    'systemctl kill --signal=KILL cut; while systemctl is-active --quiet cut; do sleep 0.2; done',
  );
  t.is(await runs(it, 'list'), listed);
  t.regex(await runs(it), /^made: /);
  t.regex(await runs(it, 'verify'), /^\d+ files/);
  await box.run(`rm ${root}/www/default/large`);
});

test('nothing of a login, nor of the door’s password, is on a command line, in a log, or in the storage', async (t) => {
  const it = await ready;
  const { box, files } = it;
  const secrets = [davLogin.password, s3Login.password];
  await commandLines.watch(() => runs(it, 'run --full'));
  t.true([...commandLines.seen].some((line) => line.includes('webdav://box@127.0.0.1:')));
  t.deepEqual(commandLines.holding(secrets), []);
  t.false([...commandLines.seen].some((line) => /webdav:\/\/[^@ ]*:[^@ ]*@/.test(line)));
  t.is((await box.outcome('ls /run/box/backup-door')).stdout, '');
  const log = await box.run('journalctl --no-pager --output=cat');
  for (const secret of secrets) t.false(log.includes(secret));
  t.deepEqual(await findSecrets([files], secrets), []);
});

test('a storage that is gone is said with its name; what was made before is there when it is back', async (t) => {
  const it = await ready;
  const { box, dav, me } = it;
  await dav.stop();
  const { code, stderr } = await box.outcome('box backup run');
  t.is(code, 1);
  t.regex(stderr, /^box: store\.outside\.example can’t be reached: /);
  t.regex(
    (await box.outcome('box status')).stdout,
    /^error {4}backups: the last try failed: store\.outside\.example can’t be reached/m,
  );
  // The bucket has its own all the same.
  const login = { target_user: s3Login.user, target_pass: s3Login.password };
  t.is((await it.put({ target: `s3://us-east-1@${host}:8443/box/of/mine`, ...login })).status, 200);
  t.regex(await runs(it), /^made: /);
  t.deepEqual((await subjects(box, me.email)).sort(), [
    'bucket one',
    'bucket two',
    'folder one',
    'folder two',
  ]);
});

test('a new box begins with what the bucket has: key and login are brought, and nothing of the login stays', async (t) => {
  const it = await ready;
  const { lab, box, me } = it;
  await runs(it);
  const [mail, key] = [await mailOf(it, root), await box.run(`cat ${root}/backup/secret_key.txt`)];
  await box.powerOff();
  const from = `s3://us-east-1@${host}:8443/box/of/mine`;
  const fresh = await lab.box('fresh', me, { restore: { from } });
  await fresh.start();
  const said = await fresh.console.outcome();
  t.is(
    said.error,
    `the key of the backups is not here yet; what opens ${from} is not here yet`,
    `${said.step}: ${said.error}`,
  );
  t.regex(said.hint ?? '', /box restore login$/);
  await fresh.run('cat >>/etc/ssl/certs/ca-certificates.crt', readFileSync(lab.ca.pair.certificate, 'utf8'));
  // The lab's root is known to its resolver once it has settings, and the world's from the beginning.
  await fresh.run(`echo '${outsideAddress} ${host}' >>/etc/hosts`);
  const brings = async () => {
    await fresh.run('box restore login', `${s3Login.user}\n${wrongPassword}\n`);
    await fresh.run('box restore key', key);
    await fresh.console.match(
      /stays CLOSED: restore: \S+ does not let this box in \(SignatureDoesNotMatch\)/,
    );
    t.is((await fresh.run(`stat -c '%a %U' ${root}/backup/restore-login`)).trim(), '600 root');
    await fresh.run('box restore login', `${s3Login.user}\n${s3Login.password}\n`);
    await fresh.console.match(/is ready\./);
  };
  await commandLines.watch(brings);
  t.deepEqual(commandLines.holding([s3Login.password]), []);
  t.is(await mailOf({ ...it, box: fresh }, root), mail);
  t.is(await fresh.run(`cat ${root}/backup/secret_key.txt`), key);
  t.is((await fresh.outcome(`ls ${root}/backup/restore-login`)).stdout, '');
  t.regex(await fresh.run('box backup status'), /^target: local,/);
  await fresh.powerOff();
});

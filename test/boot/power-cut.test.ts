/**
 * Power cuts in the first boot: QEMU is killed at several moments, one after the other on the same disk. What a cut
 * left behind is read from the disk before the next boot: no key may be half made, and none may change afterwards. A copy of
 * each is started natively too and becomes ready; the machine itself goes on to the next cut, and after the last one becomes ready.
 */
import { mkdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import anyTest, { type ExecutionContext } from 'ava';
import { type RawImage, rawImage, withImageMounted } from '../lab/world/image.ts';
import { makeLab } from '../lab/world/lab.ts';
import { LabBox } from '../lab/world/nspawn.ts';
import { artefacts } from '../rig/artefacts.ts';
import { kept, keptFiles, receives, showsWhatItSaid, submits } from '../rig/behaviour.ts';
import { imageUnderTest } from '../rig/image.ts';
import { Reader } from '../rig/mail.ts';
import { documentsOf, hostname } from '../rig/owner.ts';
import { nocloudDisk } from './datasources/nocloud.ts';
import { Vm } from './vm.ts';

const step = anyTest.serial;
const own = artefacts(anyTest, 'boot-power-cut');
const lab = makeLab(own);
const owner = lab.then((made) => made.owner);

/** When to cut: this long after a line on the console. */
interface Cut {
  readonly moment: string;
  readonly line: RegExp;
  readonly seconds: number;
}

const initBegins = /Letterbox: .* is being set up/;
const initEnded = /Letterbox: .* is set up/;

const cuts: readonly Cut[] = [
  {
    moment: 'before the setting up',
    line: /Cloud-init v\. .* 'init-local'|Starting .*cloud-init/,
    seconds: 2,
  },
  { moment: 'early in the setting up', line: initBegins, seconds: 2 },
  { moment: 'late in the setting up', line: initBegins, seconds: 5 },
  { moment: 'while the services start', line: initEnded, seconds: 1 },
];

const machine = (async () => {
  const me = await owner;
  return own.own(
    await Vm.create(own.folder, {
      name: 'power-cut',
      image: imageUnderTest(own.folder),
      sshKey: me.sshKey,
      disks: [await nocloudDisk(path.join(own.folder, 'power-cut.iso'), documentsOf(me))],
      // The guest's flushes are obeyed, and what it never flushed may be lost: as with a real disk.
      cache: 'writeback',
    }),
  );
})();
/** SHA-256 of each key file that the last cut left. */
let found: ReadonlyMap<string, string> = new Map();

for (const [index, { moment, line, seconds }] of cuts.entries()) {
  const name = `cut-${index}`;
  step(`cut ${moment}: no key is half made, and a copy becomes ready`, async (t) => {
    const vm = await machine;
    await vm.start();
    await vm.console.match(line);
    await sleep(seconds * 1000);
    await vm.cutPower();
    const raw = await rawImage(own.folder, vm.disk, `${name}.raw`);
    const now = await keysOnDisk(t, raw, name);
    t.log(`${now.size} of ${kept.length} key files were there`);
    for (const [file, digest] of found) t.is(now.get(file), digest, `${file} changed after a cut`);
    found = now;
    await becomesReady(t, raw, name, documentsOf(await owner), found);
    rmSync(raw.path);
  });
}

step('after the last cut the machine itself becomes ready, with the keys that were there', async (t) => {
  const [vm, me] = [await machine, await owner];
  await vm.start();
  const said = await vm.console.outcome();
  await showsWhatItSaid(t, vm, said, hostname);
  const final = await keptFiles(vm);
  for (const [file, digest] of found)
    t.true(final.includes(`${digest}  ${file}`), `${file} changed after the last cut`);
  t.is((await vm.run(halfMade)).trim(), '', 'nothing half-made is left');
  const reader = await Reader.of(vm, hostname, me, vm.folder);
  await receives(t, vm, me, reader);
  await submits(t, vm, me, reader);
});

const halfMade = "find /etc /home/user-data -xdev -name '*.box-new' -o -xdev -name '*.damaged-*'";

/** What a cut left becomes ready in the lab, on a layer over it, with the keys that were there. */
async function becomesReady(
  t: ExecutionContext,
  image: RawImage,
  name: string,
  documents: { userData: string; metaData: string },
  found: ReadonlyMap<string, string>,
): Promise<void> {
  const { box: makeBox } = await lab;
  const { options } = await makeBox(name, await owner);
  const box = own.own(new LabBox(own.folder, { ...options, image, documents }), t);
  await box.start();
  const said = await box.console.outcome();
  t.is(said.stage, 'ready', `${name}: ${said.step}: ${said.error}`);
  const keys = await keptFiles(box);
  for (const [file, digest] of found) t.true(keys.includes(`${digest}  ${file}`), `${name}: ${file} changed`);
  t.is((await box.run(halfMade)).trim(), '', `${name}: something half-made is left`);
  await box.stop();
}

/**
 * SHA-256 of each kept file on a copy of the disk, read as the next boot would: the file system's journal is replayed
 * first. A private key that is there must be a whole one.
 */
async function keysOnDisk(t: ExecutionContext, raw: RawImage, name: string): Promise<Map<string, string>> {
  const mountPoint = path.join(own.folder, `${name}-root`);
  mkdirSync(mountPoint);
  const script = `
    cd "$1" && shift
    for file in "$@"; do
      if [ -e "$file" ]; then sha256sum "$file"; fi
      case $file in *key.pem | *.private) if [ -e "$file" ]; then openssl pkey -in "$file" -noout -check >&2 || echo "broken $file"; fi ;; esac
    done`;
  const files = kept.map((file) => file.slice(1));
  const argv = ['sh', '-c', script, 'sh', mountPoint, ...files];
  const lines = (await withImageMounted(raw, mountPoint, argv, { writable: true }))
    .trim()
    .split('\n')
    .filter(Boolean);
  t.deepEqual(
    lines.filter((line) => line.startsWith('broken')),
    [],
  );
  return new Map(lines.map((line) => [`/${line.slice(66)}`, line.slice(0, 64)]));
}

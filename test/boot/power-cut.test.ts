/**
 * Power cuts in the first boot: QEMU is killed at several moments, one after the other on the same disk. What a cut
 * left behind is read from the disk before the next boot: no key may be half made, and none may change afterwards.
 */
import { mkdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import anyTest, { type ExecutionContext } from 'ava';
import { rawImage, withImageMounted } from '../lab/image.ts';
import { artefacts } from './artefacts.ts';
import { kept, keptFiles, receives, showsWhatItSaid, submits } from './behaviour.ts';
import { nocloudDisk } from './datasources/nocloud.ts';
import { imageUnderTest } from './image.ts';
import { Reader } from './mail.ts';
import { documentsOf, hostname, makeOwner } from './owner.ts';
import { Vm } from './vm.ts';

const own = artefacts(anyTest, 'boot-power-cut');
const owner = makeOwner(own.folder);

/** When to cut: this long after a line on the console. */
interface Cut {
  readonly line: RegExp;
  readonly seconds: number;
}

const initBegins = /Letterbox: .* is being set up/;
const initEnded = /Letterbox: .* is set up/;

const cuts: readonly Cut[] = [
  { line: /Cloud-init v\. .* 'init-local'|Starting .*cloud-init/, seconds: 2 },
  { line: initBegins, seconds: 2 },
  { line: initBegins, seconds: 5 },
  { line: initEnded, seconds: 1 },
];

anyTest('cut before, early and late in the setting up, and while the services start', async (t) => {
  const me = await owner;
  const disks = [await nocloudDisk(path.join(own.folder, 'power-cut.iso'), documentsOf(me))];
  // The guest's flushes are obeyed, and what it never flushed may be lost: as with a real disk.
  const options = {
    name: 'power-cut',
    image: imageUnderTest(own.folder),
    sshKey: me.sshKey,
    disks,
    cache: 'writeback' as const,
  };
  const vm = own.own(await Vm.create(own.folder, options), t);
  let found = new Map<string, string>();
  for (const [index, { line, seconds }] of cuts.entries()) {
    await vm.start();
    await vm.console.match(line);
    await sleep(seconds * 1000);
    await vm.cutPower();
    const now = await keysOnDisk(t, vm, `cut-${index}`);
    t.log(`cut ${seconds} s after ${line}: ${now.size} of ${kept.length} key files were there`);
    for (const [file, digest] of found) t.is(now.get(file), digest, `${file} changed after a cut`);
    found = now;
  }
  await vm.start();
  const said = await vm.console.outcome();
  await showsWhatItSaid(t, vm, said, hostname);
  const final = await keptFiles(vm);
  for (const [file, digest] of found)
    t.true(final.includes(`${digest}  ${file}`), `${file} changed after the last cut`);
  const leftovers = await vm.run(
    "find /etc /home/user-data -xdev -name '*.box-new' -o -xdev -name '*.damaged-*'",
  );
  t.is(leftovers.trim(), '', 'nothing half-made is left');
  const reader = await Reader.of(vm, hostname, me, vm.folder);
  await receives(t, vm, me, reader);
  await submits(t, vm, me, reader);
});

/**
 * SHA-256 of each kept file on a copy of the disk, read as the next boot would: the file system's journal is replayed
 * first. A private key that is there must be a whole one.
 */
async function keysOnDisk(t: ExecutionContext, vm: Vm, name: string): Promise<Map<string, string>> {
  const raw = await rawImage(own.folder, vm.disk, `${name}.raw`);
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
  rmSync(raw.path);
  t.deepEqual(
    lines.filter((line) => line.startsWith('broken')),
    [],
  );
  return new Map(lines.map((line) => [`/${line.slice(66)}`, line.slice(0, 64)]));
}

/** The state volume that is missing, comes late, is the wrong one, or was grown: no fresh box is made in silence. */
import { statSync } from 'node:fs';
import anyTest from 'ava';
import { artefacts } from '../rig/artefacts.ts';
import { keptFiles } from '../rig/behaviour.ts';
import { output } from '../rig/program.ts';
import { blankDisk, grow, onDisk, stateDevice } from './world/disk.ts';
import { makeLab } from './world/lab.ts';
import { LabBox } from './world/nspawn.ts';
import { openTcpPorts } from './world/ports.ts';

const test = anyTest.serial;
const kept = artefacts(anyTest, 'lab-state-volume');
const ready = makeLab(kept).then(async (lab) => ({
  lab,
  disk: await blankDisk(kept, 'own'),
  made: await lab.box('box', lab.owner, { storage: { device: stateDevice } }),
}));

/** The same machine, root disk and all, with this volume or with none. */
async function withVolume(volume?: string): Promise<LabBox> {
  const { made } = await ready;
  const devices: Record<string, string> = volume === undefined ? {} : { [stateDevice]: volume };
  const box = kept.own(new LabBox(kept.folder, { ...made.options, devices }));
  await box.start();
  return box;
}

let identity = '';

test('a volume that is missing: the box stays closed and says so; it comes, and the box goes on without a boot', async (t) => {
  const { lab, disk } = await ready;
  const box = await withVolume();
  // cloud-init's patience, five minutes, is over.
  await box.console.match(/still waiting for the state volume/);
  await box.run('pkill -x format-state');
  const said = await box.console.outcome();
  t.is(said.stage, 'failed');
  t.regex(said.error ?? '', /virtio-state is not mounted at \/home\/user-data/);
  t.deepEqual(await openTcpPorts(lab.outside, box.host, 4200), [22]);
  t.is(
    (await box.run('ls /home/user-data 2>/dev/null || true')).trim(),
    '',
    'nothing is made on the root disk',
  );
  box.console.mark();
  await box.run(`mkdir -p /dev/disk/by-id && mknod ${stateDevice} b 7 ${statSync(disk).rdev & 0xff}`);
  const then = await box.console.outcome();
  t.is(then.stage, 'ready', then.error);
  t.regex(await box.run('findmnt -no FSTYPE,OPTIONS /home/user-data'), /ext4 .*nosuid/);
  identity = await keptFiles(box);
  await box.powerOff();
});

for (const [what, prepare, says] of [
  ['empty', async () => blankDisk(kept, 'empty'), /has no state in it, and this box has had one/],
  [
    'another machine’s',
    async () => {
      const disk = await blankDisk(kept, 'foreign');
      await output(['mkfs.ext4', '-q', '-F', disk]);
      await onDisk(disk, 'mkdir photos && echo mine >photos/one');
      return disk;
    },
    /has no state in it, and this box has had one/,
  ],
] as const) {
  test(`the wrong volume at a box that had its own, one that is ${what}: it stays closed, and says so`, async (t) => {
    const { lab } = await ready;
    const volume = await prepare();
    const box = await withVolume(volume);
    const said = await box.console.outcome();
    t.is(said.stage, 'failed');
    t.regex(said.error ?? '', says);
    t.regex(said.hint ?? '', /attach the volume that it had/);
    t.deepEqual(await openTcpPorts(lab.outside, box.host, 4200), [22]);
    await box.kill();
    t.regex(await onDisk(volume, 'ls'), /^lost\+found\n(photos\n)?$/, 'nothing was made on it');
  });
}

test('a volume with somebody else’s files at a new box: it stays closed, and touches none', async (t) => {
  const { lab } = await ready;
  const disk = await blankDisk(kept, 'somebodys');
  await output(['mkfs.ext4', '-q', '-F', disk]);
  await onDisk(disk, 'mkdir photos && echo mine >photos/one');
  const { options } = await lab.box('new', lab.owner, { storage: { device: stateDevice } });
  const box = kept.own(new LabBox(kept.folder, { ...options, devices: { [stateDevice]: disk } }));
  await box.start();
  const said = await box.console.outcome();
  t.is(said.stage, 'failed');
  t.regex(said.error ?? '', /\/home\/user-data holds what is no box’s: photos$/);
  await box.kill();
  t.is(await onDisk(disk, 'ls; cat photos/one'), 'lost+found\nphotos\nmine\n');
});

test('its own volume again, grown meanwhile: the same box, whether its file system could be grown or not', async (t) => {
  const { disk } = await ready;
  await grow(kept, disk, 'own', 4096);
  const box = await withVolume(disk);
  const said = await box.console.outcome();
  t.is(said.stage, 'ready', said.error);
  t.is(await keptFiles(box), identity);
  t.regex((await box.outcome('box status')).stdout, /^ok {7}disk:/m);
});

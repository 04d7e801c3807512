/**
 * Program: a box of the release and image that LETTERBOX_RELEASE and LETTERBOX_IMAGE name. Each line on standard input is a part to
 * measure (figures.ts), each on standard output its figures as a list in JSON: so two releases are measured in turn, in one run.
 */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { nocloudDisk } from '../../test/boot/datasources/nocloud.ts';
import { Vm } from '../../test/boot/vm.ts';
import { makeLab } from '../../test/lab/world/lab.ts';
import type { LabBox } from '../../test/lab/world/nspawn.ts';
import { started } from '../../test/lab/world/started.ts';
import { Owned } from '../../test/rig/artefacts.ts';
import type { SerialConsole } from '../../test/rig/console.ts';
import { imageUnderTest } from '../../test/rig/image.ts';
import { documentsOf } from '../../test/rig/owner.ts';
import { pour } from '../mail.ts';
import { median } from '../median.ts';
import { filledMailbox, needles, search, sizes } from '../search.ts';
import type { Part } from './figures.ts';

const settle = Number(process.env.BENCH_SETTLE ?? 90);
const artefacts = path.join(process.cwd(), 'test-artefacts');
mkdirSync(artefacts, { recursive: true });
const folder = mkdtempSync(path.join(artefacts, 'bench-release-'));
const owned = new Owned();
const lab = await makeLab({ folder, own: owned.own });
let boxes = 0;
let kept: { readonly box: LabBox; mailbox?: string } | undefined;

/** One box serves all that needs one: it is at rest first. */
const box = async () => {
  kept ??= { box: await started(lab, 'kept', lab.owner) };
  return kept;
};

/** Seconds until it says that it is ready. */
async function boots(console: SerialConsole, start: () => Promise<void>): Promise<number> {
  const began = performance.now();
  await start();
  const said = await console.outcome();
  if (said.stage !== 'ready') throw new Error(`${said.step}: ${said.error} (${said.hint})`);
  return (performance.now() - began) / 1000;
}

const measure: Record<Part, () => Promise<readonly number[]>> = {
  boots: async () => {
    const fresh = await lab.box(`box${++boxes}`, lab.owner);
    const first = await boots(fresh.console, () => fresh.start());
    await fresh.powerOff();
    const later = await boots(fresh.console, () => fresh.start());
    await fresh.stop();
    return [first, later];
  },
  idle: async () => {
    const at = await box();
    await sleep(settle * 1000);
    return [at.box.memory.usedMiB()];
  },
  mail: async () => {
    const at = await box();
    const { rate, p50 } = await pour(at.box, lab.owner.email, path.join(folder, `mail-${++boxes}.log`));
    return [rate, p50];
  },
  search: async () => {
    const at = await box();
    const { email, filling } = await filledMailbox(at.box, lab.owner);
    const times = async (way: 'index' | 'reading') => {
      const all: number[] = [];
      for (const needle of Object.values(needles)) {
        await search(at.box, email, needle, way);
        for (let round = 0; round < 3; round++) all.push(1000 * (await search(at.box, email, needle, way)));
      }
      return median(all);
    };
    return [filling, await times('index'), await times('reading'), (await sizes(at.box)).index];
  },
  emulated: async () => {
    const seed = await nocloudDisk(path.join(folder, 'seed.iso'), documentsOf(lab.owner));
    const name = `vm${++boxes}`;
    const image = imageUnderTest(folder);
    const vm = owned.own(await Vm.create(folder, { name, image, sshKey: lab.owner.sshKey, disks: [seed] }));
    const first = await boots(vm.console, () => vm.start());
    await vm.powerOff();
    const later = await boots(vm.console, () => vm.start());
    await vm.stop();
    return [first, later];
  },
};

try {
  console.log('ready');
  for await (const part of createInterface({ input: process.stdin })) {
    console.log(JSON.stringify(await measure[part as Part]()));
  }
} finally {
  await owned.stop();
  rmSync(folder, { recursive: true, force: true });
}

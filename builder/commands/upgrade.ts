/** `letterbox upgrade`: the image that was baked last takes the place of the one that runs; where the box refuses it, that one runs again. */
import type { Compiled } from '../compile.ts';
import { Progress, type ProgressEvent } from '../host/progress.ts';
import {
  type Booted,
  bootMachine,
  forgetRootAside,
  hasRootAside,
  isOutdated,
  putRootBack,
  type RootDisk,
  setRootAside,
  stopMachine,
  type Vm,
} from '../vm/boot.ts';
import { seedOf } from './demo.ts';

/** Expected seconds on 2 cores without KVM. */
const expected = { stop: 20, boot: 110, back: 90 } as const;

export interface Upgraded {
  /** What runs now. */
  readonly booted: Booted;
  /** Why that is the former image again. */
  readonly refused?: string;
}

export async function upgrade(
  vm: Vm,
  compiled: Compiled,
  emit: (event: ProgressEvent, remaining: number) => void,
  stop: string,
): Promise<Upgraded> {
  if (compiled.config.box.storage.device === undefined)
    throw new Error(
      'box.storage.device: an upgrade needs the state on a volume of its own, since it replaces the root disk\n' +
        '  what to do   docs/upgrade.md says how a box without one comes to a new image',
    );
  const isCutOff = hasRootAside(vm);
  if (!isCutOff && !isOutdated(vm))
    throw new Error(
      'the machine runs this image already, or was never started\n  what to do   bake another one',
    );
  const boot = (which: RootDisk, progress: Progress, title: string, seconds: number) =>
    progress.step({
      title,
      expected: seconds,
      run: (report) => bootMachine(vm, compiled, seedOf(compiled), which, report, { stop }),
    });
  const there = new Progress(emit, [expected.stop, expected.boot]);
  await there.step({ title: 'stop the box', expected: expected.stop, run: () => stopMachine(vm) });
  // The box gives its state back by itself to the image that it was of.
  if (isCutOff) putRootBack(vm);
  setRootAside(vm);
  const came = await boot('newest', there, 'start the new image', expected.boot).catch(
    (error: Error) => error,
  );
  if (!(came instanceof Error) && came.report.stage === 'ready') {
    forgetRootAside(vm);
    return { booted: came };
  }
  const refused = came instanceof Error ? came.message : `${came.report.step}: ${came.report.error}`;
  there.notice(`the new image does not do: ${refused}; the former one is started again`);
  await stopMachine(vm);
  putRootBack(vm);
  const back = new Progress(emit, [expected.back]);
  return { booted: await boot('same', back, 'start the former image', expected.back), refused };
}

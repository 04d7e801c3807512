/** Runs a baked image as a machine in QEMU, in the background, until `letterbox stop`. */
import {
  existsSync,
  linkSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { BoxReport } from '../../contract/report.ts';
import type { Compiled } from '../compile.ts';
import type { Report } from '../host/progress.ts';
import { run } from '../host/run.ts';
import { watchConsole } from './console.ts';
import { createDisk, createOverlay, probeAcceleration, qemuArgv, uefiFirmware } from './qemu.ts';
import { pressPower, quit } from './qmp.ts';

/** The machine's folder, `out/<name>/vm/`. */
export interface Vm {
  readonly folder: string;
  readonly image: string;
  readonly serialLog: string;
  readonly qmpSocket: string;
  readonly pidFile: string;
}

/** What somebody needs to know whose box does not get ready: how to log in, and how to end it. */
export interface Ways {
  /** The command that stops the machine. */
  readonly stop: string;
  /** Private key of the box's ssh; the owner's own where absent. */
  readonly sshKey?: string;
}

/** Guest port to port on 127.0.0.1. */
export type Forwards = Readonly<Record<string, number>>;

export interface Booted {
  readonly report: BoxReport;
  readonly forwards: Forwards;
}

export function machine(out: string, name: string, folder = 'vm'): Vm {
  const at = path.resolve(out, folder);
  return {
    folder: at,
    image: path.resolve(out, `${name}.qcow2`),
    serialLog: path.join(at, 'console.log'),
    qmpSocket: path.join(at, 'qmp.sock'),
    pidFile: path.join(at, 'qemu.pid'),
  };
}

/**
 * Which root disk it starts with: `newest`, the one of an earlier boot, but of the image that lies there now where the state has a disk
 * of its own; `same`, the one of the earlier boot whatever lies there; `fresh`, none that was, and no state either.
 */
export type RootDisk = 'newest' | 'same' | 'fresh';

/** Starts the machine and waits for the box's report. The disk of an earlier boot is used again, so that mail and keys are kept. */
export async function bootMachine(
  vm: Vm,
  compiled: Compiled,
  seed: Uint8Array,
  rootDisk: RootDisk,
  report: Report,
  ways: Ways,
): Promise<Booted> {
  if (isRunning(vm)) throw new Error(`the machine in ${vm.folder} runs already; stop it first`);
  if (rootDisk === 'fresh') rmSync(vm.folder, { recursive: true, force: true });
  mkdirSync(vm.folder, { recursive: true, mode: 0o700 });
  const file = (name: string) => path.join(vm.folder, name);
  const { boot, box } = compiled.config;
  await prepareDisk(vm, box.storage.device !== undefined, rootDisk === 'same');
  writeFileSync(file('seed.iso'), seed, { mode: 0o600 });
  const forwards = await freeForwards([
    22,
    ...compiled.plan.image.ports.filter((p) => p.public && p.protocol === 'tcp').map((p) => p.port),
  ]);
  writeFileSync(file('forwards.json'), JSON.stringify(forwards));
  const acceleration = await probeAcceleration();
  const said = existsSync(vm.serialLog) ? statSync(vm.serialLog).size : 0;
  await run(
    qemuArgv({
      name: `letterbox-${compiled.plan.name}`,
      acceleration: acceleration.kind,
      ...(boot.firmware === 'uefi' ? { uefi: uefiFirmware(file('uefi-vars.fd')) } : {}),
      memoryMiB: boot.memory / 1024 ** 2,
      cpus: boot.cpus,
      disks: [
        { path: file('disk.qcow2'), format: 'qcow2' },
        ...(box.storage.device === undefined
          ? []
          : [{ path: file('state.qcow2'), format: 'qcow2' as const }]),
        { path: file('seed.iso'), format: 'raw', readOnly: true },
      ],
      cache: 'writeback',
      network: {
        kind: 'user',
        restrict: true,
        forwards: Object.entries(forwards).map(([guest, host]) => ({ guest: Number(guest), host })),
      },
      serialLog: vm.serialLog,
      qmpSocket: vm.qmpSocket,
      pidFile: vm.pidFile,
      daemonize: true,
    }),
  );
  const boxReport = await watchConsole({
    log: vm.serialLog,
    from: said,
    silenceSeconds: acceleration.kind === 'kvm' ? 180 : 900,
    onLine: report,
    alive: () => isRunning(vm),
  }).catch((error: Error) => {
    throw new Error(`${error.message}\n${lookInside(vm, forwards, ways)}`);
  });
  return { report: boxReport, forwards };
}

/** Where to look, and how to end it: a machine that did not get ready goes on running. */
export function lookInside(vm: Vm, forwards: Forwards, { stop, sshKey }: Ways): string {
  const key = sshKey === undefined ? '' : ` -i ${sshKey}`;
  return [
    `  console      ${vm.serialLog}`,
    `  look inside  ssh -p ${forwards[22]}${key} root@127.0.0.1`,
    `  stop it      ${stop}`,
  ].join('\n');
}

/** A disk over the image. It keeps its own name for the image's file, so that a later bake can't pull it away. */
async function prepareDisk(vm: Vm, hasState: boolean, same: boolean): Promise<void> {
  const file = (name: string) => path.join(vm.folder, name);
  const isOld =
    existsSync(file('image.qcow2')) && statSync(file('image.qcow2')).ino !== statSync(vm.image).ino;
  // With the state on a disk of its own, a new image is an upgrade: only the root disk is replaced.
  if (isOld && hasState && !same) for (const name of rootFiles) rmSync(file(name), { force: true });
  if (!existsSync(file('disk.qcow2'))) {
    rmSync(file('image.qcow2'), { force: true });
    linkSync(vm.image, file('image.qcow2'));
    await createOverlay(file('image.qcow2'), file('disk.qcow2'));
  }
  if (hasState && !existsSync(file('state.qcow2'))) await createDisk(file('state.qcow2'), 8 * 1024 ** 3);
}

/** A root disk, and the image under it. */
const rootFiles = ['image.qcow2', 'disk.qcow2'] as const;
const asideOf = (vm: Vm) => path.join(vm.folder, 'before');

/** Puts the root disk aside, so that the next boot makes another; it can be had back. */
export function setRootAside(vm: Vm): void {
  mkdirSync(asideOf(vm), { recursive: true });
  for (const name of rootFiles) renameSync(path.join(vm.folder, name), path.join(asideOf(vm), name));
}

export const hasRootAside = (vm: Vm): boolean => existsSync(asideOf(vm));

/** Has it back; may be done again where it was cut off. */
export function putRootBack(vm: Vm): void {
  for (const name of rootFiles)
    if (existsSync(path.join(asideOf(vm), name)))
      renameSync(path.join(asideOf(vm), name), path.join(vm.folder, name));
  forgetRootAside(vm);
}

export function forgetRootAside(vm: Vm): void {
  rmSync(asideOf(vm), { recursive: true, force: true });
}

/** Whether the machine was made from another image than the one that lies there now. */
export function isOutdated(vm: Vm): boolean {
  const used = path.join(vm.folder, 'image.qcow2');
  return existsSync(used) && statSync(used).ino !== statSync(vm.image).ino;
}

export function isRunning(vm: Vm): boolean {
  try {
    process.kill(Number(readFileSync(vm.pidFile, 'utf8')), 0);
    return existsSync(vm.qmpSocket);
  } catch {
    return false;
  }
}

/** Presses the power button, and pulls the plug if the box has not shut down in time. Gives false if it didn't run. */
export async function stopMachine(vm: Vm, graceSeconds = 90): Promise<boolean> {
  if (!isRunning(vm)) return false;
  await pressPower(vm.qmpSocket);
  for (let waited = 0; waited < graceSeconds && isRunning(vm); waited += 0.5) await sleep(500);
  if (isRunning(vm)) await quit(vm.qmpSocket).catch(() => undefined);
  for (let waited = 0; waited < 10 && isRunning(vm); waited += 0.2) await sleep(200);
  return true;
}

/** 10000 + the guest's port where that is free, so that one can guess it; else any free one. */
async function freeForwards(guestPorts: readonly number[]): Promise<Forwards> {
  const pairs: [number, number][] = [];
  for (const guest of guestPorts)
    pairs.push([guest, (await tryPort(10_000 + guest)) ?? (await tryPort(0)) ?? 0]);
  return Object.fromEntries(pairs);
}

function tryPort(port: number): Promise<number | undefined> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(undefined));
    server.listen(port, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : undefined));
    });
  });
}

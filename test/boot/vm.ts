/** One virtual machine of the boot tests: started, asked, cut off from power, started again. */
import type { ChildProcess } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { copyFile } from 'node:fs/promises';
import path from 'node:path';
import {
  createOverlay,
  type Disk,
  type DiskHardware,
  type Firmware,
  type Network,
  probeAcceleration,
  type QemuOptions,
  qemuArgv,
  uefiFirmware,
} from '../../builder/vm/qemu.ts';
import { pressPower, qmp } from '../../builder/vm/qmp.ts';
import type { Started } from '../rig/artefacts.ts';
import { knockedPorts, type TestedBox } from '../rig/behaviour.ts';
import { SerialConsole } from '../rig/console.ts';
import { ended } from '../rig/program.ts';
import { startInSlot } from '../rig/slots.ts';
import { waitFor } from '../rig/wait.ts';
import { noteStart } from '../times.ts';
import { SshClient } from './ssh.ts';

export interface VmOptions {
  readonly name: string;
  /** The image; it is only read. */
  readonly image: string;
  readonly firmware?: Firmware;
  readonly memoryMiB?: number;
  /** What the machine is built of, where it stands for one of another hypervisor than ours. */
  readonly machine?: QemuOptions['machine'];
  readonly networkCard?: QemuOptions['networkCard'];
  readonly rootDisk?: DiskHardware;
  /** After the root disk: `/dev/vdb`, `/dev/vdc`... */
  readonly disks?: readonly Disk[];
  readonly smbios?: Readonly<Record<string, string>>;
  /** A tap device and how to run a program beside it; default: user-mode network without a way out. */
  readonly tap?: { readonly device: string; readonly address: string; readonly prefix: readonly string[] };
  /** Programs that answer, inetd style, inside the guest's user-mode network. */
  readonly services?: Extract<Network, { kind: 'user' }>['services'];
  /** Power cuts need `writeback`: what the guest has flushed must be on the disk, and nothing is promised more. */
  readonly cache?: QemuOptions['cache'];
  readonly sshKey: string;
  /** See `Server`. User-mode networks of these tests have no DNS. */
  readonly stranger?: string;
}

export class Vm implements Started, TestedBox {
  readonly console: SerialConsole;
  readonly ssh: SshClient;
  readonly disk: string;
  #child: ChildProcess | undefined;
  #firmware: Firmware;

  /** Where a client reaches the machine. */
  readonly host: string;

  private constructor(
    readonly folder: string,
    readonly options: VmOptions,
    readonly acceleration: QemuOptions['acceleration'],
  ) {
    this.disk = path.join(folder, 'disk.qcow2');
    this.host = options.tap?.address ?? ownLoopbackAddress();
    this.stranger = options.stranger ?? '<>';
    this.#firmware = options.firmware ?? 'bios';
    this.console = new SerialConsole(path.join(folder, 'serial.log'), () =>
      this.running ? undefined : `the machine stopped (${this.#lastWords()})`,
    );
    this.ssh = new SshClient(this.host, this.port(22), options.sshKey, folder, options.tap?.prefix ?? []);
  }

  /** Makes the machine's folder and its disk over the image; it is not started yet. */
  static async create(parent: string, options: VmOptions): Promise<Vm> {
    const folder = path.join(parent, options.name);
    mkdirSync(folder, { recursive: true });
    const vm = new Vm(folder, options, (await probeAcceleration()).kind);
    await createOverlay(options.image, vm.disk);
    return vm;
  }

  get running(): boolean {
    return this.#child !== undefined && this.#child.exitCode === null && this.#child.signalCode === null;
  }

  /** The port at which a client reaches a port of the guest; the host's own daemons listen at the lower ones. */
  port = (guest: number): number => (this.options.tap === undefined ? 10_000 + guest : guest);

  readonly stranger: string;

  /** Runs a shell script on the box that must exit 0, and gives its output. */
  run = (script: string): Promise<string> => this.ssh.run(script);

  /** What puts a client beside the machine, where that is another network namespace. */
  get prefix(): readonly string[] {
    return this.options.tap?.prefix ?? [];
  }

  /** Turns the machine on, once one of the test run's slots is free; with another firmware it is as if its disk had moved. */
  async start(firmware = this.#firmware): Promise<void> {
    if (this.running) throw new Error(`${this.options.name} runs already`);
    this.#firmware = firmware;
    this.console.mark();
    const log = path.join(this.folder, 'qemu.log');
    noteStart('qemu', this.options.name);
    this.#child = await startInSlot([...this.prefix, ...qemuArgv(this.#qemu())], log);
  }

  /** Pulls the plug: QEMU is killed where it stands. */
  async cutPower(): Promise<void> {
    const child = this.#child;
    if (child === undefined) return;
    child.kill('SIGKILL');
    await ended(child);
  }

  /** Copies the disk as a power cut of this moment would leave it, and gives the copy; the machine goes on. */
  async diskIfCutNow(name: string): Promise<string> {
    const copy = path.join(this.folder, name);
    // A stopped process writes no more than a killed one: what the guest never flushed is in neither. QEMU's own pause would flush it.
    this.#child?.kill('SIGSTOP');
    try {
      await copyFile(this.disk, copy);
    } finally {
      this.#child?.kill('SIGCONT');
    }
    return copy;
  }

  /** Presses the power button and waits until the guest has shut itself down. */
  async powerOff(): Promise<void> {
    await pressPower(path.join(this.folder, 'qmp.sock'));
    // Each service is waited for, and emulated.
    await waitFor(`${this.options.name} to power off`, () => (this.running ? undefined : true), {
      seconds: 900,
    });
  }

  /** The provider makes a disk larger, and tells the running guest; they are counted from the root disk, which is 0. */
  async growDisk(index: number, bytes: number): Promise<void> {
    const resize = { execute: 'block_resize', arguments: { device: `disk${index}`, size: bytes } };
    await qmp(path.join(this.folder, 'qmp.sock'), resize);
  }

  /** Which firmware the guest sees. */
  async firmwareSeen(): Promise<Firmware> {
    const said = await this.run('if [ -d /sys/firmware/efi ]; then echo uefi; else echo bios; fi');
    return said.trim() as Firmware;
  }

  stop = (): Promise<void> => this.cutPower();

  /** How QEMU ended, and the last line it wrote. */
  #lastWords(): string {
    const end = this.#child?.signalCode ?? `exit code ${this.#child?.exitCode}`;
    const log = path.join(this.folder, 'qemu.log');
    const lines = existsSync(log) ? readFileSync(log, 'utf8').trim().split('\n') : [];
    return [end, lines.at(-1)].filter(Boolean).join('; ');
  }

  explain = (): string[] => {
    const script = path.join(this.folder, 'look-inside.sh');
    const { serialLog: _, ...options } = this.#qemu();
    const argv = qemuArgv({ ...options, serialLog: '/dev/null' })
      .map(shellWord)
      .join(' ');
    writeFileSync(
      script,
      `#!/bin/sh\n# Starts the kept machine again; its disk stays as it was left.\nexec ${argv} -snapshot\n`,
    );
    return [
      `${this.options.name}: disk ${this.disk}, serial log ${this.console.path}`,
      `  look inside: sh ${script} &  then: ${this.ssh.argv('').map(shellWord).join(' ')}`,
    ];
  };

  #qemu(): QemuOptions {
    const { options, folder } = this;
    const uefi = this.#firmware === 'uefi' ? { uefi: uefiFirmware(path.join(folder, 'uefi-vars.fd')) } : {};
    return {
      name: `letterbox-test-${options.name}`,
      acceleration: this.acceleration,
      ...uefi,
      memoryMiB: options.memoryMiB ?? 1024,
      // Two machines at a time keep two cores busy; with two processors each they only wait for each other longer.
      cpus: 1,
      machine: options.machine,
      networkCard: options.networkCard,
      disks: [{ path: this.disk, format: 'qcow2', hardware: options.rootDisk }, ...(options.disks ?? [])],
      cache: options.cache ?? 'unsafe',
      network: this.#network(),
      ...(options.smbios === undefined ? {} : { smbios: options.smbios }),
      serialLog: path.join(folder, 'serial.log'),
      qmpSocket: path.join(folder, 'qmp.sock'),
      pidFile: path.join(folder, 'qemu.pid'),
    };
  }

  #network(): Network {
    if (this.options.tap !== undefined) return { kind: 'tap', device: this.options.tap.device };
    const forwards = knockedPorts.map((guest) => ({ guest, host: this.port(guest), address: this.host }));
    return { kind: 'user', restrict: true, forwards, services: this.options.services ?? [] };
  }
}

let machines = 0;

/**
 * An address of 127.0.0.0/8 for one machine of one test process: a port that is found free on 127.0.0.1 may be taken
 * by any connection until the machine has it.
 */
function ownLoopbackAddress(): string {
  const own = process.pid % 2 ** 14;
  return `127.${64 + (own >> 8)}.${own & 255}.${++machines}`;
}

function shellWord(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}

/** QEMU for the baked image: acceleration that is probed, a disk overlay, and the argument vector as a pure function. */
import { constants, copyFileSync, existsSync } from 'node:fs';
import { open, readFile } from 'node:fs/promises';
import { run } from '../host/run.ts';

export type Firmware = 'bios' | 'uefi';

/** How the guest's processor is made: by the host's, or in software. */
export interface Acceleration {
  readonly kind: 'kvm' | 'tcg';
  /** One plain sentence for the user, where the guest will be slow. */
  readonly notice?: string;
  /** The command that mends it, where there is one. */
  readonly mend?: string;
}

export interface Forward {
  /** An address of the host; default 127.0.0.1. */
  readonly address?: string;
  /** Port of the host at that address. */
  readonly host: number;
  /** Port of the guest. */
  readonly guest: number;
}

/**
 * - `user`: QEMU's own user-mode network. `restrict` cuts the guest off from everything but the forwards.
 *   A `service` is a program that answers, inetd style, at an address of the guest's network.
 * - `tap`: an existing tap device, in the network namespace that QEMU is started in.
 */
export type Network =
  | {
      readonly kind: 'user';
      readonly restrict: boolean;
      readonly forwards: readonly Forward[];
      readonly services?: readonly {
        readonly address: string;
        readonly port: number;
        readonly command: string;
      }[];
    }
  | { readonly kind: 'tap'; readonly device: string };

/** What a disk hangs on. A `cdrom` is a SATA drive of a `q35` and an IDE drive of a `pc`. */
export type DiskHardware = 'virtio-blk' | 'virtio-scsi' | 'pvscsi' | 'mptsas1068' | 'nvme' | 'cdrom';

export interface Disk {
  readonly path: string;
  readonly format: 'qcow2' | 'raw';
  /** The guest finds a virtio-blk disk as `/dev/disk/by-id/virtio-<serial>`. */
  readonly serial?: string;
  readonly readOnly?: boolean;
  /** Default: virtio-blk. */
  readonly hardware?: DiskHardware | undefined;
}

export interface QemuOptions {
  readonly name: string;
  readonly acceleration: Acceleration['kind'];
  /** UEFI firmware code and this machine's own copy of its variables; absent: BIOS. */
  readonly uefi?: { readonly code: string; readonly vars: string };
  readonly memoryMiB: number;
  readonly cpus: number;
  /** What the machine is built of: PCI Express and SATA, or PCI and IDE. Default: q35. */
  readonly machine?: 'q35' | 'pc' | undefined;
  /** QEMU's name of the network card. Default: virtio-net-pci. */
  readonly networkCard?: 'virtio-net-pci' | 'e1000' | 'e1000e' | 'vmxnet3' | undefined;
  /** In the order in which the guest numbers those of one kind: `/dev/vda`, `/dev/vdb`... The first one is booted. */
  readonly disks: readonly Disk[];
  /** `unsafe` ignores the guest's flushes: fast, for machines that nobody will miss. */
  readonly cache: 'writeback' | 'unsafe';
  readonly network: Network;
  /** SMBIOS type 1 fields, where clouds and NoCloud announce themselves (`serial`, `uuid`, `product`...). */
  readonly smbios?: Readonly<Record<string, string>>;
  /** What the guest writes on its first serial line is appended here. */
  readonly serialLog: string;
  /** Control socket (QMP, the QEMU Machine Protocol). */
  readonly qmpSocket: string;
  readonly pidFile: string;
  /** Goes on in the background once the machine is set up. */
  readonly daemonize?: boolean;
}

/** The whole command line. Paths come from the user, so a comma in one is doubled, as QEMU's options want it. */
export function qemuArgv(options: QemuOptions): [string, ...string[]] {
  return [
    'qemu-system-x86_64',
    ...['-name', options.name],
    ...['-nodefaults', '-no-user-config', '-display', 'none'],
    ...['-machine', options.machine ?? 'q35'],
    ...(options.acceleration === 'kvm'
      ? ['-accel', 'kvm', '-cpu', 'host']
      : ['-accel', 'tcg,thread=multi', '-cpu', 'max']),
    ...['-m', `${options.memoryMiB}M`, '-smp', String(options.cpus)],
    ...(options.uefi === undefined ? [] : firmware(options.uefi)),
    ...options.disks.flatMap((disk, index) => diskArguments(disk, index, options.cache)),
    ...network(options.network, options.networkCard ?? 'virtio-net-pci'),
    ...['-device', 'virtio-rng-pci'],
    ...(options.smbios === undefined ? [] : ['-smbios', fields({ type: '1', ...options.smbios })]),
    ...['-chardev', fields({ file: undefined, id: 'serial0', path: options.serialLog, append: 'on' })],
    ...['-serial', 'chardev:serial0'],
    ...[
      '-chardev',
      fields({ socket: undefined, id: 'qmp0', path: options.qmpSocket, server: 'on', wait: 'off' }),
    ],
    ...['-mon', 'chardev=qmp0,mode=control'],
    ...['-pidfile', options.pidFile],
    ...(options.daemonize === true ? ['-daemonize'] : []),
  ];
}

function firmware(uefi: NonNullable<QemuOptions['uefi']>): string[] {
  const flash = { if: 'pflash', format: 'raw' };
  return [
    ...['-drive', fields({ ...flash, unit: '0', readonly: 'on', file: uefi.code })],
    ...['-drive', fields({ ...flash, unit: '1', file: uefi.vars })],
  ];
}

function diskArguments(disk: Disk, index: number, cache: QemuOptions['cache']): string[] {
  const id = `disk${index}`;
  const readOnly: Record<string, string> = disk.readOnly === true ? { readonly: 'on' } : {};
  const serial: Record<string, string> = disk.serial === undefined ? {} : { serial: disk.serial };
  const drive = {
    if: 'none',
    id,
    file: disk.path,
    format: disk.format,
    cache,
    discard: 'unmap',
    ...readOnly,
  };
  const place = { drive: id, bootindex: String(index), ...serial };
  const { controller, device } = attached(disk.hardware ?? 'virtio-blk', id);
  return [
    '-drive',
    fields(drive),
    ...(controller === undefined ? [] : ['-device', fields(controller)]),
    ...['-device', fields({ ...device, ...place })],
  ];
}

/** A disk's device, and the controller of its own that it needs. */
function attached(hardware: DiskHardware, id: string): { controller?: Fields; device: Fields } {
  const scsi = (name: string) => ({
    controller: { [name]: undefined, id: `${id}-scsi` },
    device: { 'scsi-hd': undefined, bus: `${id}-scsi.0` },
  });
  switch (hardware) {
    case 'virtio-blk':
      return { device: { 'virtio-blk-pci': undefined } };
    case 'virtio-scsi':
      return scsi('virtio-scsi-pci');
    case 'pvscsi':
    case 'mptsas1068':
      return scsi(hardware);
    case 'nvme':
      // It has no name of its own but the serial number, which it must have.
      return { device: { nvme: undefined, serial: id } };
    case 'cdrom':
      return { device: { 'ide-cd': undefined } };
  }
}

type Fields = Readonly<Record<string, string | undefined>>;

function network(net: Network, card: string): string[] {
  const device = ['-device', `${card},netdev=net0`];
  if (net.kind === 'tap') {
    return [
      '-netdev',
      fields({ tap: undefined, id: 'net0', ifname: net.device, script: 'no', downscript: 'no' }),
      ...device,
    ];
  }
  const netdev = [
    fields({ user: undefined, id: 'net0', restrict: net.restrict ? 'on' : 'off' }),
    ...net.forwards.map(({ address = '127.0.0.1', host, guest }) =>
      fields({ hostfwd: `tcp:${address}:${host}-:${guest}` }),
    ),
    ...(net.services ?? []).map(({ address, port, command }) =>
      fields({ guestfwd: `tcp:${address}:${port}-cmd:${command}` }),
    ),
  ];
  return ['-netdev', netdev.join(','), ...device];
}

/** `key=value,...` with commas in values doubled; an undefined value gives the bare key. */
function fields(all: Fields): string {
  return Object.entries(all)
    .map(([key, value]) => (value === undefined ? key : `${key}=${value.replaceAll(',', ',,')}`))
    .join(',');
}

/**
 * Decides how to run a guest. A /dev/kvm that opens is not enough: on some virtual machines it does while their
 * processor offers no virtualization, and a guest then dies midway.
 */
export async function probeAcceleration(): Promise<Acceleration> {
  const cpu = await readFile('/proc/cpuinfo', 'utf8').catch(() => '');
  if (!/^flags\s*:.*\b(vmx|svm)\b/m.test(cpu)) {
    return {
      kind: 'tcg',
      notice:
        'This processor offers no virtualization (vmx, svm): QEMU emulates one, about ten times slower.',
    };
  }
  const reason = await open('/dev/kvm', constants.O_RDWR).then(
    async (handle) => void (await handle.close()),
    (error: NodeJS.ErrnoException) => error.code ?? 'error',
  );
  if (reason === undefined) return { kind: 'kvm' };
  return {
    kind: 'tcg',
    notice: `/dev/kvm does not open (${reason}): QEMU emulates the processor, about ten times slower.`,
    mend: reason === 'EACCES' ? 'sudo adduser "$USER" kvm' : 'sudo modprobe -a kvm_intel kvm_amd',
  };
}

/** Where Debian and Ubuntu, Fedora and Arch put OVMF, newest layout first. */
const ovmf = [
  ['/usr/share/OVMF/OVMF_CODE_4M.fd', '/usr/share/OVMF/OVMF_VARS_4M.fd'],
  ['/usr/share/OVMF/OVMF_CODE.fd', '/usr/share/OVMF/OVMF_VARS.fd'],
  ['/usr/share/edk2/ovmf/OVMF_CODE.fd', '/usr/share/edk2/ovmf/OVMF_VARS.fd'],
  ['/usr/share/edk2/x64/OVMF_CODE.4m.fd', '/usr/share/edk2/x64/OVMF_VARS.4m.fd'],
] as const;

/** UEFI firmware for one machine: the shared code, and at `vars` its own copy of the variables, kept once made. */
export function uefiFirmware(vars: string): NonNullable<QemuOptions['uefi']> {
  const found = ovmf.find(([code]) => existsSync(code));
  if (found === undefined) throw new Error('no UEFI firmware found: install the package `ovmf`');
  if (!existsSync(vars)) copyFileSync(found[1], vars);
  return { code: found[0], vars };
}

/** A fresh qcow2 that holds only what differs from `backing`, which stays untouched. */
export async function createOverlay(backing: string, path: string): Promise<void> {
  await run(['qemu-img', 'create', '-q', '-f', 'qcow2', '-F', 'qcow2', '-b', backing, path]);
}

/** An empty qcow2 disk. */
export async function createDisk(path: string, bytes: number): Promise<void> {
  await run(['qemu-img', 'create', '-q', '-f', 'qcow2', path, String(bytes)]);
}

/** A box of the lab: the baked root file system, booted by systemd-nspawn at native speed. */
import type { ChildProcess } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { overlayTarball } from '../../../builder/outputs/overlay-tarball.ts';
import type { PlanFile } from '../../../builder/plan/file.ts';
import type { Started } from '../../rig/artefacts.ts';
import type { TestedBox } from '../../rig/behaviour.ts';
import { SerialConsole } from '../../rig/console.ts';
import { ended, type Outcome, outcome, start } from '../../rig/program.ts';
import { patience, waitFor } from '../../rig/wait.ts';
import { noteStart } from '../../times.ts';
import type { RawImage } from './image.ts';
import { MemoryGroup } from './memory-group.ts';
import type { Namespace } from './namespace.ts';

export interface BoxOptions {
  readonly name: string;
  readonly image: RawImage;
  /** Makes a network namespace with the box's end of a cable in it, as new at every boot: a firewall's rules would stay. */
  readonly attach: () => Promise<Namespace>;
  readonly address: string;
  /** Of its network card. */
  readonly mac: string;
  readonly gateway: string;
  readonly documents: { readonly userData: string; readonly metaData: string };
  /** In cloud-init's words, version 2; the address and the gateway above where absent. */
  readonly networkConfig?: object;
  /** Where clients are: the lab's outside host. */
  readonly outside: Namespace;
  /** What its processes and their files may take of the machine's memory; as much as they like where absent. */
  readonly memoryMiB?: number;
  /** A file with an ext4 for what it writes; a folder of the machine's own disk where absent. */
  readonly rootDisk?: string;
  /** Block devices of the host, by the name that each has in the box. */
  readonly devices?: Readonly<Record<string, string>>;
}

type Documents = BoxOptions['documents'];

/** A box that gets its user-data from a cloud. */
export interface InCloud {
  /** Of systemd-nspawn. */
  readonly options: readonly string[];
  /** Shows the box the cloud's firmware, and then starts its init. */
  readonly init: string;
}

export class LabBox implements Started, TestedBox {
  readonly console: SerialConsole;
  readonly folder: string;
  #child: ChildProcess | undefined;
  #namespace: Namespace | undefined;

  constructor(
    parent: string,
    readonly options: BoxOptions,
  ) {
    this.folder = path.join(parent, options.name);
    mkdirSync(path.join(this.folder, 'seed'), { recursive: true });
    this.console = new SerialConsole(path.join(this.folder, 'console.log'), () =>
      this.running ? undefined : `the box ${options.name} stopped`,
    );
  }

  get host(): string {
    return this.options.address;
  }

  get prefix(): string[] {
    return this.options.outside.prefix;
  }

  readonly stranger = 'someone@client.outside.example';

  port = (guest: number): number => guest;

  get running(): boolean {
    return this.#child !== undefined && this.#child.exitCode === null && this.#child.signalCode === null;
  }

  /** Lays files of a plan over the image, from the next boot on: a box of another config without another bake. */
  async lay(files: readonly PlanFile[]): Promise<void> {
    const foreign = files.find(({ owner, group }) => owner !== 'root' || group !== 'root');
    if (foreign !== undefined) throw new Error(`${foreign.path}: its owner is known inside the image only`);
    writeFileSync(path.join(this.folder, 'laid.tar'), await overlayTarball(files));
  }

  /** Boots it; what an earlier boot wrote is still there. With `none` it finds no datasource, and so no address either. */
  async start(from: Documents | InCloud | 'none' = this.options.documents): Promise<void> {
    if (this.running) throw new Error(`${this.options.name} runs already`);
    allowWatches();
    const { image } = this.options;
    const namespace = await this.options.attach();
    this.#namespace = namespace;
    this.console.mark();
    const script = fileURLToPath(new URL('run-box.sh', import.meta.url));
    const place = [image.path, String(image.offset), String(image.bytes), this.folder, namespace.name];
    const { memoryMiB, rootDisk } = this.options;
    const argv = [
      'env',
      ...(memoryMiB === undefined ? [] : [`BOX_MEMORY_MIB=${memoryMiB}`]),
      ...(rootDisk === undefined ? [] : [`BOX_DISK=${rootDisk}`]),
      ...(from !== 'none' && 'init' in from ? [`BOX_INIT=${from.init}`] : []),
      'unshare',
      '--mount',
      'sh',
      script,
      ...place,
      ...this.#userData(from),
      ...Object.entries(this.options.devices ?? {}).map(([inside, device]) => `--bind=${device}:${inside}`),
    ];
    noteStart('nspawn', this.options.name);
    this.#child = start(argv, this.console.path);
  }

  /** Runs a shell script inside the box, as its root. */
  async outcome(script: string, input: string | Uint8Array = '', seconds = patience): Promise<Outcome> {
    const environment = ['env', '-i', 'PATH=/usr/sbin:/usr/bin:/sbin:/bin', 'HOME=/root', 'LC_ALL=C'];
    return outcome(
      ['nsenter', '--all', '--target', String(this.leader), ...environment, 'sh', '-c', script],
      {
        input,
        seconds,
      },
    );
  }

  run = async (script: string, input: string | Uint8Array = '', seconds = patience): Promise<string> => {
    const { code, stdout, stderr } = await this.outcome(script, input, seconds);
    if (code !== 0)
      throw new Error(
        `in ${this.options.name}: ${script}\nexited ${code}: ${stderr.trim()}\n${stdout.trim()}`,
      );
    return stdout;
  };

  /** Of the memory that it may take. */
  get memory(): MemoryGroup {
    if (this.#namespace === undefined) throw new Error(`${this.options.name} was never started`);
    return new MemoryGroup(this.#namespace.name);
  }

  /** Process id, on the host, of the box's init. */
  get leader(): number {
    const pid = this.#child?.pid;
    const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim();
    if (children === '') throw new Error(`the box ${this.options.name} has no init yet`);
    return Number(children.split(' ')[0]);
  }

  /** Ends it as a power cut does. */
  async kill(): Promise<void> {
    if (this.#child === undefined) return;
    this.#child.kill('SIGKILL');
    await ended(this.#child);
    await this.#namespace?.stop();
  }

  /** Shuts it down in order. */
  async powerOff(): Promise<void> {
    await this.run('systemctl --no-block poweroff');
    await waitFor(`${this.options.name} to power off`, () => (this.running ? undefined : true));
    await this.kill();
  }

  stop = async (): Promise<void> => {
    await this.kill();
    // The overlay's work folder is the kernel's, and unreadable even to look at.
    rmSync(path.join(this.folder, 'work'), { recursive: true, force: true });
  };

  explain = (): string[] => [
    `${this.options.name}: console ${this.console.path}, what it wrote to its disk: ${path.join(this.folder, 'upper')}`,
    `  its journal: journalctl --directory ${path.join(this.folder, 'upper/var/log/journal')}`,
  ];

  #userData(from: Documents | InCloud | 'none'): readonly string[] {
    if (from === 'none') return [];
    return 'init' in from ? from.options : [`--bind-ro=${this.#seed(from)}:/var/lib/cloud/seed/nocloud`];
  }

  /** Writes what cloud-init's NoCloud reads, and gives the folder. */
  #seed(documents: Documents): string {
    const seed = path.join(this.folder, 'seed');
    writeFileSync(path.join(seed, 'user-data'), documents.userData);
    writeFileSync(path.join(seed, 'meta-data'), documents.metaData);
    writeFileSync(path.join(seed, 'network-config'), this.#networkConfig());
    return seed;
  }

  /** Static: nothing answers DHCP in the lab. */
  #networkConfig(): string {
    const { address, gateway, networkConfig } = this.options;
    const usual = { version: 2, ethernets: { host0: { addresses: [`${address}/24`], gateway4: gateway } } };
    return JSON.stringify(networkConfig ?? usual);
  }
}

/** Each box has some twenty inotify instances (inotify(7)), and for the kernel root of all boxes is one user, who may have 128. */
function allowWatches(): void {
  const file = '/proc/sys/fs/inotify/max_user_instances';
  if (Number(readFileSync(file, 'utf8')) < 1024) writeFileSync(file, '1024');
}

/** Network namespaces of a test's own: no route leads out of one, and no process outlives it. */
import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';
import type { Started } from '../../rig/artefacts.ts';
import { outcome, output } from '../../rig/program.ts';
import { waitFor } from '../../rig/wait.ts';

const prefix = 'lb-';

export class Namespace implements Started {
  private constructor(readonly name: string) {}

  /** The name carries this process's id, so that two test runs don't meet; what a killed run left is removed. */
  static async create(what: string): Promise<Namespace> {
    if (process.getuid?.() !== 0)
      throw new Error('network namespaces need root: run the VM tests with `sudo -n` or as root');
    await removeStale();
    const namespace = new Namespace(`${prefix}${process.pid}-${what}`);
    await output(['ip', 'netns', 'add', namespace.name]);
    await namespace.ip('link', 'set', 'lo', 'up');
    // What systemd sets at the boot of a machine, but not in a container: with the kernel's 10, log lines get lost.
    await output([...namespace.prefix, 'sysctl', '-qw', 'net.unix.max_dgram_qlen=512']);
    return namespace;
  }

  /** What puts a program into this namespace; `ip` replaces itself by it, so its process id is the program's. */
  get prefix(): string[] {
    return ['ip', 'netns', 'exec', this.name];
  }

  async ip(...args: string[]): Promise<void> {
    await output(['ip', '-n', this.name, ...args]);
  }

  /** One end of a cable. Both ends are made inside their namespaces: the host sees neither. */
  async cable(device: string, mac: string, peer: Namespace, peerDevice: string): Promise<void> {
    const ends = [device, 'address', mac, 'type', 'veth', 'peer', 'name', peerDevice, 'netns', peer.name];
    // The kernel takes its time to remove the cable of a namespace that is gone; its name is taken until then.
    await waitFor(`a cable from ${this.name} to ${peer.name}`, async () => {
      const { code } = await outcome(['ip', '-n', this.name, 'link', 'add', ...ends]);
      return code === 0 ? true : undefined;
    });
    await this.ip('link', 'set', device, 'up');
  }

  /** A tap device for QEMU. */
  async tap(device: string): Promise<void> {
    await this.ip('tuntap', 'add', 'dev', device, 'mode', 'tap');
    await this.ip('link', 'set', device, 'up');
  }

  stop = (): Promise<void> => remove(this.name);

  explain = (): string[] => [];
}

/** Ends what runs in the namespace, waits until it is gone, and removes it with its interfaces. */
async function remove(name: string): Promise<void> {
  await waitFor(`the processes in ${name} to end`, async () => {
    const { stdout } = await outcome(['ip', 'netns', 'pids', name]);
    const pids = stdout.split('\n').filter(Boolean).map(Number);
    for (const pid of pids) {
      try {
        process.kill(pid, 'SIGKILL');
      } catch {
        // It has just ended by itself.
      }
    }
    return pids.length === 0 ? true : undefined;
  });
  await outcome(['ip', 'netns', 'delete', name]);
  // The control groups that run-box.sh made for it, innermost first.
  const groups = ['systemd', 'unified', 'memory', ''].map((hierarchy) =>
    path.join('/sys/fs/cgroup', hierarchy, name),
  );
  for (const group of groups.filter((folder) => existsSync(folder)))
    await outcome(['find', group, '-depth', '-type', 'd', '-exec', 'rmdir', '{}', ';']);
}

async function removeStale(): Promise<void> {
  for (const name of namespaces()) {
    const owner = new RegExp(`^${prefix}(\\d+)-`).exec(name)?.[1];
    if (owner !== undefined && !isAlive(Number(owner))) await remove(name);
  }
}

function namespaces(): string[] {
  try {
    return readdirSync('/run/netns');
  } catch {
    return [];
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

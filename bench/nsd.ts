/** A real NSD over a temporary box's zones, on loopback, for as long as a bench runs. */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { serverOf } from '../test/lab/world/nsd-config.ts';
import type { TemporaryBox } from '../test/unit/box/temporary-box.ts';

export class BenchNsd {
  readonly #child: ChildProcess;

  static async over(box: TemporaryBox): Promise<BenchNsd> {
    return new BenchNsd(box, await freePort());
  }

  private constructor(
    box: TemporaryBox,
    private readonly port: number,
  ) {
    const folder = box.at('/bench-nsd');
    mkdirSync(folder);
    const zones = box
      .read('/etc/nsd/box/zones.conf')
      .replaceAll('/home/user-data', box.at('/home/user-data'));
    const config = path.join(folder, 'nsd.conf');
    writeFileSync(config, `${serverOf(folder, `127.0.0.1@${port}`)}\n${zones}`);
    this.#child = spawn('nsd', ['-d', '-c', config], { stdio: 'ignore' });
  }

  reload(): void {
    this.#child.kill('SIGHUP');
  }

  /** Waits until it answers so. @throws after two minutes, or when it ended. */
  async answers(name: string, address: string): Promise<void> {
    const ask = ['@127.0.0.1', '-p', String(this.port), '+short', '+tries=1', '+time=1', name, 'A'];
    for (const end = Date.now() + 120_000; Date.now() < end; await sleep(20)) {
      if (this.#child.exitCode !== null) throw new Error(`nsd ended: ${this.#child.exitCode}`);
      if (spawnSync('dig', ask, { encoding: 'utf8' }).stdout.trim() === address) return;
    }
    throw new Error(`nsd never had ${name}`);
  }

  /** The most memory that one of its processes held. A reload makes a second one beside the first for a moment. */
  peakMebibytes(): number {
    const main = this.#child.pid;
    const all = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
    const parent = (pid: string) => {
      try {
        return Number(readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ')[1]);
      } catch {
        return 0;
      }
    };
    const mine = all.filter((pid) => Number(pid) === main || parent(pid) === main);
    const peak = (pid: string) =>
      Number(/^VmHWM:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1024;
    return Math.max(...mine.map(peak));
  }

  stop(): void {
    this.#child.kill('SIGTERM');
  }
}

/** Any: the usual ones may be those that a machine of `letterbox boot` is reached by. */
function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer().once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
  });
}

/** `letterbox inspect`: says how to look into a failed bake; where that is a disk, it is started first. */
import { existsSync, readFileSync, rmSync, statSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { run } from '../host/run.ts';
import { seedIso } from '../host/seed.ts';
import { writeFileAtomically } from '../host/write.ts';
import { probeAcceleration, qemuArgv } from '../vm/qemu.ts';

const sshPort = 10_122;

/**
 * Gives the command: a program that opens a shell in the tree, or for Packer's disk ssh. The machine runs in the background;
 * power it off from inside.
 */
export async function inspectFailedBake(out: string): Promise<string> {
  const work = path.resolve(out, 'bake-work');
  const enter = path.join(work, 'enter');
  if (existsSync(enter)) return enter;
  const disk = path.join(work, 'disk', `${path.basename(out)}.qcow2`);
  if (!existsSync(disk)) throw new Error(`no failed bake is kept in ${work}`);
  const file = (name: string) => path.join(work, name);
  const seed = await seedIso({
    'user-data': readFileSync(file('user-data'), 'utf8'),
    // Another instance than the bake's, so that cloud-init sets up the network of this machine.
    'meta-data': 'instance-id: inspect\n',
  });
  writeFileAtomically(file('seed.iso'), seed, 0o600);
  rmSync(file('inspect.log'), { force: true });
  await run(
    qemuArgv({
      name: 'letterbox-inspect',
      acceleration: (await probeAcceleration()).kind,
      memoryMiB: 1024,
      cpus: 2,
      disks: [
        { path: disk, format: 'qcow2' },
        { path: file('seed.iso'), format: 'raw', readOnly: true },
      ],
      cache: 'writeback',
      network: { kind: 'user', restrict: true, forwards: [{ host: sshPort, guest: 22 }] },
      serialLog: file('inspect.log'),
      qmpSocket: file('inspect.sock'),
      pidFile: file('inspect.pid'),
      daemonize: true,
    }),
  );
  for (let waited = 0; waited < 300; waited += 1) {
    if (
      existsSync(file('inspect.log')) &&
      / login: /.test(readFileSync(file('inspect.log')).subarray(-4096).toString())
    )
      break;
    if (waited > 10 && statSync(file('inspect.log')).size === 0)
      throw new Error('the machine does not start');
    await sleep(1000);
  }
  return `ssh -p ${sshPort} -i ${file('ssh_key')} -o StrictHostKeyChecking=accept-new -o UserKnownHostsFile=${file('known_hosts')} root@127.0.0.1`;
}

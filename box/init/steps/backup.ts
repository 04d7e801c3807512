/** The folder of the backups, the key that encrypts them, and the key that opens another host for them. */
import { randomBytes } from 'node:crypto';
import type { Machine } from '../../machine/machine.ts';
import { paths } from '../../machine/paths.ts';
import type { Step } from './step.ts';

const folders = [paths.backup, paths.backupFiles, paths.backupCache].map((path) => ({ path, mode: 0o700 }));
const key = { path: paths.backupKey, mode: 0o600 } as const;
const sshKey = { path: paths.backupSshKey, mode: 0o600 } as const;

export const backupStep: Step = {
  title: 'backup',
  optional: true,
  async done({ machine }) {
    for (const folder of folders) if (!(await machine.isOwned(folder))) return false;
    return (await machine.isOwned(key)) && (await machine.isOwned(sshKey)) && (await hasPublicKey(machine));
  },
  async run({ machine, settings: { hostname } }) {
    for (const folder of folders) await machine.putDirectory(folder);
    // Never over one that is there: older backups would be lost with it.
    if (await machine.exists(key.path)) await machine.own(key);
    else
      await machine.put({
        ...key,
        text: `${randomBytes(2048)
          .toString('base64')
          .match(/.{1,64}/g)
          ?.join('\n')}\n`,
      });
    await keepOrMakeSshKey(machine, hostname);
  },
};

/** It opens another host for the backups, and is in none of them: whichever box asks there has one of its own. */
export async function keepOrMakeSshKey(machine: Machine, hostname: string): Promise<void> {
  if ((await machine.exists(sshKey.path)) && (await hasPublicKey(machine))) return machine.own(sshKey);
  // Made beside its place: half a key would be taken for one.
  const fresh = `${paths.backup}/.ssh_key.box-new`;
  for (const path of [fresh, `${fresh}.pub`]) await machine.remove(path);
  const argv = ['ssh-keygen', '-q', '-t', 'ed25519', '-N', '', '-C', `backup of ${hostname}`];
  await machine.run([...argv, '-f', machine.at(fresh)]);
  await machine.moveOver(`${fresh}.pub`, `${paths.backupSshKey}.pub`);
  await machine.moveOver(fresh, sshKey.path);
  await machine.own(sshKey);
}

const hasPublicKey = async (machine: Machine) =>
  /^ssh-ed25519 \S+/.test((await machine.read(`${paths.backupSshKey}.pub`)) ?? '');

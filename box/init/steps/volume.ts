/** The storage root is the right disk, and holds a layout that we know, or nothing. Nothing is changed before that is known. */
import type { Box } from '../../machine/box.ts';
import { Failure } from '../../machine/failure.ts';
import type { Machine } from '../../machine/machine.ts';
import { paths } from '../../machine/paths.ts';
import { isGoingBack } from '../../storage/upgrade/before.ts';
import { refuseForeign, refuseOtherState } from './state-mark.ts';
import type { Step } from './step.ts';

/** What Mail-in-a-Box v75 writes: the number of its last migration. */
export const knownVersion = 15;

/** A storage root that has one of these is no new one. */
export const signsOfState = [paths.accounts, paths.tlsKey, paths.dkimKey];

export const volumeStep: Step = {
  title: 'state volume',
  async done(box) {
    await refuseWrongDisk(box);
    // While a state is given back it lacks what has not come yet; the next step goes on with that.
    if (await isGoingBack(box.machine)) return true;
    await refuseOtherState(box.machine);
    await hasKnownVersion(box.machine);
    return true;
  },
  run: async () => undefined,
};

/** On the wrong disk, or on none, the box would make itself a new identity. */
export async function refuseWrongDisk({ machine, settings }: Box): Promise<void> {
  const { device } = settings.storage;
  if (device !== undefined && !(await isMountPoint(machine, paths.storage))) {
    throw new Failure(
      `${device} is not mounted at ${paths.storage}`,
      'attach the volume (its name in `storage.device` must be right): it is mounted within a minute; or reboot',
    );
  }
  if (await machine.isReadOnly(paths.storage)) {
    throw new Failure(`${paths.storage} is read-only`, 'check the disk (dmesg, fsck), then reboot');
  }
}

async function isMountPoint(machine: Machine, path: string): Promise<boolean> {
  const mounts = ((await machine.read(paths.mounts)) ?? '').split('\n');
  return mounts.some((line) => {
    // In the walls of a unit the storage root is a mount always; its root then is a folder of another file system.
    const [, , , root, place] = line.split(' ');
    return root === '/' && place === path;
  });
}

/** True: a storage root that we know. False: a new one. @throws Failure for any other. */
export async function hasKnownVersion(machine: Machine): Promise<boolean> {
  const text = ((await machine.read(paths.storageVersion)) ?? '').trim();
  if (text === '') {
    for (const path of signsOfState) {
      if (await machine.exists(path)) {
        throw new Failure(
          `${paths.storage} holds ${path} but its mailinabox.version is missing or empty`,
          `if it is from Mail-in-a-Box v75: echo ${knownVersion} > ${paths.storageVersion}, then reboot`,
        );
      }
    }
    await refuseForeign(machine);
    return false;
  }
  if (text === String(knownVersion)) return true;
  if (/^\d+$/.test(text) && Number(text) > knownVersion) {
    throw new Failure(
      `${paths.storage} has layout version ${text}; this image knows ${knownVersion}`,
      'launch a newer image on this storage',
    );
  }
  throw new Failure(
    `${paths.storage} has layout version ${text}; this image reads ${knownVersion} only`,
    'upgrade it with Mail-in-a-Box v75 first, and attach it then',
  );
}

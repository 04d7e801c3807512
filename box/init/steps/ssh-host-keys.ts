/**
 * ssh's host keys are the box's and not the root disk's: whoever logs in after an image was replaced knows it again, and
 * the SSHFP records stay true. cloud-init makes them at a root disk's first boot; the first ones are taken into the state.
 */
import type { File, Machine } from '../../machine/machine.ts';
import { paths } from '../../machine/paths.ts';
import { filesStep } from './files-step.ts';

export const sshHostKeysStep = filesStep('ssh host keys', ({ machine }) => wanted(machine), {
  optional: true,
  refresh: [{ service: 'ssh', by: 'reload' }],
});

/** Each key in both places, its public half first: where the private one is, both are. */
async function wanted(machine: Machine): Promise<File[]> {
  const [kept, here] = [await keysIn(machine, paths.hostKeys), await keysIn(machine, paths.sshKeys)];
  return [...new Map([...here, ...kept])].flatMap(([name, key]) =>
    [paths.hostKeys, paths.sshKeys].flatMap((folder) => [
      { path: `${folder}/${name}.pub`, mode: 0o644, text: key.public },
      { path: `${folder}/${name}`, mode: 0o600, text: key.private },
    ]),
  );
}

interface Pair {
  readonly private: string;
  readonly public: string;
}

/** By name, those that are whole: a power cut leaves empty ones. */
async function keysIn(machine: Machine, folder: string): Promise<Map<string, Pair>> {
  const found = new Map<string, Pair>();
  for (const name of await machine.list(folder)) {
    if (!/^ssh_host_[a-z0-9]+_key$/.test(name)) continue;
    const pair = {
      private: (await machine.read(`${folder}/${name}`)) ?? '',
      public: (await machine.read(`${folder}/${name}.pub`)) ?? '',
    };
    const isWhole = /^-----BEGIN [\s\S]*-----END [^-]*-----\s*$/.test(pair.private) && pair.public !== '';
    if (isWhole) found.set(name, pair);
  }
  return found;
}

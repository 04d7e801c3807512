/** What the sheet with the key tells somebody who has lost the box, step by step. Pure. */
import type { BackupKey } from '../../contract/api.ts';
import { isStored, typedTarget } from './backups.ts';

export interface Step {
  readonly text: string;
  /** What to type, or to write into a file. */
  readonly code?: string;
}

type Known = Pick<BackupKey, 'hostname' | 'target' | 'host_key'>;

const reboot = 'When it says that the state lies ready: reboot. The box comes up as the old one.';

export function recovery({ hostname, target, host_key }: Known): readonly Step[] {
  const typed = typedTarget(target);
  const address = 'ADDRESS';
  const last: Step = {
    text: `At the registrar change the addresses of ${hostname} to those of the new machine. Mail, accounts, passwords and keys are the old ones.`,
  };
  if (isStored(typed))
    return [
      { text: `Launch a new box with the old box.yaml, on an empty disk.` },
      {
        text: 'Log in to its control panel. At Backups name the target, with the login of the storage, which is not on this sheet.',
        code: typed,
      },
      {
        text: 'By ssh put the key in the place of its own: type the line above, then Ctrl-D.',
        code: `ssh root@${address} 'umask 077; cat >/home/user-data/backup/secret_key.txt'`,
      },
      { text: 'Bring the backup.', code: `ssh root@${address} box backup restore /home/user-data` },
      { text: reboot },
      last,
    ];
  const isThere = typed.startsWith('rsync:');
  const hostKey = isThere
    ? `\n    hostKey: ${host_key || 'of the other host: /etc/ssh/ssh_host_ed25519_key.pub'}`
    : '';
  return [
    {
      text: 'Write this into the old box.yaml, and launch a new box with it, on an empty disk. It stays closed until it has its state.',
      code: `box:\n  restore:\n    from: ${isThere ? typed : 'local'}${hostKey}`,
    },
    isThere
      ? { text: 'Its console shows a line for authorized_keys. Put it there on the host with the backups.' }
      : {
          text: 'Bring the copy that you made of the folder with the backups.',
          code: `scp -r encrypted root@${address}:/home/user-data/backup/`,
        },
    {
      text: 'Bring the key: type the line above, then Ctrl-D. The console shows by which fingerprint you know the box.',
      code: `ssh root@${address} box restore key`,
    },
    { text: 'It brings all of it, tells how far it is, and opens.' },
    last,
  ];
}

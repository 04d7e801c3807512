/** What the sheet with the key tells somebody who has lost the box, step by step. Pure. */
import type { BackupKey } from '../../contract/api.ts';
import { isStored, typedTarget } from './backups.ts';

export interface Step {
  readonly text: string;
  /** What to type, or to write into a file. */
  readonly code?: string;
}

type Known = Pick<BackupKey, 'hostname' | 'target' | 'host_key'>;

export function recovery({ hostname, target, host_key }: Known): readonly Step[] {
  const typed = typedTarget(target);
  const [isThere, isStore] = [typed.startsWith('rsync:'), isStored(typed)];
  const known = host_key || 'of the other host: /etc/ssh/ssh_host_ed25519_key.pub';
  const hostKey = isThere ? `\n    hostKey: ${known}` : '';
  return [
    {
      text: 'Write this into the old box.yaml, and launch a new box with it, on an empty disk. It stays closed until it has its state. Its console shows its address, and the fingerprint by which you know it.',
      code: `box:\n  restore:\n    from: ${isThere || isStore ? typed : 'local'}${hostKey}`,
    },
    ...(isThere
      ? [{ text: 'Its console shows a line for authorized_keys. Put it there on the host with the backups.' }]
      : []),
    ...(isStore
      ? [
          {
            text: 'Bring the login of the storage, which is not on this sheet: type the user or the id of the key, then the password or key as a second line, then Ctrl-D.',
            code: 'ssh root@ADDRESS box restore login',
          },
        ]
      : []),
    ...(isThere || isStore
      ? []
      : [
          {
            text: 'Bring the copy that you made of the folder with the backups.',
            code: 'scp -r encrypted root@ADDRESS:/home/user-data/backup/',
          },
        ]),
    {
      text: 'Bring the key: type the line above, then Ctrl-D.',
      code: 'ssh root@ADDRESS box restore key',
    },
    { text: 'It brings all of it, tells how far it is, and opens.' },
    {
      text: `At the registrar change the addresses of ${hostname} to those of the new machine. Mail, accounts, passwords and keys are the old ones.`,
    },
  ];
}

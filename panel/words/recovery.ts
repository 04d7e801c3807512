/** What the sheet with the key tells somebody who has lost the box, step by step. */
import type { BackupKey } from '../../contract/api.ts';
import { isStored, typedTarget } from './backups.ts';
import { filled, words } from './spoken.ts';

export interface Step {
  readonly text: string;
  /** What to type, or to write into a file. */
  readonly code?: string;
}

type Known = Pick<BackupKey, 'hostname' | 'target' | 'host_key'>;

export function recovery({ hostname, target, host_key }: Known): readonly Step[] {
  const said = words().sheet;
  const typed = typedTarget(target);
  const [isThere, isStore] = [typed.startsWith('rsync:'), isStored(typed)];
  const hostKey = isThere ? `\n    hostKey: ${host_key || said.otherHostKey}` : '';
  return [
    {
      text: said.launch,
      code: `box:\n  restore:\n    from: ${isThere || isStore ? typed : 'local'}${hostKey}`,
    },
    ...(isThere ? [{ text: said.authorize }] : []),
    ...(isStore ? [{ text: said.login, code: 'ssh root@ADDRESS box restore login' }] : []),
    ...(isThere || isStore
      ? []
      : [{ text: said.copy, code: 'scp -r encrypted root@ADDRESS:/home/user-data/backup/' }]),
    { text: said.bringKey, code: 'ssh root@ADDRESS box restore key' },
    { text: said.opens },
    { text: filled(said.registrar, { host: hostname }) },
  ];
}

/** What is asked before an account changes: a password, a quota, or whether it shall really go. */
import type { User } from '../../contract/api.ts';
import { ask } from '../ask.ts';
import { say } from '../notice.ts';
import { Dialog } from '../parts/dialog.tsx';
import { Form } from '../parts/form.tsx';
import { passwordField, quotaField } from './user-fields.ts';

export interface UserTask {
  readonly kind: 'password' | 'quota' | 'remove';
  readonly user: User;
}
interface Props {
  readonly task: UserTask;
  readonly close: () => void;
  readonly done: () => Promise<void>;
}

export function UserDialog({ task: { kind, user }, close, done }: Props) {
  const { email } = user;
  const finish = async (said: string, undo?: () => Promise<string>) => {
    await done();
    close();
    say(said, undo ? { undo } : {});
  };
  const setQuota = async (quota: string) => {
    await ask('POST /mail/users/quota', { form: { email, quota } });
    return quota === '0' ? `${email} has no quota.` : `The quota of ${email} is ${quota}.`;
  };
  if (kind === 'password')
    return (
      <Dialog title={`Password of ${email}`} close={close}>
        <p>The old one, and everything that is logged in with it, ends at once.</p>
        <Form
          action="Change password"
          cancel={close}
          fields={[passwordField]}
          submit={async ({ password = '' }) => {
            await ask('POST /mail/users/password', { form: { email, password } });
            await finish(`${email} has a new password.`);
          }}
        />
      </Dialog>
    );
  if (kind === 'quota')
    return (
      <Dialog title={`Quota of ${email}`} close={close}>
        <Form
          action="Change quota"
          cancel={close}
          fields={[{ ...quotaField, required: true, value: user.quota }]}
          submit={async ({ quota = '' }) => {
            const said = await setQuota(quota.trim());
            await finish(said, async () => {
              const back = await setQuota(user.quota);
              await done();
              return back;
            });
          }}
        />
      </Dialog>
    );
  return (
    <Dialog title={`Remove ${email}?`} close={close}>
      <p>It can no longer log in or get mail. The mail that it has stays on the box’s disk.</p>
      <Form
        action="Remove"
        danger
        cancel={close}
        fields={[]}
        submit={async () => {
          await ask('POST /mail/users/remove', { form: { email } });
          await finish(`Removed ${email}. Its mail is still on the disk.`);
        }}
      />
    </Dialog>
  );
}

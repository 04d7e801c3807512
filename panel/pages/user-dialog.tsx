/** What is asked before an account changes: a password, a quota, or whether it shall really go. */
import type { User } from '../../contract/api.ts';
import { ask } from '../ask.ts';
import { say } from '../notice.ts';
import { Dialog } from '../parts/dialog.tsx';
import { Form } from '../parts/form.tsx';
import { filled, words } from '../words/spoken.ts';
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
  const { users: said } = words();
  const finish = async (what: string, undo?: () => Promise<string>) => {
    await done();
    close();
    say(what, undo ? { undo } : {});
  };
  const setQuota = async (quota: string) => {
    await ask('POST /mail/users/quota', { form: { email, quota } });
    return filled(quota === '0' ? said.noQuota : said.quotaIs, { email, quota });
  };
  if (kind === 'password')
    return (
      <Dialog title={filled(said.passwordOf, { email })} close={close}>
        <p>{said.passwordText}</p>
        <Form
          action={said.changePassword}
          cancel={close}
          fields={[passwordField()]}
          submit={async ({ password = '' }) => {
            await ask('POST /mail/users/password', { form: { email, password } });
            await finish(filled(said.newPassword, { email }));
          }}
        />
      </Dialog>
    );
  if (kind === 'quota')
    return (
      <Dialog title={filled(said.quotaOf, { email })} close={close}>
        <Form
          action={said.changeQuota}
          cancel={close}
          fields={[{ ...quotaField(), required: true, value: user.quota }]}
          submit={async ({ quota = '' }) => {
            const what = await setQuota(quota.trim());
            await finish(what, async () => {
              const back = await setQuota(user.quota);
              await done();
              return back;
            });
          }}
        />
      </Dialog>
    );
  return (
    <Dialog title={filled(said.removeOne, { email })} close={close}>
      <p>{said.removeText}</p>
      <Form
        action={said.remove}
        danger
        cancel={close}
        fields={[]}
        submit={async () => {
          await ask('POST /mail/users/remove', { form: { email } });
          await finish(filled(said.removed, { email }));
        }}
      />
    </Dialog>
  );
}

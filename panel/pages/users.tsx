/** Accounts: who is there, and everything one can do with them. */
import { useState } from 'preact/hooks';
import type { Me, User } from '../../contract/api.ts';
import { ask, askJson, reasonOf } from '../ask.ts';
import { say } from '../notice.ts';
import { Form } from '../parts/form.tsx';
import { useLoaded } from '../parts/use-loaded.ts';
import { Waiting } from '../parts/waiting.tsx';
import { AddManyUsers } from './add-many-users.tsx';
import { UserDialog, type UserTask } from './user-dialog.tsx';
import { passwordField, quotaField } from './user-fields.ts';

export function Users({ me }: { readonly me: Me }) {
  const loaded = useLoaded(() => askJson('GET /mail/users?format=json'));
  const [task, setTask] = useState<UserTask>();

  const add = async (given: Readonly<Record<string, string>>) => {
    const { email = '', password = '', quota = '', admin } = given;
    const form = { email: email.trim(), password, quota: quota.trim(), privileges: admin ? 'admin' : '' };
    await ask('POST /mail/users/add', { form });
    say(`Added ${form.email}.`);
    await loaded.again();
  };
  const changeAdmin = async ({ email, privileges }: User) => {
    const change = async (verb: string) => {
      await ask(`POST /mail/users/privileges/${verb}`, { form: { email, privilege: 'admin' } });
      await loaded.again();
      return verb === 'add' ? `${email} is an administrator.` : `${email} is no administrator any more.`;
    };
    const [verb, back] = privileges.includes('admin') ? ['remove', 'add'] : ['add', 'remove'];
    try {
      say(await change(verb as string), { undo: () => change(back as string) });
    } catch (error) {
      say(reasonOf(error), { bad: true });
    }
  };
  return (
    <>
      {loaded.data === undefined ? (
        <Waiting of={loaded} />
      ) : (
        loaded.data.map(({ domain, users }) => (
          <section key={domain}>
            <h2>{domain}</h2>
            <ul class="rows">
              {users.map((user) => (
                <li key={user.email}>
                  <div class="what">
                    <strong>{user.email}</strong>
                    {user.privileges.includes('admin') && <span class="tag">administrator</span>}
                    {user.email === me.email && <span class="tag">you</span>}
                    <p class="soft">{usage(user)}</p>
                  </div>
                  <div class="buttons">
                    <Do what="Password" user={user} click={() => setTask({ kind: 'password', user })} />
                    <Do what="Quota" user={user} click={() => setTask({ kind: 'quota', user })} />
                    <Do
                      what={user.privileges.includes('admin') ? 'Take admin away' : 'Make admin'}
                      user={user}
                      click={() => changeAdmin(user)}
                    />
                    <Do what="Remove" user={user} click={() => setTask({ kind: 'remove', user })} />
                  </div>
                </li>
              ))}
            </ul>
          </section>
        ))
      )}
      <section>
        <h2>Add a user</h2>
        <Form
          action="Add user"
          submit={add}
          fields={[
            { name: 'email', label: 'Email address', type: 'email', required: true },
            passwordField,
            quotaField,
            {
              name: 'admin',
              label: 'Administrator: may use this panel',
              type: 'checkbox',
              speaksOf: /privilege/,
            },
          ]}
        />
      </section>
      <AddManyUsers added={loaded.again} />
      {task && <UserDialog task={task} close={() => setTask(undefined)} done={loaded.again} />}
    </>
  );
}

function Do({ what, user, click }: { what: string; user: User; click: () => void }) {
  return (
    <button type="button" class="small" onClick={click}>
      {what}
      <span class="unseen"> of {user.email}</span>
    </button>
  );
}

function usage({ box_size, quota, percent }: User): string {
  const size =
    box_size < 1024 ** 3
      ? `${Math.ceil(box_size / 1024 ** 2)} MB`
      : `${(box_size / 1024 ** 3).toFixed(1)} GB`;
  return quota === '0' ? `${size} of mail, no limit` : `${size} of ${quota}, ${percent}`;
}

/** Accounts: who is there, and everything one can do with them. */
import { useState } from 'preact/hooks';
import type { Me, User } from '../../contract/api.ts';
import { ask, askJson } from '../ask.ts';
import { say } from '../notice.ts';
import { complain } from '../parts/complain.ts';
import { Form } from '../parts/form.tsx';
import { useLoaded } from '../parts/use-loaded.ts';
import { Waiting } from '../parts/waiting.tsx';
import { filled, numberOf, words } from '../words/spoken.ts';
import { AddManyUsers } from './add-many-users.tsx';
import { UserDialog, type UserTask } from './user-dialog.tsx';
import { passwordField, quotaField } from './user-fields.ts';

export function Users({ me }: { readonly me: Me }) {
  const { users: said } = words();
  const loaded = useLoaded(() => askJson('GET /mail/users?format=json'));
  const [task, setTask] = useState<UserTask>();

  const add = async (given: Readonly<Record<string, string>>) => {
    const { email = '', password = '', quota = '', admin } = given;
    const form = { email: email.trim(), password, quota: quota.trim(), privileges: admin ? 'admin' : '' };
    await ask('POST /mail/users/add', { form });
    say(filled(said.added, form));
    await loaded.again();
  };
  const changeAdmin = async ({ email, privileges }: User) => {
    const change = async (verb: string) => {
      await ask(`POST /mail/users/privileges/${verb}`, { form: { email, privilege: 'admin' } });
      await loaded.again();
      return filled(verb === 'add' ? said.isAdmin : said.isNoAdmin, { email });
    };
    const [verb, back] = privileges.includes('admin') ? ['remove', 'add'] : ['add', 'remove'];
    try {
      say(await change(verb as string), { undo: () => change(back as string) });
    } catch (error) {
      complain(error);
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
                    {user.privileges.includes('admin') && <span class="tag">{said.admin}</span>}
                    {user.email === me.email && <span class="tag">{said.you}</span>}
                    <p class="soft">{usage(user)}</p>
                  </div>
                  <div class="buttons">
                    <Do what={said.password} user={user} click={() => setTask({ kind: 'password', user })} />
                    <Do what={said.quota} user={user} click={() => setTask({ kind: 'quota', user })} />
                    <Do
                      what={user.privileges.includes('admin') ? said.takeAdmin : said.makeAdmin}
                      user={user}
                      click={() => changeAdmin(user)}
                    />
                    <Do what={said.remove} user={user} click={() => setTask({ kind: 'remove', user })} />
                  </div>
                </li>
              ))}
            </ul>
          </section>
        ))
      )}
      <section>
        <h2>{said.addOne}</h2>
        <Form
          action={said.add}
          submit={add}
          fields={[
            { name: 'email', label: said.email, type: 'email', required: true },
            passwordField(),
            quotaField(),
            {
              name: 'admin',
              label: said.adminToo,
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
      <span class="unseen"> {filled(words().frame.of, { what: user.email })}</span>
    </button>
  );
}

function usage({ box_size, quota, percent }: User): string {
  const { users: said } = words();
  const size =
    box_size < 1024 ** 3
      ? `${numberOf(Math.ceil(box_size / 1024 ** 2))} MB`
      : `${numberOf(box_size / 1024 ** 3, 1)} GB`;
  return filled(quota === '0' ? said.usage : said.usageOf, { size, quota, percent });
}

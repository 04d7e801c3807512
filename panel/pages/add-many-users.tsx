/** Many accounts at once, pasted as text. Each is added by itself: what fails stays in the field to be corrected. */
import { useRef } from 'preact/hooks';
import { ask, reasonOf } from '../ask.ts';
import { say } from '../notice.ts';
import { Form } from '../parts/form.tsx';
import { pastedUsers } from '../words/pasted-users.ts';

export function AddManyUsers({ added }: { readonly added: () => Promise<void> }) {
  const place = useRef<HTMLDetailsElement>(null);
  const submit = async ({ pasted = '' }: Readonly<Record<string, string>>) => {
    const { users, bad } = pastedUsers(pasted);
    if (bad.length > 0)
      throw new Error(
        `Nothing is added yet. ${bad.map(({ line, why }) => `Line ${line}: ${why}.`).join(' ')}`,
      );
    if (users.length === 0) throw new Error('There is no user in this text.');
    const failed: string[] = [];
    for (const { email, password, quota, admin } of users) {
      try {
        await ask('POST /mail/users/add', {
          form: { email, password, quota, privileges: admin ? 'admin' : '' },
        });
      } catch (error) {
        failed.push(`${email}: ${reasonOf(error)}`);
      }
    }
    await added();
    const many = users.length - failed.length;
    say(`Added ${many} of ${users.length} users.`, { bad: failed.length > 0 });
    if (failed.length > 0) throw new Error(`Not added: ${failed.join(' ')}`);
  };
  return (
    <details ref={place}>
      <summary>
        <h2>Add many users</h2>
      </summary>
      <Form
        action="Add all"
        submit={submit}
        fields={[
          {
            name: 'pasted',
            label: 'Users, one a line',
            type: 'lines',
            required: true,
            hint: 'Address, password, and where you like a quota and the word admin; with commas, tabs or spaces between, as a table pastes them.',
          },
        ]}
      />
    </details>
  );
}

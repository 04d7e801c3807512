/** Many accounts at once, pasted as text. Each is added by itself: what fails stays in the field to be corrected. */
import { useRef } from 'preact/hooks';
import { ask, Refused, reasonOf } from '../ask.ts';
import { say } from '../notice.ts';
import { Form } from '../parts/form.tsx';
import { pastedUsers } from '../words/pasted-users.ts';
import { counted, filled, numberOf, words } from '../words/spoken.ts';

export function AddManyUsers({ added }: { readonly added: () => Promise<void> }) {
  const { users: said } = words();
  const place = useRef<HTMLDetailsElement>(null);
  const submit = async ({ pasted = '' }: Readonly<Record<string, string>>) => {
    const { users, bad } = pastedUsers(pasted);
    if (bad.length > 0)
      throw new Error(
        filled(said.nothingAdded, { lines: bad.map((one) => filled(said.line, one)).join(' ') }),
      );
    if (users.length === 0) throw new Error(said.noUser);
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
    say(counted(said.addedOf, users.length, { added: numberOf(many) }), { bad: failed.length > 0 });
    if (failed.length > 0) throw new Refused(failed.join(' '), said.notAdded);
  };
  return (
    <details ref={place}>
      <summary>
        <h2>{said.addMany}</h2>
      </summary>
      <Form
        action={said.addAll}
        submit={submit}
        fields={[
          {
            name: 'pasted',
            label: said.pasted,
            type: 'lines',
            required: true,
            hint: said.pastedHint,
          },
        ]}
      />
    </details>
  );
}

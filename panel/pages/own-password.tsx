/** A new password of one's own, with the old one. It ends the session that changes it. */
import { ask, session } from '../ask.ts';
import { Form } from '../parts/form.tsx';
import { words } from '../words/spoken.ts';

export function OwnPassword() {
  const { account: said } = words();
  const change = async ({ old = '', password = '' }: Readonly<Record<string, string>>) => {
    await ask('POST /me/password', { form: { old, password } });
    session.ended({ text: said.changed });
  };
  return (
    <section>
      <h2>{said.password}</h2>
      <p>{said.passwordText}</p>
      <Form
        action={said.change}
        submit={change}
        fields={[
          {
            name: 'old',
            label: said.oldPassword,
            type: 'password',
            required: true,
            autocomplete: 'current-password',
            speaksOf: /incorrect|too many/i,
          },
          {
            name: 'password',
            label: said.newPassword,
            type: 'password',
            required: true,
            autocomplete: 'new-password',
            hint: said.rules,
            speaksOf: /password|characters/i,
          },
        ]}
      />
    </section>
  );
}

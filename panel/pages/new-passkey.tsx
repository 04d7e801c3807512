/** A new passkey: the browser makes it, the password says that it is you who wants it. */
import { ask } from '../ask.ts';
import { Form } from '../parts/form.tsx';
import { hasPasskeys, newPasskey } from '../parts/passkey.ts';

export function NewPasskey({ over }: { readonly over: (what: string) => void }) {
  const add = async ({ password = '', name = '' }: Readonly<Record<string, string>>) => {
    const credential = await newPasskey(password);
    await ask('POST /mfa/webauthn/enable', { form: { credential, label: name.trim() } });
    over('the passkey is added. Log in with it.');
  };
  return (
    <section>
      <h2>Passkeys</h2>
      <p>
        A key that your phone, computer or security key holds, and gives out at its PIN, your finger or your
        face. It opens this panel without a password, and no forged page can have it. Have two, or one-time
        codes too: devices get lost.
      </p>
      {hasPasskeys() ? (
        <Form
          action="Add a passkey"
          submit={add}
          fields={[
            {
              name: 'name',
              label: 'Name of the passkey',
              required: true,
              hint: 'Such as: phone, or the blue security key.',
              speaksOf: /label/i,
            },
            {
              name: 'password',
              label: 'Your password',
              type: 'password',
              required: true,
              autocomplete: 'current-password',
              speaksOf: /./,
            },
          ]}
        />
      ) : (
        <p>This browser has none.</p>
      )}
    </section>
  );
}

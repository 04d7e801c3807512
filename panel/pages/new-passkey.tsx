/** A new passkey: the browser makes it, the password says that it is you who wants it. */
import { ask } from '../ask.ts';
import { Form } from '../parts/form.tsx';
import { hasPasskeys, newPasskey } from '../parts/passkey.ts';
import { words } from '../words/spoken.ts';

export function NewPasskey({ over }: { readonly over: (what: string) => void }) {
  const { factor: said } = words();
  const add = async ({ password = '', name = '' }: Readonly<Record<string, string>>) => {
    const credential = await newPasskey(password);
    await ask('POST /mfa/webauthn/enable', { form: { credential, label: name.trim() } });
    over(said.passkeyAdded);
  };
  return (
    <section>
      <h2>{said.passkeys}</h2>
      <p>{said.passkeysText}</p>
      {hasPasskeys() ? (
        <Form
          action={said.addPasskey}
          submit={add}
          fields={[
            {
              name: 'name',
              label: said.passkeyName,
              required: true,
              hint: said.passkeyHint,
              speaksOf: /label/i,
            },
            {
              name: 'password',
              label: said.yourPassword,
              type: 'password',
              required: true,
              autocomplete: 'current-password',
              speaksOf: /./,
            },
          ]}
        />
      ) : (
        <p>{said.noPasskeys}</p>
      )}
    </section>
  );
}

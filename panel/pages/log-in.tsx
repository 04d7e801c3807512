/** Log-in: a passkey; or the password, and a one-time code where the account has a second factor. None is kept. */
import { useEffect, useRef, useState } from 'preact/hooks';
import type { Me } from '../../contract/api.ts';
import { askJson, reasonOf } from '../ask.ts';
import { say } from '../notice.ts';
import { Form } from '../parts/form.tsx';
import { hasPasskeys, passkeyForLogIn } from '../parts/passkey.ts';

export function LogIn({ done }: { readonly done: (me: Me) => void }) {
  const [withCode, setWithCode] = useState(false);
  const place = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (withCode) place.current?.querySelector<HTMLElement>('[name=code]')?.focus();
  }, [withCode]);

  const welcome = ({ email, privileges, webmail, hostname }: Me) => {
    say(`Logged in as ${email}.`);
    done({ email, privileges, webmail, hostname });
  };
  const byPasskey = async () => {
    const told = await askJson('POST /login/passkey', {
      form: { credential: await passkeyForLogIn() },
    });
    if (told.status !== 'ok') throw new Error(told.reason);
    welcome(told);
  };
  const submit = async ({ email = '', password = '', code = '' }: Readonly<Record<string, string>>) => {
    const told = await askJson('POST /login', {
      headers: {
        authorization: `Basic ${btoa(String.fromCharCode(...new TextEncoder().encode(`${email.trim()}:${password}`)))}`,
        ...(code === '' ? {} : { 'x-auth-token': code.trim() }),
      },
    });
    if (told.status === 'ok') return welcome(told);
    if (told.status === 'missing-passkey') return byPasskey();
    if (told.status === 'missing-totp-token' && !withCode) {
      setWithCode(true);
      say('This account has a second factor: enter the code that your app shows now.');
      throw new Error('Enter the one-time code.');
    }
    throw new Error(told.reason);
  };
  return (
    <div ref={place}>
      <p>With the address and password of an account of this box.</p>
      <Form
        action="Log in"
        submit={submit}
        fields={[
          { name: 'email', label: 'Email address', type: 'email', required: true, autocomplete: 'username' },
          {
            name: 'password',
            label: 'Password',
            type: 'password',
            required: true,
            autocomplete: 'current-password',
            speaksOf: /password|passkey|wait|too many/i,
          },
          ...(withCode
            ? [
                {
                  name: 'code',
                  label: 'One-time code',
                  required: true,
                  digits: true,
                  autocomplete: 'one-time-code',
                  speaksOf: /token|code/i,
                } as const,
              ]
            : []),
        ]}
      />
      {hasPasskeys() && (
        <p class="or">
          <button
            type="button"
            onClick={() => byPasskey().catch((error) => say(reasonOf(error), { bad: true }))}
          >
            Log in with a passkey
          </button>
        </p>
      )}
    </div>
  );
}

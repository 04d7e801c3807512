/** Log-in: a passkey; or the password, and a one-time code where the account has a second factor. None is kept. */
import { useEffect, useRef, useState } from 'preact/hooks';
import type { Me } from '../../contract/api.ts';
import { askJson, Refused } from '../ask.ts';
import { say } from '../notice.ts';
import { complain } from '../parts/complain.ts';
import { Form } from '../parts/form.tsx';
import { hasPasskeys, passkeyForLogIn } from '../parts/passkey.ts';
import { filled, words } from '../words/spoken.ts';

export function LogIn({ done }: { readonly done: (me: Me) => void }) {
  const { logIn: said } = words();
  const [withCode, setWithCode] = useState(false);
  const place = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (withCode) place.current?.querySelector<HTMLElement>('[name=code]')?.focus();
  }, [withCode]);

  const welcome = ({ email, privileges, webmail, hostname, first_steps }: Me) => {
    say(filled(said.done, { email }));
    done({ email, privileges, webmail, hostname, first_steps });
  };
  const refused = (reason: string) => new Refused(reason, filled(said.wrong, { reason: '' }).trim());
  const byPasskey = async () => {
    const told = await askJson('POST /login/passkey', {
      form: { credential: await passkeyForLogIn() },
    });
    if (told.status !== 'ok') throw refused(told.reason);
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
      say(said.codeToo);
      throw new Error(said.enterCode);
    }
    throw refused(told.reason);
  };
  return (
    <div ref={place}>
      <p>{said.lead}</p>
      <Form
        action={said.action}
        submit={submit}
        fields={[
          { name: 'email', label: said.email, type: 'email', required: true, autocomplete: 'username' },
          {
            name: 'password',
            label: said.password,
            type: 'password',
            required: true,
            autocomplete: 'current-password',
            speaksOf: /password|passkey|wait|too many/i,
          },
          ...(withCode
            ? [
                {
                  name: 'code',
                  label: said.code,
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
          <button type="button" onClick={() => byPasskey().catch(complain)}>
            {said.byPasskey}
          </button>
        </p>
      )}
    </div>
  );
}

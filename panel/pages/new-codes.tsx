/** One-time codes: the secret for an app on a phone, and the first code, which turns them on. */
import type { CodeSecret } from '../../contract/api.ts';
import { ask } from '../ask.ts';
import { Copy } from '../parts/copy.tsx';
import { Form } from '../parts/form.tsx';

type Props = Pick<CodeSecret, 'secret' | 'qr_code_base64'> & {
  readonly over: (what: string) => void;
};

export function NewCodes({ secret, qr_code_base64: picture, over }: Props) {
  const turnOn = async ({ token = '', label = '' }: Readonly<Record<string, string>>) => {
    await ask('POST /mfa/totp/enable', { form: { secret, token: token.trim(), label } });
    over('the second factor is on. Log in with a code.');
  };
  return (
    <section>
      <h2>One-time codes</h2>
      <p>The log-in asks for a code that an app on your phone shows.</p>
      <ol class="steps">
        <li>
          <p>Scan this with an app for one-time codes (TOTP), or type the secret in.</p>
          <img class="qr" alt="QR code with the secret below" src={`data:image/png;base64,${picture}`} />
          <p>
            <code id="secret">{secret}</code> <Copy text={secret} what="secret" />
          </p>
        </li>
        <li>
          <p>Give the code that it shows now.</p>
          <Form
            action="Turn on"
            submit={turnOn}
            fields={[
              {
                name: 'token',
                label: 'One-time code',
                required: true,
                digits: true,
                autocomplete: 'one-time-code',
              },
              { name: 'label', label: 'Name of the device', speaksOf: /label/i },
            ]}
          />
        </li>
      </ol>
    </section>
  );
}

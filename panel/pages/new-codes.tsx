/** One-time codes: the secret for an app on a phone, and the first code, which turns them on. */
import type { CodeSecret } from '../../contract/api.ts';
import { ask } from '../ask.ts';
import { Copy } from '../parts/copy.tsx';
import { Form } from '../parts/form.tsx';
import { words } from '../words/spoken.ts';

type Props = Pick<CodeSecret, 'secret' | 'qr_code_base64'> & {
  readonly over: (what: string) => void;
};

export function NewCodes({ secret, qr_code_base64: picture, over }: Props) {
  const { factor: said } = words();
  const turnOn = async ({ token = '', label = '' }: Readonly<Record<string, string>>) => {
    await ask('POST /mfa/totp/enable', { form: { secret, token: token.trim(), label } });
    over(said.codesOn);
  };
  return (
    <section>
      <h2>{said.codes}</h2>
      <p>{said.codesText}</p>
      <ol class="steps">
        <li>
          <p>{said.scan}</p>
          <img class="qr" alt={said.qr} src={`data:image/png;base64,${picture}`} />
          <p>
            <code id="secret">{secret}</code> <Copy text={secret} what={said.secret} />
          </p>
        </li>
        <li>
          <p>{said.giveCode}</p>
          <Form
            action={said.turnOn}
            submit={turnOn}
            fields={[
              {
                name: 'token',
                label: said.code,
                required: true,
                digits: true,
                autocomplete: 'one-time-code',
              },
              { name: 'label', label: said.device, speaksOf: /label/i },
            ]}
          />
        </li>
      </ol>
    </section>
  );
}

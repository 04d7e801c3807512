/** One-time codes at one's own log-in: on with the app's first code, off again. */
import { ask, askJson, reasonOf, session } from '../ask.ts';
import { say } from '../notice.ts';
import { Copy } from '../parts/copy.tsx';
import { Form } from '../parts/form.tsx';
import { useLoaded } from '../parts/use-loaded.ts';
import { Waiting } from '../parts/waiting.tsx';

interface Factors {
  readonly enabled_mfa: readonly {
    readonly id: number;
    readonly type: string;
    readonly label: string | null;
  }[];
  readonly new_mfa: { readonly totp: { readonly secret: string; readonly qr_code_base64: string } };
}

export function SecondFactor() {
  const loaded = useLoaded(() => askJson<Factors>('POST /mfa/status'));
  if (loaded.data === undefined) return <Waiting of={loaded} />;
  const { enabled_mfa: enabled, new_mfa } = loaded.data;
  // Either change ends the session that makes it: the box asks for a new log-in.
  const over = (what: string) => session.ended(what);

  const turnOn = async ({ token = '', label = '' }: Readonly<Record<string, string>>) => {
    await ask('POST /mfa/totp/enable', { form: { secret: new_mfa.totp.secret, token: token.trim(), label } });
    over('the second factor is on. Log in with a code.');
  };
  const turnOff = async (id: number) => {
    try {
      await ask('POST /mfa/disable', { form: { 'mfa-id': String(id) } });
      over('the second factor is off. Log in again.');
    } catch (error) {
      say(reasonOf(error), { bad: true });
    }
  };
  if (enabled.length > 0)
    return (
      <>
        <p>Your log-in here asks for a one-time code. Mail programs go on with the password alone.</p>
        <section>
          <ul class="rows">
            {enabled.map(({ id, label }) => (
              <li key={id}>
                <div class="what">
                  <strong>{label || 'One-time codes'}</strong>
                </div>
                <div class="buttons">
                  <button type="button" class="danger" onClick={() => turnOff(id)}>
                    Turn off
                  </button>
                </div>
              </li>
            ))}
          </ul>
        </section>
      </>
    );
  const { secret, qr_code_base64: picture } = new_mfa.totp;
  return (
    <>
      <p>
        Then a stolen password alone opens nothing here: the log-in asks for a code that an app on your phone
        shows. Turning it on ends all your sessions.
      </p>
      <section>
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
    </>
  );
}

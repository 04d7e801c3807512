/** What one's own log-in asks for beside the password: one-time codes and passkeys, each on and off again. */
import { ask, askJson, reasonOf, session } from '../ask.ts';
import { say } from '../notice.ts';
import { useLoaded } from '../parts/use-loaded.ts';
import { Waiting } from '../parts/waiting.tsx';
import { NewCodes } from './new-codes.tsx';
import { NewPasskey } from './new-passkey.tsx';

const kinds: Readonly<Record<string, string>> = { totp: 'One-time codes', webauthn: 'Passkey' };

export function SecondFactor() {
  const loaded = useLoaded(() => askJson('POST /mfa/status'));
  if (loaded.data === undefined) return <Waiting of={loaded} />;
  const { enabled_mfa: enabled, new_mfa } = loaded.data;
  // Any change ends the session that makes it: the box asks for a new log-in.
  const over = (what: string) => session.ended(what);
  const turnOff = async (id: number, last: boolean) => {
    try {
      await ask('POST /mfa/disable', { form: { 'mfa-id': String(id) } });
      over(last ? 'the second factor is off. Log in again.' : 'it is off. Log in again.');
    } catch (error) {
      say(reasonOf(error), { bad: true });
    }
  };
  return (
    <>
      <p>
        {enabled.length > 0
          ? 'Your password alone opens nothing here. Mail programs go on with it.'
          : 'With a second factor a stolen password alone opens nothing here. Mail programs go on with it.'}{' '}
        Each change here ends all your sessions.
      </p>
      {enabled.length > 0 && (
        <section>
          <h2>In use</h2>
          <ul class="rows">
            {enabled.map(({ id, type, label }) => (
              <li key={id}>
                <div class="what">
                  <strong>{label || (kinds[type] ?? type)}</strong>{' '}
                  <span class="tag">{kinds[type] ?? type}</span>
                </div>
                <div class="buttons">
                  <button type="button" class="danger" onClick={() => turnOff(id, enabled.length === 1)}>
                    Turn off<span class="unseen"> {label || (kinds[type] ?? type)}</span>
                  </button>
                </div>
              </li>
            ))}
          </ul>
        </section>
      )}
      <NewPasskey over={over} />
      {!enabled.some(({ type }) => type === 'totp') && new_mfa && <NewCodes {...new_mfa.totp} over={over} />}
    </>
  );
}

/** What one's own log-in asks for beside the password: one-time codes and passkeys, each on and off again. */
import { ask, askJson, session } from '../ask.ts';
import { complain } from '../parts/complain.ts';
import { useLoaded } from '../parts/use-loaded.ts';
import { Waiting } from '../parts/waiting.tsx';
import { words } from '../words/spoken.ts';
import { NewCodes } from './new-codes.tsx';
import { NewPasskey } from './new-passkey.tsx';

export function SecondFactor() {
  const { factor: said } = words();
  const kinds: Readonly<Record<string, string>> = { totp: said.codes, webauthn: said.passkey };
  const loaded = useLoaded(() => askJson('POST /mfa/status'));
  if (loaded.data === undefined) return <Waiting of={loaded} />;
  const { enabled_mfa: enabled, new_mfa } = loaded.data;
  // Any change ends the session that makes it: the box asks for a new log-in.
  const over = (what: string) => session.ended({ text: what });
  const turnOff = async (id: number, last: boolean) => {
    try {
      await ask('POST /mfa/disable', { form: { 'mfa-id': String(id) } });
      over(last ? said.allOff : said.isOff);
    } catch (error) {
      complain(error);
    }
  };
  return (
    <>
      <p>
        {enabled.length > 0 ? said.on : said.off} {said.endsSessions}
      </p>
      {enabled.length > 0 && (
        <section>
          <h2>{said.inUse}</h2>
          <ul class="rows">
            {enabled.map(({ id, type, label }) => (
              <li key={id}>
                <div class="what">
                  <strong>{label || (kinds[type] ?? type)}</strong>{' '}
                  <span class="tag">{kinds[type] ?? type}</span>
                </div>
                <div class="buttons">
                  <button type="button" class="danger" onClick={() => turnOff(id, enabled.length === 1)}>
                    {said.turnOff}
                    <span class="unseen"> {label || (kinds[type] ?? type)}</span>
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

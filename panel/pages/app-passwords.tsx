/** App passwords: those that there are, a new one, which is shown this once, the end of one, and whether programs take nothing else. */
import { useEffect, useRef, useState } from 'preact/hooks';
import type { AppPassword, OwnAccount } from '../../contract/api.ts';
import { ask, askJson } from '../ask.ts';
import { say } from '../notice.ts';
import { Copy } from '../parts/copy.tsx';
import { Dialog } from '../parts/dialog.tsx';
import type { FieldProps } from '../parts/field.tsx';
import { Form } from '../parts/form.tsx';
import { useLoaded } from '../parts/use-loaded.ts';
import { Waiting } from '../parts/waiting.tsx';
import { filled, words } from '../words/spoken.ts';
import { dayOf } from '../words/times.ts';

interface Props {
  readonly own: OwnAccount;
  readonly changed: () => Promise<void>;
}
type Made = AppPassword & { readonly password: string };

const passwordField = (label: string): FieldProps => ({
  name: 'password',
  label,
  type: 'password',
  required: true,
  autocomplete: 'current-password',
  speaksOf: /incorrect password|too many/i,
});

export function AppPasswords({ own, changed }: Props) {
  const { apps: said } = words();
  const loaded = useLoaded(() => askJson('GET /me/app-passwords'));
  const [fresh, setFresh] = useState<Made>();
  const [ended, setEnded] = useState<AppPassword>();

  const make = async ({ label = '', password = '' }: Readonly<Record<string, string>>) => {
    const made = await askJson('POST /me/app-passwords/add', { form: { label: label.trim(), password } });
    await loaded.again();
    setFresh(made);
    say(filled(said.madeNotice, made));
  };
  const revoke = async ({ id, label }: AppPassword) => {
    await ask('POST /me/app-passwords/remove', { form: { id: String(id) } });
    await loaded.again();
    setEnded(undefined);
    if (fresh?.id === id) setFresh(undefined);
    say(filled(said.revoked, { label }));
  };
  return (
    <>
      {fresh && <Fresh key={fresh.id} made={fresh} done={() => setFresh(undefined)} />}
      <section>
        <h2>{said.title}</h2>
        <p>{said.text}</p>
        {loaded.data === undefined && <Waiting of={loaded} />}
        {loaded.data?.length === 0 && <p>{said.none}</p>}
        <ul class="rows">
          {loaded.data?.map((one) => (
            <li key={one.id}>
              <div class="what">
                <strong>{one.label}</strong>
                <p class="soft">
                  <code>{one.begins}…</code> {filled(said.made, { day: dayOf(one.created) })},{' '}
                  {one.last_used === null ? said.neverUsed : filled(said.used, { day: dayOf(one.last_used) })}
                </p>
              </div>
              <div class="buttons">
                <button type="button" class="small" onClick={() => setEnded(one)}>
                  {said.revoke}
                  <span class="unseen"> {one.label}</span>
                </button>
              </div>
            </li>
          ))}
        </ul>
        <Form
          action={said.make}
          submit={make}
          fields={[
            { name: 'label', label: said.label, required: true, hint: said.labelHint, speaksOf: /label/ },
            passwordField(said.yourPassword),
          ]}
        />
      </section>
      <ProgramsApart own={own} changed={changed} />
      {ended && (
        <Dialog title={filled(said.revokeTitle, ended)} close={() => setEnded(undefined)}>
          <p>{said.revokeText}</p>
          <Form
            action={said.revoke}
            danger
            fields={[]}
            cancel={() => setEnded(undefined)}
            submit={() => revoke(ended)}
          />
        </Dialog>
      )}
    </>
  );
}

function ProgramsApart({ own, changed }: Props) {
  const { apps: said } = words();
  const only = own.app_passwords_only;
  const turn = async ({ password = '' }: Readonly<Record<string, string>>) => {
    await ask('POST /me/app-passwords/only', { form: { only: only ? '0' : '1', password } });
    await changed();
    say(only ? said.onlyOff : said.onlyOn);
  };
  if (!own.has_second_factor)
    return (
      <section>
        <h2>{said.only}</h2>
        <p>
          <a href="#/second-factor">{said.onlyNeeds}</a>
        </p>
      </section>
    );
  return (
    <section>
      <h2>{said.only}</h2>
      <p>{said.onlyText}</p>
      <p>{only ? said.onlyOn : said.onlyOff}</p>
      <Form
        key={String(only)}
        action={only ? said.turnOnlyOff : said.turnOnlyOn}
        submit={turn}
        fields={[passwordField(said.yourPassword)]}
      />
    </section>
  );
}

/** Not in a dialog: what the copying button says must be heard. */
function Fresh({ made, done }: { made: Made; done: () => void }) {
  const { apps: said } = words();
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => heading.current?.focus(), []);
  return (
    <section>
      <h2 ref={heading} tabIndex={-1}>
        {filled(said.newTitle, made)}
      </h2>
      <p>{said.newText}</p>
      <p>
        <code id="app-password">{made.password}</code>
      </p>
      <div class="buttons">
        <Copy text={made.password} what={said.copyName} />
        <button type="button" class="small" onClick={done}>
          {said.haveIt}
        </button>
      </div>
    </section>
  );
}

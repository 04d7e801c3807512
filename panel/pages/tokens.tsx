/** Tokens for programs: what each may, a new one, which is shown this once, and the end of one. */

import { useEffect, useRef, useState } from 'preact/hooks';
import type { Token } from '../../contract/api.ts';
import { ask, askJson } from '../ask.ts';
import { say } from '../notice.ts';
import { Copy } from '../parts/copy.tsx';
import { Dialog } from '../parts/dialog.tsx';
import { Form } from '../parts/form.tsx';
import { useLoaded } from '../parts/use-loaded.ts';
import { Waiting } from '../parts/waiting.tsx';
import { filled, words } from '../words/spoken.ts';
import { dayOf } from '../words/times.ts';

export function Tokens() {
  const { tokens: said } = words();
  const loaded = useLoaded(() => askJson('GET /tokens'));
  const [fresh, setFresh] = useState<Token & { readonly token: string }>();
  const [ended, setEnded] = useState<Token>();

  const add = async ({ label = '', scopes = '', days = '' }: Readonly<Record<string, string>>) => {
    const made = await askJson('POST /tokens/add', {
      form: { label: label.trim(), scopes, days: days.trim() },
    });
    await loaded.again();
    setFresh(made);
    say(filled(said.madeNotice, made));
  };
  return (
    <>
      <p>{said.lead}</p>
      {fresh && <Fresh key={fresh.id} made={fresh} done={() => setFresh(undefined)} />}
      {loaded.data === undefined ? (
        <Waiting of={loaded} />
      ) : (
        <section key="in-force">
          <h2>{said.inForce}</h2>
          {loaded.data.length === 0 && <p>{said.none}</p>}
          <ul class="rows">
            {loaded.data.map((token) => (
              <li key={token.id}>
                <div class="what">
                  <strong>{token.label}</strong>
                  <p>
                    <code>{token.scopes.join(' ')}</code>
                  </p>
                  <p class="soft">
                    {filled(said.made, { ...token, day: dayOf(token.created) })}{' '}
                    {token.expires === null
                      ? said.hasNoEnd
                      : filled(said.ends, { day: dayOf(token.expires) })}
                  </p>
                </div>
                <div class="buttons">
                  <button type="button" class="small" onClick={() => setEnded(token)}>
                    {said.revoke}
                    <span class="unseen"> {token.label}</span>
                  </button>
                </div>
              </li>
            ))}
          </ul>
        </section>
      )}
      <section>
        <h2>{said.makeOne}</h2>
        <Form
          action={said.make}
          submit={add}
          fields={[
            {
              name: 'label',
              label: said.label,
              required: true,
              hint: said.labelHint,
              speaksOf: /label/,
            },
            {
              name: 'scopes',
              label: said.scopes,
              type: 'lines',
              required: true,
              hint: said.scopesHint,
              speaksOf: /scope/,
            },
            {
              name: 'days',
              label: said.days,
              digits: true,
              hint: said.daysHint,
              speaksOf: /days/,
            },
          ]}
        />
      </section>
      {ended && (
        <Dialog title={filled(said.revokeOne, ended)} close={() => setEnded(undefined)}>
          <p>{said.revokeText}</p>
          <Form
            action={said.revokeToken}
            danger
            fields={[]}
            cancel={() => setEnded(undefined)}
            submit={async () => {
              await ask('POST /tokens/remove', { form: { id: ended.id } });
              await loaded.again();
              setEnded(undefined);
              if (fresh?.id === ended.id) setFresh(undefined);
              say(filled(said.revoked, ended));
            }}
          />
        </Dialog>
      )}
    </>
  );
}

/** Not in a dialog: what the copying button says must be heard. */
function Fresh({ made, done }: { made: { label: string; token: string }; done: () => void }) {
  const { tokens: said } = words();
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => heading.current?.focus(), []);
  return (
    <section>
      <h2 ref={heading} tabIndex={-1}>
        {filled(said.fresh, { label: made.label })}
      </h2>
      <p>{said.freshText}</p>
      <p>
        <code id="token">{made.token}</code>
      </p>
      <div class="buttons">
        <Copy text={made.token} what={said.copyName} />
        <button type="button" class="small" onClick={done}>
          {said.haveIt}
        </button>
      </div>
    </section>
  );
}

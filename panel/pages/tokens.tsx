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

export function Tokens() {
  const loaded = useLoaded(() => askJson('GET /tokens'));
  const [fresh, setFresh] = useState<Token & { readonly token: string }>();
  const [ended, setEnded] = useState<Token>();

  const add = async ({ label = '', scopes = '', days = '' }: Readonly<Record<string, string>>) => {
    const made = await askJson('POST /tokens/add', {
      form: { label: label.trim(), scopes, days: days.trim() },
    });
    await loaded.again();
    setFresh(made);
    say(`Made the token “${made.label}”. Copy it now: it is shown this once.`);
  };
  return (
    <>
      <p>
        A program gets a token in the place of your password. It may do what the token names, and nothing
        else.
      </p>
      {fresh && <Fresh key={fresh.id} made={fresh} done={() => setFresh(undefined)} />}
      {loaded.data === undefined ? (
        <Waiting of={loaded} />
      ) : (
        <section key="in-force">
          <h2>In force</h2>
          {loaded.data.length === 0 && <p>None.</p>}
          <ul class="rows">
            {loaded.data.map((token) => (
              <li key={token.id}>
                <div class="what">
                  <strong>{token.label}</strong>
                  <p>
                    <code>{token.scopes.join(' ')}</code>
                  </p>
                  <p class="soft">
                    {token.id}, made by {token.owner} on {day(token.created)};{' '}
                    {token.expires === null ? 'has no end' : `ends on ${day(token.expires)}`}
                  </p>
                </div>
                <div class="buttons">
                  <button type="button" class="small" onClick={() => setEnded(token)}>
                    Revoke<span class="unseen"> {token.label}</span>
                  </button>
                </div>
              </li>
            ))}
          </ul>
        </section>
      )}
      <section>
        <h2>Make a token</h2>
        <Form
          action="Make token"
          submit={add}
          fields={[
            {
              name: 'label',
              label: 'What it is for',
              required: true,
              hint: 'Such as the name of the router or the program.',
              speaksOf: /label/,
            },
            {
              name: 'scopes',
              label: 'What it may',
              type: 'lines',
              required: true,
              hint: 'One a line. acme:example.com proves that domain to a certificate authority; address:home.example.com sets that name’s addresses; status reads the status.',
              speaksOf: /scope/,
            },
            {
              name: 'days',
              label: 'Days that it lives',
              digits: true,
              hint: 'None: until it is revoked.',
              speaksOf: /days/,
            },
          ]}
        />
      </section>
      {ended && (
        <Dialog title={`Revoke “${ended.label}”?`} close={() => setEnded(undefined)}>
          <p>
            The program that has it can do nothing here any more. A token that ended can’t be brought back.
          </p>
          <Form
            action="Revoke token"
            danger
            fields={[]}
            cancel={() => setEnded(undefined)}
            submit={async () => {
              await ask('POST /tokens/remove', { form: { id: ended.id } });
              await loaded.again();
              setEnded(undefined);
              if (fresh?.id === ended.id) setFresh(undefined);
              say(`Revoked the token “${ended.label}”.`);
            }}
          />
        </Dialog>
      )}
    </>
  );
}

/** Not in a dialog: what the copying button says must be heard. */
function Fresh({ made, done }: { made: { label: string; token: string }; done: () => void }) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => heading.current?.focus(), []);
  return (
    <section>
      <h2 ref={heading} tabIndex={-1}>
        The new token “{made.label}”
      </h2>
      <p>The box keeps no copy that it could show again.</p>
      <p>
        <code id="token">{made.token}</code>
      </p>
      <div class="buttons">
        <Copy text={made.token} what="token" />
        <button type="button" class="small" onClick={done}>
          I have it
        </button>
      </div>
    </section>
  );
}

const day = (time: string) => time.slice(0, 10);

/** The box's certificate: what is in service, which names it is for, and the two ways to one of an authority. */

import { useRef } from 'preact/hooks';
import type { Answers, Me } from '../../contract/api.ts';
import { askJson, Refused, type Spoken } from '../ask.ts';
import { say } from '../notice.ts';
import { Copy } from '../parts/copy.tsx';
import { Form } from '../parts/form.tsx';
import { Said } from '../parts/said.tsx';
import { type Loaded, useLoaded } from '../parts/use-loaded.ts';
import { Waiting } from '../parts/waiting.tsx';
import { filled, words } from '../words/spoken.ts';
import { type StatusLine, statusGroups } from '../words/status-groups.ts';
import { OwnCertificate } from './own-certificate.tsx';

const stateOf = { success: 'ok', warning: 'warning', danger: 'error' } as const;

export function Certificate({ me }: { readonly me: Me }) {
  // What the box saw last is good enough, until something changes here.
  const fresh = useRef(false);
  // By itself: a look at everything may be under way, and nothing else of this page waits for it.
  const state = useLoaded(async () => {
    const form: Record<string, string> = fresh.current ? { fresh: '1' } : {};
    const lines = statusGroups(await askJson('POST /system/status', { form })).flatMap(
      (group) => group.lines,
    );
    return lines.flatMap(({ facts, ...line }) =>
      facts.filter(({ title }) => title === 'TLS certificate').map(({ found }) => ({ ...line, found })),
    );
  });
  const loaded = useLoaded(() => askJson('GET /ssl/status'));
  if (loaded.data === undefined) return <Waiting of={loaded} />;
  const { status: names, can_provision: lacking } = loaded.data;
  const { certificate: said, status } = words();
  const changed = async () => {
    fresh.current = true;
    await Promise.all([state.again(), loaded.again()]);
    fresh.current = false;
  };
  return (
    <>
      <p>{said.lead}</p>
      <InService of={state} />
      <section>
        <h2>{said.names}</h2>
        <ul class="checks">
          {names.map(({ domain, status: how, text }) => (
            <li key={domain}>
              <span class={`state ${stateOf[how]}`}>{status.states[stateOf[how]]}</span>
              <p>
                <strong>{domain}</strong>
              </p>
              <p class="soft">
                <Said told={text} />
              </p>
            </li>
          ))}
        </ul>
      </section>
      <section>
        <h2>{said.get}</h2>
        <p>
          {said.getText}{' '}
          {lacking.length === 0 ? said.noneNeeded : filled(said.wantedFor, { names: lacking.join(', ') })}
        </p>
        <Form
          action={said.action}
          fields={[
            {
              name: 'agreed',
              label: said.agreed,
              type: 'checkbox',
              required: true,
              speaksOf: /./,
            },
          ]}
          submit={async () => {
            const told = await provisioned(await askJson('POST /ssl/provision'));
            await changed();
            say(told.text, told);
          }}
        />
      </section>
      <OwnCertificate hostname={me.hostname} names={names.map(({ domain }) => domain)} changed={changed} />
    </>
  );
}

type InServiceLine = Pick<StatusLine, 'state' | 'remedies'> & { readonly found: string };

function InService({ of }: { readonly of: Loaded<readonly InServiceLine[]> }) {
  if (of.data === undefined) return <Waiting of={of} />;
  const { certificate: said, status } = words();
  return (
    <>
      {of.data.map(({ found, remedies, state: how }) => {
        const fingerprint = /SHA-256 ([0-9A-F:]{95})/.exec(found)?.[1];
        return (
          <section key={found}>
            <h2>{said.inService}</h2>
            <dl class="pairs">
              <dt>{said.state}</dt>
              <dd>
                <Said told={found.replace(/, SHA-256 .*/, '')} />
              </dd>
              {fingerprint && (
                <>
                  <dt>{said.fingerprint}</dt>
                  <dd>
                    <code>{fingerprint}</code> <Copy text={fingerprint} what={said.fingerprintName} />
                  </dd>
                </>
              )}
            </dl>
            {remedies.map((remedy) => (
              <p key={remedy} class={how === 'ok' ? '' : 'problem'}>
                <strong>{status.whatToDo}</strong> <Said told={remedy} />
              </p>
            ))}
            <p class="hint">{said.selfSigned}</p>
          </section>
        );
      })}
    </>
  );
}

/** What became of it. @throws Refused where none came of it */
function provisioned({ requests }: Answers['POST /ssl/provision']): Spoken {
  const { certificate: said } = words();
  const [done] = requests;
  if (done === undefined) return { text: said.notDue };
  if (done.result === 'error') throw new Refused(done.message);
  const left = done.log.join('; ');
  if (done.result === 'skipped')
    return { text: said.skipped, told: left === '' ? `${done.message}.` : `${done.message}; ${left}.` };
  const text = filled(said.isNew, { names: done.domains.join(', ') });
  return left === '' ? { text } : { text: `${text} ${said.leftOut}`, told: `${left}.` };
}

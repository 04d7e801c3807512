/** The box's certificate: what is in service, which names it is for, and the two ways to one of an authority. */

import { useRef } from 'preact/hooks';
import type { Answers, Me } from '../../contract/api.ts';
import { askJson } from '../ask.ts';
import { say } from '../notice.ts';
import { Copy } from '../parts/copy.tsx';
import { Form } from '../parts/form.tsx';
import { type Loaded, useLoaded } from '../parts/use-loaded.ts';
import { Waiting } from '../parts/waiting.tsx';
import { type StatusLine, statusGroups } from '../words/status-groups.ts';
import { OwnCertificate } from './own-certificate.tsx';

const words = { success: ['ok', 'Fine'], warning: ['warning', 'Warning'], danger: ['error', 'Error'] };

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
  const changed = async () => {
    fresh.current = true;
    await Promise.all([state.again(), loaded.again()]);
    fresh.current = false;
  };
  return (
    <>
      <p>Mail programs, browsers and other mail servers recognise the box by it.</p>
      <InService of={state} />
      <section>
        <h2>Names</h2>
        <ul class="checks">
          {names.map(({ domain, status, text }) => (
            <li key={domain}>
              <span class={`state ${words[status][0]}`}>{words[status][1]}</span>
              <p>
                <strong>{domain}</strong>
              </p>
              <p class="soft">{text}</p>
            </li>
          ))}
        </ul>
      </section>
      <section>
        <h2>Get a certificate now</h2>
        <p>
          By ACME, from Let’s Encrypt where nothing else is set up: it costs nothing, and takes a minute or
          two. {lacking.length === 0 ? 'No name needs one.' : `It is wanted for ${lacking.join(', ')}.`}
        </p>
        <Form
          action="Get a certificate"
          fields={[
            {
              name: 'agreed',
              label: 'I agree to the authority’s terms, and to its publishing the names',
              type: 'checkbox',
              required: true,
              speaksOf: /./,
            },
          ]}
          submit={async () => {
            const told = await provisioned(await askJson('POST /ssl/provision'));
            await changed();
            say(told);
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
  return (
    <>
      {of.data.map(({ found, remedies, state: how }) => {
        const fingerprint = /SHA-256 ([0-9A-F:]{95})/.exec(found)?.[1];
        return (
          <section key={found}>
            <h2>In service</h2>
            <dl class="pairs">
              <dt>State</dt>
              <dd>{found.replace(/, SHA-256 .*/, '')}</dd>
              {fingerprint && (
                <>
                  <dt>Fingerprint (SHA-256)</dt>
                  <dd>
                    <code>{fingerprint}</code> <Copy text={fingerprint} what="fingerprint" />
                  </dd>
                </>
              )}
            </dl>
            {remedies.map((remedy) => (
              <p key={remedy} class={how === 'ok' ? '' : 'problem'}>
                <strong>What to do:</strong> {remedy}
              </p>
            ))}
            <p class="hint">
              Of a self-signed certificate browsers and mail programs warn once. Before you tell one to trust
              it, compare the fingerprint that it shows with this one.
            </p>
          </section>
        );
      })}
    </>
  );
}

/** What became of it, as one sentence. @throws where none came of it */
function provisioned({ requests }: Answers['POST /ssl/provision']): string {
  const [done] = requests;
  if (done === undefined) return 'Nothing was due: the certificate in service will do.';
  if (done.result === 'error') throw new Error(done.message);
  const left = done.log.length === 0 ? '' : ` Left out: ${done.log.join('; ')}.`;
  if (done.result === 'skipped') return `Nothing was asked for: ${done.message}.${left}`;
  return `A new certificate is in service, for ${done.domains.join(', ')}.${left}`;
}

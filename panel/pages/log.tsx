/** What became of the last mails: who they were from and for, and what the other server said. */

import { useState } from 'preact/hooks';
import type { MailEvent } from '../../contract/api.ts';
import { askJson } from '../ask.ts';
import { say } from '../notice.ts';
import { Filled } from '../parts/filled.tsx';
import { Form } from '../parts/form.tsx';
import { Said } from '../parts/said.tsx';
import { useLoaded } from '../parts/use-loaded.ts';
import { Waiting } from '../parts/waiting.tsx';
import { counted, filled, language, words } from '../words/spoken.ts';

const colours = {
  delivered: 'ok',
  deferred: 'warning',
  postponed: 'plain',
  bounced: 'error',
  refused: 'plain',
} as const;

export function Log() {
  const { log: said } = words();
  const [about, setAbout] = useState('');
  const look = (what: string) => askJson(`GET /mail/log?about=${encodeURIComponent(what)}`);
  const loaded = useLoaded(() => look(''));
  const [found, setFound] = useState<readonly MailEvent[]>();
  const events = found ?? loaded.data;
  if (events === undefined) return <Waiting of={loaded} />;
  return (
    <>
      <section>
        <Form
          action={said.search}
          fields={[
            {
              name: 'about',
              label: said.about,
              value: about,
              hint: said.aboutHint,
            },
          ]}
          submit={async ({ about: wanted = '' }) => {
            const all = await look(wanted.trim());
            setAbout(wanted.trim());
            setFound(all);
            say(counted(said.found, all.length));
          }}
        />
      </section>
      <section>
        <h2>{about === '' ? said.last : filled(said.mailWith, { about })}</h2>
        {events.length === 0 && <p>{said.none}</p>}
        <ul class="checks">
          {events.map((event, i) => (
            <li key={`${event.time} ${i}`}>
              <span class={`state ${colours[event.result]}`}>{said.results[event.result]}</span>
              <div>
                <p>
                  <Filled
                    text={said.event}
                    holes={{ to: <strong>{event.to ?? said.nobody}</strong>, from: sender(event.from) }}
                  />
                </p>
                <p class="soft">
                  <Said told={event.text} />
                </p>
              </div>
              <p class="soft">
                <time dateTime={event.time}>{new Date(event.time).toLocaleString(language())}</time>
                {event.server && ` · ${event.server}`}
              </p>
            </li>
          ))}
        </ul>
      </section>
    </>
  );
}

function sender(from: string | null): string {
  const { log: said } = words();
  if (from === null) return said.somebody;
  return from === '' ? said.bounce : from;
}

/** What became of the last mails: who they were from and for, and what the other server said. */

import { useState } from 'preact/hooks';
import type { MailEvent } from '../../contract/api.ts';
import { askJson } from '../ask.ts';
import { say } from '../notice.ts';
import { Form } from '../parts/form.tsx';
import { useLoaded } from '../parts/use-loaded.ts';
import { Waiting } from '../parts/waiting.tsx';

const words = {
  delivered: ['ok', 'Delivered'],
  deferred: ['warning', 'Waits'],
  postponed: ['plain', 'Postponed'],
  bounced: ['error', 'Bounced'],
  refused: ['plain', 'Refused'],
} as const;

export function Log() {
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
          action="Search"
          fields={[
            {
              name: 'about',
              label: 'Part of a sender, recipient or server',
              value: about,
              hint: 'Empty: all that the log holds, looked at again.',
            },
          ]}
          submit={async ({ about: wanted = '' }) => {
            const all = await look(wanted.trim());
            setAbout(wanted.trim());
            setFound(all);
            say(`Found ${all.length === 1 ? 'one entry' : `${all.length} entries`}.`);
          }}
        />
      </section>
      <section>
        <h2>{about === '' ? 'The last mails' : `Mail with “${about}”`}</h2>
        {events.length === 0 && <p>The log holds none.</p>}
        <ul class="checks">
          {events.map((event, i) => (
            <li key={`${event.time} ${i}`}>
              <span class={`state ${words[event.result][0]}`}>{words[event.result][1]}</span>
              <div>
                <p>
                  <strong>{event.to ?? 'nobody named yet'}</strong> from {sender(event.from)}
                </p>
                <p class="soft">{event.text}</p>
              </div>
              <p class="soft">
                <time dateTime={event.time}>{new Date(event.time).toLocaleString()}</time>
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
  if (from === null) return 'somebody';
  return from === '' ? 'a mail server (a bounce)' : from;
}

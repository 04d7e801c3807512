/** The box as a machine: its version, what waits to be upgraded, and a reboot where one is due. */
import { useState } from 'preact/hooks';
import { ask, askJson } from '../ask.ts';
import { say } from '../notice.ts';
import { Dialog } from '../parts/dialog.tsx';
import { Form } from '../parts/form.tsx';
import { useLoaded } from '../parts/use-loaded.ts';
import { Waiting } from '../parts/waiting.tsx';
import { counted, words } from '../words/spoken.ts';

export function System() {
  const [asked, setAsked] = useState(false);
  const loaded = useLoaded(async () => {
    const [version, updates, reboot] = await Promise.all([
      ask('GET /system/version'),
      ask('GET /system/updates'),
      askJson('GET /system/reboot'),
    ]);
    return { version, updates: updates.split('\n').filter(Boolean), reboot };
  });
  if (loaded.data === undefined) return <Waiting of={loaded} />;
  const { version, updates, reboot } = loaded.data;
  const { system: said } = words();
  return (
    <>
      <section>
        <h2>{said.version}</h2>
        <p>Letterbox {version}</p>
      </section>
      <section>
        <h2>{said.updates}</h2>
        <p>{said.updatesText}</p>
        {updates.length === 0 ? (
          <p>{said.none}</p>
        ) : (
          <>
            <p>{counted(said.waiting, updates.length)}</p>
            <ul>
              {updates.map((update) => (
                <li key={update}>{update}</li>
              ))}
            </ul>
          </>
        )}
      </section>
      <section>
        <h2>{said.reboot}</h2>
        <p>{reboot ? said.due : said.notDue}</p>
        {reboot && (
          <button type="button" class="danger" onClick={() => setAsked(true)}>
            {said.ask}
          </button>
        )}
      </section>
      {asked && (
        <Dialog title={said.title} close={() => setAsked(false)}>
          <p>{said.text}</p>
          <Form
            action={said.reboot}
            danger
            fields={[]}
            cancel={() => setAsked(false)}
            submit={async () => {
              const told = await ask('POST /system/reboot');
              setAsked(false);
              say('', { told: told.trim() });
            }}
          />
        </Dialog>
      )}
    </>
  );
}

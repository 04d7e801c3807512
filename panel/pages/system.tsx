/** The box as a machine: its version, what waits to be upgraded, and a reboot where one is due. */
import { useState } from 'preact/hooks';
import { ask, askJson } from '../ask.ts';
import { say } from '../notice.ts';
import { Dialog } from '../parts/dialog.tsx';
import { Form } from '../parts/form.tsx';
import { useLoaded } from '../parts/use-loaded.ts';
import { Waiting } from '../parts/waiting.tsx';

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
  return (
    <>
      <section>
        <h2>Version</h2>
        <p>Letterbox {version}</p>
      </section>
      <section>
        <h2>Updates</h2>
        <p>The box installs security updates by itself, daily.</p>
        {updates.length === 0 ? (
          <p>None waits.</p>
        ) : (
          <>
            <p>{updates.length} wait:</p>
            <ul>
              {updates.map((update) => (
                <li key={update}>{update}</li>
              ))}
            </ul>
          </>
        )}
      </section>
      <section>
        <h2>Reboot</h2>
        <p>
          {reboot ? 'An upgrade counts only after a reboot.' : 'No reboot is needed, so none is offered.'}
        </p>
        {reboot && (
          <button type="button" class="danger" onClick={() => setAsked(true)}>
            Reboot…
          </button>
        )}
      </section>
      {asked && (
        <Dialog title="Reboot the box?" close={() => setAsked(false)}>
          <p>It takes no mail for about a minute; other servers try again by themselves.</p>
          <Form
            action="Reboot"
            danger
            fields={[]}
            cancel={() => setAsked(false)}
            submit={async () => {
              const told = await ask('POST /system/reboot');
              setAsked(false);
              say(told.trim());
            }}
          />
        </Dialog>
      )}
    </>
  );
}

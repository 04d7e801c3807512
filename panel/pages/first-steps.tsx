/** What the administrator of a new box does once: each step with its state, its reason, what to type where, and what is waited for. */
import { useState } from 'preact/hooks';
import type { FirstStepStanding } from '../../contract/api.ts';
import { askJson, reasonOf } from '../ask.ts';
import { say } from '../notice.ts';
import { PageLink } from '../parts/page-link.tsx';
import { useLoaded } from '../parts/use-loaded.ts';
import { Waiting } from '../parts/waiting.tsx';
import { ago } from '../words/ago.ts';
import { areLeft, howMany } from '../words/first-steps.ts';

/** Of a thousand domains the first ones say enough: Status has them all. */
const most = 5;

export function FirstStepsPage({ stepsLeft }: { readonly stepsLeft: (are: boolean) => void }) {
  const [busy, setBusy] = useState(false);
  const ask = async () => {
    const told = await askJson('GET /system/first-steps');
    stepsLeft(areLeft(told));
    return told;
  };
  const loaded = useLoaded(async () => {
    const told = await ask();
    if (told.checked_at !== null) return told;
    // The first look since the boot.
    await askJson('POST /system/status');
    return ask();
  });
  if (loaded.data === undefined) return <Waiting of={loaded} />;
  const { checked_at, steps } = loaded.data;

  const lookAgain = async () => {
    setBusy(true);
    try {
      await askJson('POST /system/status', { form: { fresh: '1' } });
      await loaded.again();
      say('Checked.');
    } catch (error) {
      say(reasonOf(error), { bad: true });
    }
    setBusy(false);
  };
  return (
    <>
      <div class="above">
        <p>
          <strong>{howMany(loaded.data)}.</strong>{' '}
          {checked_at !== null && `Checked ${ago(Date.parse(checked_at), Date.now())}.`}
        </p>
        <button type="button" aria-disabled={busy} onClick={() => !busy && lookAgain()}>
          {busy ? 'Checking…' : 'Check again'}
        </button>
      </div>
      <p>
        What only you can do for this box. It sees by itself what is done; when all is, this page leaves the
        menu.
      </p>
      <section>
        <ol class="checks">
          {steps.map((step) => (
            <Step key={step.step} {...step} />
          ))}
        </ol>
      </section>
    </>
  );
}

function Step({ state, title, why, found, what_to_do, waits_for, page }: FirstStepStanding) {
  const isOpen = state === 'open';
  return (
    <li>
      <span class={`state ${isOpen ? 'warning' : 'ok'}`}>{isOpen ? 'To do' : 'Done'}</span>
      <div>
        <h2>{title}</h2>
        {isOpen && (
          <>
            <Some of={found} />
            <Some of={what_to_do} label="What to do" />
            <p>
              <strong>Waits for:</strong> {waits_for}
            </p>
            {page !== undefined && (
              <p>
                <PageLink page={page} />
              </p>
            )}
          </>
        )}
      </div>
      <p class="soft">{why}</p>
    </li>
  );
}

function Some({ of, label }: { readonly of: readonly string[]; readonly label?: string }) {
  return (
    <>
      {of.slice(0, most).map((text) => (
        <p key={text}>
          {label && <strong>{label}:</strong>} {text}
        </p>
      ))}
      {of.length > most && <p>And {of.length - most} more, at Status.</p>}
    </>
  );
}

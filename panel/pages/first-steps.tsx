/** What the administrator of a new box does once: each step with its state, its reason, what to type where, and what is waited for. */
import { useState } from 'preact/hooks';
import type { FirstStepStanding } from '../../contract/api.ts';
import { askJson } from '../ask.ts';
import { say } from '../notice.ts';
import { complain } from '../parts/complain.ts';
import { PageLink } from '../parts/page-link.tsx';
import { Said } from '../parts/said.tsx';
import { useLoaded } from '../parts/use-loaded.ts';
import { Waiting } from '../parts/waiting.tsx';
import { areLeft, howMany, stepText } from '../words/first-steps.ts';
import { counted, filled, words } from '../words/spoken.ts';
import { ago } from '../words/times.ts';

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
  const { firstSteps: said, status } = words();

  const lookAgain = async () => {
    setBusy(true);
    try {
      await askJson('POST /system/status', { form: { fresh: '1' } });
      await loaded.again();
      say(said.checked);
    } catch (error) {
      complain(error);
    }
    setBusy(false);
  };
  return (
    <>
      <div class="above">
        <p>
          <strong>{howMany(loaded.data)}.</strong>{' '}
          {checked_at !== null && filled(status.seen, { ago: ago(Date.parse(checked_at), Date.now()) })}
        </p>
        <button type="button" aria-disabled={busy} onClick={() => !busy && lookAgain()}>
          {busy ? status.checking : status.checkAgain}
        </button>
      </div>
      <p>{said.lead}</p>
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

function Step(step: FirstStepStanding) {
  const { firstSteps: said, status } = words();
  const { state, found, page } = step;
  const { title, why, whatToDo, waitsFor, told } = stepText(step);
  const isOpen = state === 'open';
  return (
    <li>
      <span class={`state ${isOpen ? 'warning' : 'ok'}`}>{said.states[state]}</span>
      <div>
        <h2>{title}</h2>
        {isOpen && (
          <>
            <Some of={found} />
            {whatToDo !== undefined && (
              <p>
                <strong>{status.whatToDo}</strong> {whatToDo}
              </p>
            )}
            <Some of={told} {...(whatToDo === undefined ? { label: status.whatToDo } : {})} />
            <p>
              <strong>{said.waitsFor}</strong> {waitsFor}
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
          {label && <strong>{label}</strong>} <Said told={text} />
        </p>
      ))}
      {of.length > most && <p>{counted(words().firstSteps.more, of.length - most)}</p>}
    </>
  );
}

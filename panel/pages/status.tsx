/** Every check of the box: what is found, what it means for mail, and what to do. What was seen last is shown at once. */
import { useEffect, useState } from 'preact/hooks';
import type { StatusEntry } from '../../contract/api.ts';
import { askJson, reasonOf } from '../ask.ts';
import { say } from '../notice.ts';
import { BrokenSteps } from '../parts/broken-steps.tsx';
import { PageLink } from '../parts/page-link.tsx';
import { ago } from '../words/ago.ts';
import { checkedAt, type StatusLine, statusGroups, summary } from '../words/status-groups.ts';

/** Kept while the page is open. The box keeps it too, and looks again only when asked to. */
let last: { readonly shown: readonly StatusEntry[]; readonly at: number } | undefined;

const words = { ok: 'Fine', warning: 'Warning', error: 'Error' };

export function Status() {
  const [seen, setSeen] = useState(last);
  const [busy, setBusy] = useState(false);
  const [now, setNow] = useState(Date.now());

  const look = async (byHand: boolean) => {
    setBusy(true);
    try {
      const form: Record<string, string> = byHand ? { fresh: '1' } : {};
      const shown = await askJson('POST /system/status', { form });
      last = { shown, at: checkedAt(shown) };
      setSeen(last);
      setNow(Date.now());
      if (byHand) say(`Checked: ${summary(statusGroups(last.shown))}.`);
    } catch (error) {
      say(reasonOf(error), { bad: true });
    }
    setBusy(false);
  };
  useEffect(() => {
    if (last === undefined) look(false);
    const clock = setInterval(() => setNow(Date.now()), 20_000);
    return () => clearInterval(clock);
  }, []);

  const groups = statusGroups(seen?.shown ?? []);
  return (
    <>
      <div class="above">
        <p>
          {seen ? (
            <>
              <strong>{summary(groups)}.</strong> Checked {ago(seen.at, now)}.
            </>
          ) : (
            'The box looks at everything; this takes a few seconds.'
          )}
        </p>
        <button type="button" aria-disabled={busy} onClick={() => !busy && look(true)}>
          {busy ? 'Checking…' : 'Check again'}
        </button>
      </div>
      {seen && <BrokenSteps key={seen.at} />}
      {groups.map(({ name, lines }) => (
        <section key={name}>
          <h2>{name}</h2>
          <ul class="checks">
            {lines.map((line) => (
              <Line key={`${line.state} ${line.facts[0]?.title} ${line.facts[0]?.found}`} {...line} />
            ))}
          </ul>
        </section>
      ))}
    </>
  );
}

function Line({ state, facts, meaning, remedies, page }: StatusLine) {
  return (
    <li>
      <span class={`state ${state}`}>{words[state]}</span>
      <div>
        {facts.map(({ title, found }) => (
          <p key={`${title} ${found}`} class="fact">
            <strong>{title}</strong> {found}
          </p>
        ))}
        {remedies.map((remedy) => (
          <p key={remedy}>
            <strong>What to do:</strong> {remedy}
          </p>
        ))}
        {page !== undefined && (
          <p>
            <PageLink page={page} />
          </p>
        )}
      </div>
      <p class="soft">{meaning}</p>
    </li>
  );
}

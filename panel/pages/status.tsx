/** Every check of the box: what is found, what it means for mail, and what to do. What was seen last is shown at once. */
import { useEffect, useState } from 'preact/hooks';
import type { StatusEntry } from '../../contract/api.ts';
import { askJson } from '../ask.ts';
import { say } from '../notice.ts';
import { BrokenSteps } from '../parts/broken-steps.tsx';
import { complain } from '../parts/complain.ts';
import { PageLink } from '../parts/page-link.tsx';
import { Said } from '../parts/said.tsx';
import { filled, words } from '../words/spoken.ts';
import { checkedAt, type StatusLine, statusGroups, summary } from '../words/status-groups.ts';
import { ago } from '../words/times.ts';

/** Kept while the page is open. The box keeps it too, and looks again only when asked to. */
let last: { readonly shown: readonly StatusEntry[]; readonly at: number } | undefined;

export function Status() {
  const { status: said } = words();
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
      if (byHand) say(filled(said.done, { summary: summary(statusGroups(last.shown)) }));
    } catch (error) {
      complain(error);
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
              <strong>{summary(groups)}.</strong> {filled(said.seen, { ago: ago(seen.at, now) })}
            </>
          ) : (
            said.looking
          )}
        </p>
        <button type="button" aria-disabled={busy} onClick={() => !busy && look(true)}>
          {busy ? said.checking : said.checkAgain}
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
  const { status: said } = words();
  return (
    <li>
      <span class={`state ${state}`}>{said.states[state]}</span>
      <div>
        {facts.map(({ title, name, found }) => (
          <p key={`${title} ${found}`} class="fact">
            <strong>{name}</strong> <Said told={found} />
          </p>
        ))}
        {remedies.map((remedy) => (
          <p key={remedy}>
            <strong>{said.whatToDo}</strong> <Said told={remedy} />
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

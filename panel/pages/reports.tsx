/** What other mail servers report of this box: mail in its name, and how they could encrypt; as charts, and by day and sender in plain words. */
import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';
import { askJson } from '../ask.ts';
import { Chart, type Line } from '../parts/chart.tsx';
import { Said } from '../parts/said.tsx';
import { Spans } from '../parts/spans.tsx';
import { useLoaded } from '../parts/use-loaded.ts';
import { Waiting } from '../parts/waiting.tsx';
import {
  type Counted,
  dayName,
  dayTime,
  reasonsOfNone,
  secondsOfDay,
  sentence,
  stateOf,
  totals,
} from '../words/reports.ts';
import { counted, numberOf, words } from '../words/spoken.ts';

export function Reports() {
  const { reports: said } = words();
  const [days, setDays] = useState(30);
  const spans = [
    { days: 30, words: said.month },
    { days: 90, words: said.threeMonths },
    { days: 365, words: said.year },
  ];
  return (
    <>
      <Spans of={spans} days={days} choose={setDays} />
      <Span key={days} days={days} />
    </>
  );
}

function Span({ days }: { readonly days: number }) {
  const loaded = useLoaded(() => askJson(`GET /system/reports?days=${days}`));
  if (loaded.data === undefined) return <Waiting of={loaded} />;
  const { address, since, reports, unproven, days: all, mails, connections, sending } = loaded.data;
  const own = (
    <p class="hint">
      <Said told={sentence(sending.text)} />
    </p>
  );
  if (reports === 0)
    return (
      <>
        <p>{reasonsOfNone(address)}</p>
        {own}
      </>
    );
  const { reports: said } = words();
  const sums = totals(all);
  const line = (name: string, key: Counted): Line => ({
    name,
    total: numberOf(sums[key]),
    points: all.map((one) => ({ time: dayTime(one.day), value: one[key] })),
  });
  const from = dayTime(since);
  const frame = { from, to: from + (days + 1) * secondsOfDay, step: secondsOfDay, when: dayName };
  return (
    <>
      <Chart
        {...frame}
        title={said.mails}
        lines={[line(said.proven, 'proven'), line(said.unproven, 'unproven')]}
      />
      <Chart
        {...frame}
        title={said.connections}
        lines={[line(said.encrypted, 'encrypted'), line(said.failed, 'failed')]}
      />
      <Table
        title={said.byDay}
        none={said.noMails}
        columns={[said.day, said.fate, said.mails, said.domain, said.toldBy]}
        rows={mails.map(({ day, address: sender, domain, fate, own, told_by, text }) => ({
          key: `${day} ${sender} ${domain} ${fate}`,
          day,
          state: stateOf(fate, own),
          cells: [<Said key={text} told={`${text}.`} />, domain, told_by.join(', ')],
        }))}
      />
      <Table
        title={said.encryption}
        none={said.noEncryption}
        columns={[said.day, said.how, said.connectionsOfDay, said.toldBy]}
        rows={connections.map(({ day, failed, told_by, text }, i) => ({
          key: `${day} ${i}`,
          day,
          state: failed === 0 ? ['ok', said.good] : ['warning', said.look],
          cells: [<Said key={text} told={`${text}.`} />, told_by],
        }))}
      />
      <p class="hint">
        {counted(said.from, reports, { address })} {unproven > 0 && counted(said.madeUp, unproven)} {said.utc}
      </p>
      {own}
    </>
  );
}

interface Row {
  readonly key: string;
  readonly day: string;
  readonly state: readonly [string, string];
  readonly cells: readonly ComponentChildren[];
}
interface TableProps {
  readonly title: string;
  readonly none: string;
  readonly columns: readonly string[];
  readonly rows: readonly Row[];
}

function Table({ title, none, columns, rows }: TableProps) {
  if (rows.length === 0)
    return (
      <section>
        <h2>{title}</h2>
        <p>{none}</p>
      </section>
    );
  return (
    // Who goes by keyboard must be able to move it sideways.
    // biome-ignore lint/a11y/noNoninteractiveTabindex: see above
    <section class="wide" tabIndex={0} aria-label={title}>
      <h2>{title}</h2>
      <table class="told">
        <thead>
          <tr>
            {columns.map((column) => (
              <th key={column} scope="col">
                {column}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map(({ key, day, state, cells }) => (
            <tr key={key}>
              <th scope="row">
                <time dateTime={day}>{dayName(dayTime(day))}</time>
              </th>
              <td>
                <span class={`state ${state[0]}`}>{state[1]}</span>
              </td>
              {cells.map((cell, i) => (
                <td key={columns[i + 2]}>{cell}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

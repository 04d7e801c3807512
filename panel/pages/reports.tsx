/** What other mail servers report of this box: mail in its name, and how they could encrypt; as charts, and by day and sender in plain words. */
import { useState } from 'preact/hooks';
import { askJson } from '../ask.ts';
import { Chart, type Line } from '../parts/chart.tsx';
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

const spans = [
  { days: 30, words: 'A month' },
  { days: 90, words: 'Three months' },
  { days: 365, words: 'A year' },
];

export function Reports() {
  const [days, setDays] = useState(30);
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
  const own = <p class="hint">{sentence(sending.text)}</p>;
  if (reports === 0)
    return (
      <>
        <p>{reasonsOfNone(address)}</p>
        {own}
      </>
    );
  const sums = totals(all);
  const line = (name: string, key: Counted): Line => ({
    name,
    total: String(sums[key]),
    points: all.map((one) => ({ time: dayTime(one.day), value: one[key] })),
  });
  const from = dayTime(since);
  const frame = { from, to: from + (days + 1) * secondsOfDay, step: secondsOfDay, when: dayName };
  return (
    <>
      <Chart
        {...frame}
        title="Mail in your name"
        lines={[line('Proven yours', 'proven'), line('Without proof', 'unproven')]}
      />
      <Chart
        {...frame}
        title="Connections with mail for you"
        lines={[line('Encrypted as asked', 'encrypted'), line('Not', 'failed')]}
      />
      <Table
        title="By day and sender"
        none="No report says anything of mail in your name."
        columns={['Day', 'What came of it', 'Mail in your name', 'Domain', 'Told by']}
        rows={mails.map(({ day, address: sender, domain, fate, own, told_by, text }) => ({
          key: `${day} ${sender} ${domain} ${fate}`,
          day,
          state: stateOf(fate, own),
          cells: [`${text}.`, domain, told_by.join(', ')],
        }))}
      />
      <Table
        title="Encryption by day"
        none="No report says anything of encryption."
        columns={['Day', 'How it was', 'Connections', 'Told by']}
        rows={connections.map(({ day, failed, told_by, text }, i) => ({
          key: `${day} ${i}`,
          day,
          state: failed === 0 ? ['ok', 'Good'] : ['warning', 'Look'],
          cells: [`${text}.`, told_by],
        }))}
      />
      <p class="hint">
        From {reports === 1 ? 'one report' : `${reports} reports`} that other mail servers sent to {address}
        {unproven > 0 &&
          `; ${unproven} of them by mail that does not prove whom it is from, so that anybody may have made them up`}
        . Days are UTC’s.
      </p>
      {own}
    </>
  );
}

interface Row {
  readonly key: string;
  readonly day: string;
  readonly state: readonly [string, string];
  readonly cells: readonly string[];
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

/** What the box did with mail, and how busy it was: charts over a day, a week or two months, and the same as a table. */
import { useState } from 'preact/hooks';
import { askJson } from '../ask.ts';
import { Chart, type Line } from '../parts/chart.tsx';
import { Spans } from '../parts/spans.tsx';
import { useLoaded } from '../parts/use-loaded.ts';
import { Waiting } from '../parts/waiting.tsx';
import { counts, rowsOf, summed } from '../words/chart.ts';

const spans = [
  { days: 1, words: 'A day' },
  { days: 7, words: 'A week' },
  { days: 60, words: 'Two months' },
];

export function Charts() {
  const [days, setDays] = useState(1);
  return (
    <>
      <Spans of={spans} days={days} choose={setDays} />
      <Span key={days} days={days} />
    </>
  );
}

function Span({ days }: { readonly days: number }) {
  const loaded = useLoaded(async () => ({
    ...(await askJson(`GET /system/samples?days=${days}`)),
    to: Math.ceil(Date.now() / 1000),
  }));
  if (loaded.data === undefined) return <Waiting of={loaded} />;
  const { step, samples, to } = loaded.data;
  const from = to - days * 86_400;
  if (samples.length === 0) return <p>There is nothing yet: the box takes a sample every five minutes.</p>;
  const all = summed(samples);
  const last = samples[samples.length - 1] ?? { ...all, time: to };
  const lineOf = (name: keyof typeof all, total: string): Line => ({
    name,
    total,
    points: samples.map((sample) => ({ time: sample.time, value: sample[name] })),
  });
  const count = (name: (typeof counts)[number]) => lineOf(name, String(all[name]));
  const frame = { from, to, step, when: (time: number) => moment(time, days) };
  return (
    <>
      <Chart {...frame} title="Mail that came and went" lines={[count('accepted'), count('delivered')]} />
      <Chart
        {...frame}
        title="Mail held up or turned away"
        lines={[count('deferred'), count('bounced'), count('postponed'), count('refused')]}
      />
      <Chart
        {...frame}
        title="Mail that waits"
        lines={[lineOf('queue', `${last.queue} now, ${all.queue} at most`)]}
      />
      <Chart {...frame} title="Load" lines={[lineOf('load', `${last.load} now, ${all.load} in the mean`)]} />
      <Chart
        {...frame}
        title="Memory and disk in use"
        unit=" %"
        most={100}
        lines={[
          lineOf('memory', `${Math.round(last.memory)} % now, ${Math.round(all.memory)} % in the mean`),
          lineOf('disk', `${Math.round(last.disk)} % now`),
        ]}
      />
      <details>
        <summary>
          <h2>As a table</h2>
        </summary>
        {/* Who goes by keyboard must be able to move it sideways. */}
        {/* biome-ignore lint/a11y/noNoninteractiveTabindex: see above */}
        <section class="wide" tabIndex={0} aria-label="Table of mail and load">
          <table>
            <thead>
              <tr>
                <th scope="col">From</th>
                {counts.map((name) => (
                  <th key={name} scope="col">
                    {name}
                  </th>
                ))}
                <th scope="col">waiting</th>
                <th scope="col">load</th>
                <th scope="col">memory</th>
                <th scope="col">disk</th>
              </tr>
            </thead>
            <tbody>
              {rowsOf(samples, { from, to }).map((row) => (
                <tr key={row.time}>
                  <th scope="row">{moment(row.time, Math.max(days, 2))}</th>
                  {counts.map((name) => (
                    <td key={name}>{row[name]}</td>
                  ))}
                  <td>{row.queue}</td>
                  <td>{row.load}</td>
                  <td>{Math.round(row.memory)} %</td>
                  <td>{Math.round(row.disk)} %</td>
                </tr>
              ))}
            </tbody>
          </table>
        </section>
        <p class="hint">
          Mail is counted from the time named until the next one; refused is for good, postponed asks the
          sender to come again.
        </p>
      </details>
    </>
  );
}

/** In the reader's own time. */
function moment(time: number, days: number): string {
  const at = new Date(time * 1000);
  const clock = { hour: '2-digit', minute: '2-digit', hour12: false } as const;
  if (days <= 1) return at.toLocaleTimeString(undefined, clock);
  const day = { day: 'numeric', month: 'short' } as const;
  return at.toLocaleString(undefined, days > 8 ? day : { ...day, ...clock });
}

/** What the box did with mail, and how busy it was: charts over a day, a week or two months, and the same as a table. */
import { useState } from 'preact/hooks';
import { askJson } from '../ask.ts';
import { Chart, type Line } from '../parts/chart.tsx';
import { Spans } from '../parts/spans.tsx';
import { useLoaded } from '../parts/use-loaded.ts';
import { Waiting } from '../parts/waiting.tsx';
import { counts, rowsOf, summed } from '../words/chart.ts';
import { filled, language, numberOf, words } from '../words/spoken.ts';

export function Charts() {
  const { charts: said } = words();
  const [days, setDays] = useState(1);
  const spans = [
    { days: 1, words: said.day },
    { days: 7, words: said.week },
    { days: 60, words: said.twoMonths },
  ];
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
  const { charts: said } = words();
  const from = to - days * 86_400;
  if (samples.length === 0) return <p>{said.nothing}</p>;
  const all = summed(samples);
  const last = samples[samples.length - 1] ?? { ...all, time: to };
  const lineOf = (name: keyof typeof all, total: string): Line => ({
    name: said.lines[name],
    total,
    points: samples.map((sample) => ({ time: sample.time, value: sample[name] })),
  });
  const count = (name: (typeof counts)[number]) => lineOf(name, numberOf(all[name]));
  const percent = (value: number) => filled(said.percent, { value: numberOf(value, 0) });
  const nowAndMean = (now: string, mean: string) => filled(said.nowAndMean, { now, mean });
  const frame = { from, to, step, when: (time: number) => moment(time, days) };
  return (
    <>
      <Chart {...frame} title={said.flow} lines={[count('accepted'), count('delivered')]} />
      <Chart
        {...frame}
        title={said.heldUp}
        lines={[count('deferred'), count('bounced'), count('postponed'), count('refused')]}
      />
      <Chart
        {...frame}
        title={said.queue}
        lines={[
          lineOf('queue', filled(said.nowAndMost, { now: numberOf(last.queue), most: numberOf(all.queue) })),
        ]}
      />
      <Chart
        {...frame}
        title={said.load}
        lines={[lineOf('load', nowAndMean(numberOf(last.load), numberOf(all.load)))]}
      />
      <Chart
        {...frame}
        title={said.use}
        unit=" %"
        most={100}
        lines={[
          lineOf('memory', nowAndMean(percent(last.memory), percent(all.memory))),
          lineOf('disk', filled(said.justNow, { now: percent(last.disk) })),
        ]}
      />
      <details>
        <summary>
          <h2>{said.asTable}</h2>
        </summary>
        {/* Who goes by keyboard must be able to move it sideways. */}
        {/* biome-ignore lint/a11y/noNoninteractiveTabindex: see above */}
        <section class="wide" tabIndex={0} aria-label={said.table}>
          <table>
            <thead>
              <tr>
                <th scope="col">{said.from}</th>
                {counts.map((name) => (
                  <th key={name} scope="col">
                    {said.lines[name]}
                  </th>
                ))}
                <th scope="col">{said.waiting}</th>
                <th scope="col">{said.lines.load}</th>
                <th scope="col">{said.lines.memory}</th>
                <th scope="col">{said.lines.disk}</th>
              </tr>
            </thead>
            <tbody>
              {rowsOf(samples, { from, to }).map((row) => (
                <tr key={row.time}>
                  <th scope="row">{moment(row.time, Math.max(days, 2))}</th>
                  {counts.map((name) => (
                    <td key={name}>{numberOf(row[name])}</td>
                  ))}
                  <td>{numberOf(row.queue)}</td>
                  <td>{numberOf(row.load)}</td>
                  <td>{percent(row.memory)}</td>
                  <td>{percent(row.disk)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </section>
        <p class="hint">{said.hint}</p>
      </details>
    </>
  );
}

/** In the reader's own time. */
function moment(time: number, days: number): string {
  const at = new Date(time * 1000);
  const clock = { hour: '2-digit', minute: '2-digit', hour12: false } as const;
  if (days <= 1) return at.toLocaleTimeString(language(), clock);
  const day = { day: 'numeric', month: 'short' } as const;
  return at.toLocaleString(language(), days > 8 ? day : { ...day, ...clock });
}

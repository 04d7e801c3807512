/** DNS: what the box publishes and why, the owner's own records, and what a registrar must be told. */
import { ask, askJson } from '../ask.ts';
import { Copy } from '../parts/copy.tsx';
import { Said } from '../parts/said.tsx';
import { useLoaded } from '../parts/use-loaded.ts';
import { Waiting } from '../parts/waiting.tsx';
import { dsOf, glueOf } from '../words/delegation.ts';
import { counted, filled, words } from '../words/spoken.ts';
import { CustomRecords } from './custom-records.tsx';
import { Registrar } from './registrar.tsx';
import { Secondaries } from './secondaries.tsx';

export function Dns() {
  const loaded = useLoaded(async () => {
    const [dump, custom, secondaries] = await Promise.all([
      askJson('GET /dns/dump'),
      askJson('GET /dns/custom'),
      askJson('GET /dns/secondary-nameserver'),
    ]);
    const zones = await Promise.all(
      dump.map(async ([zone, records]) => {
        // A zone that is served elsewhere or not built yet has no file.
        const file = await ask(`GET /dns/zonefile/${encodeURIComponent(zone)}`).catch(() => '');
        return { zone, records, ds: await dsOf(zone, file), glue: glueOf(zone, dump) };
      }),
    );
    return { zones, custom, secondaries: secondaries.hostnames };
  });
  if (loaded.data === undefined) return <Waiting of={loaded} />;
  const { zones, custom, secondaries } = loaded.data;
  const { dns: said } = words();
  return (
    <>
      <CustomRecords custom={custom} again={loaded.again} />
      <Secondaries entries={secondaries} again={loaded.again} />
      {zones.map(({ zone, records, ds, glue }) => (
        <section key={zone}>
          <h2>{zone}</h2>
          <Registrar zone={zone} ds={ds} glue={glue} />
          <details>
            <summary>
              <h3>{counted(said.records, records.length, { zone })}</h3>
            </summary>
            <ul class="rows records">
              {records.map((record) => (
                <li key={`${record.qname} ${record.rtype} ${record.value}`}>
                  <div class="what">
                    <strong>{record.qname}</strong> <span class="tag">{record.rtype}</span>
                    <code>{record.value}</code>
                    <p class="soft">
                      <Said told={record.explanation} />
                    </p>
                  </div>
                  <div class="buttons">
                    <Copy
                      text={record.value}
                      what={filled(said.ofName, { type: record.rtype, name: record.qname })}
                    />
                  </div>
                </li>
              ))}
            </ul>
          </details>
        </section>
      ))}
    </>
  );
}

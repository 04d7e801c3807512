/** The box's certificate, as far as the API tells of it: what the status check says. */
import { askJson } from '../ask.ts';
import { Copy } from '../parts/copy.tsx';
import { useLoaded } from '../parts/use-loaded.ts';
import { Waiting } from '../parts/waiting.tsx';
import { type Shown, statusGroups } from '../words/status-groups.ts';

export function Certificate() {
  const loaded = useLoaded(async () => {
    const lines = statusGroups(await askJson<Shown[]>('POST /system/status')).flatMap((group) => group.lines);
    return lines.flatMap(({ facts, ...line }) =>
      facts.filter(({ title }) => title === 'TLS certificate').map(({ found }) => ({ ...line, found })),
    );
  });
  if (loaded.data === undefined) return <Waiting of={loaded} />;
  return (
    <>
      <p>Mail programs, browsers and other mail servers recognise the box by it.</p>
      {loaded.data.map(({ found, remedies, state }) => {
        const fingerprint = /SHA-256 ([0-9A-F:]{95})/.exec(found)?.[1];
        return (
          <section key={found}>
            <dl class="pairs">
              <dt>State</dt>
              <dd>{found.replace(/, SHA-256 .*/, '')}</dd>
              {fingerprint && (
                <>
                  <dt>Fingerprint (SHA-256)</dt>
                  <dd>
                    <code>{fingerprint}</code> <Copy text={fingerprint} what="fingerprint" />
                  </dd>
                </>
              )}
            </dl>
            {remedies.map((remedy) => (
              <p key={remedy} class={state === 'ok' ? '' : 'problem'}>
                <strong>What to do:</strong> {remedy}
              </p>
            ))}
          </section>
        );
      })}
      <section>
        <h2>A self-signed certificate</h2>
        <p>
          Browsers and mail programs warn of it once. Before you tell one to trust it, compare the fingerprint
          that it shows with the one above. To install one of a certificate authority, log in by ssh:{' '}
          <code>box tls csr</code>.
        </p>
      </section>
    </>
  );
}

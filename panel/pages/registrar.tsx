/** The steps at a domain's registrar: name servers, their addresses, and the DS record. */
import { Copy } from '../parts/copy.tsx';
import type { Ds, Glue } from '../words/delegation.ts';

interface Props {
  readonly zone: string;
  readonly ds: readonly Ds[];
  readonly glue: readonly Glue[];
}

export function Registrar({ zone, ds, glue }: Props) {
  const below = glue.filter(
    ({ nameServer, addresses }) => nameServer.endsWith(`.${zone}`) && addresses.length > 0,
  );
  return (
    <details>
      <summary>
        <h3>At the registrar of {zone}</h3>
      </summary>
      <ol class="steps">
        <li>
          <p>
            <strong>Name servers.</strong> Send the world to this box: set these names as the domain’s name
            servers.
          </p>
          <ul class="plain">
            {glue.map(({ nameServer }) => (
              <Value key={nameServer} text={nameServer} what={nameServer} />
            ))}
          </ul>
        </li>
        <li>
          <p>
            <strong>Glue.</strong>{' '}
            {below.length === 0
              ? 'None is needed here: the name servers’ names are of another domain.'
              : 'The names are of this very domain, so the registrar must know their addresses too. It may call this “host records” or “private name servers”.'}
          </p>
          <ul class="plain">
            {below.flatMap(({ nameServer, addresses }) =>
              addresses.map((address) => (
                <Value
                  key={`${nameServer} ${address}`}
                  text={`${nameServer} ${address}`}
                  what={`glue of ${nameServer}`}
                />
              )),
            )}
          </ul>
        </li>
        <li>
          <p>
            <strong>DNSSEC.</strong>{' '}
            {ds.length === 0
              ? 'The zone is not served by this box yet; look at the status page.'
              : 'Give this DS record, when the name servers are set. Some registrars ask for its four numbers, some for the public key.'}
          </p>
          {ds.map(({ keyTag, algorithm, digestType, digest, publicKey }) => (
            <dl key={digest} class="pairs">
              <dt>DS record</dt>
              <dd>
                <code>{`${keyTag} ${algorithm} ${digestType} ${digest}`}</code>
                <Copy text={`${keyTag} ${algorithm} ${digestType} ${digest}`} what={`DS record of ${zone}`} />
              </dd>
              <dt>Key tag</dt>
              <dd>{keyTag}</dd>
              <dt>Algorithm</dt>
              <dd>{algorithm}</dd>
              <dt>Digest type</dt>
              <dd>{digestType} (SHA-256)</dd>
              <dt>Public key</dt>
              <dd>
                <code>{publicKey}</code>
                <Copy text={publicKey} what={`public key of ${zone}`} />
              </dd>
            </dl>
          ))}
          {ds.length > 1 && (
            <p>
              While a key is replaced there is more than one; <code>box dns rollover</code> says which is due.
            </p>
          )}
        </li>
        <li>
          <p>
            <strong>Wait and look.</strong> It takes up to two days until everybody sees it; the status page
            tells how far it is.
          </p>
        </li>
      </ol>
    </details>
  );
}

function Value({ text, what }: { text: string; what: string }) {
  return (
    <li>
      <code>{text}</code> <Copy text={text} what={what} />
    </li>
  );
}

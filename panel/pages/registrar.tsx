/** The steps at a domain's registrar: name servers, their addresses, and the DS record. */
import { Copy } from '../parts/copy.tsx';
import { Filled } from '../parts/filled.tsx';
import type { Ds, Glue } from '../words/delegation.ts';
import { filled, words } from '../words/spoken.ts';

interface Props {
  readonly zone: string;
  readonly ds: readonly Ds[];
  readonly glue: readonly Glue[];
}

export function Registrar({ zone, ds, glue }: Props) {
  const { dns: said } = words();
  const below = glue.filter(
    ({ nameServer, addresses }) => nameServer.endsWith(`.${zone}`) && addresses.length > 0,
  );
  return (
    <details>
      <summary>
        <h3>{filled(said.registrar, { zone })}</h3>
      </summary>
      <ol class="steps">
        <li>
          <p>
            <strong>{said.nameServers}</strong> {said.nameServersText}
          </p>
          <ul class="plain">
            {glue.map(({ nameServer }) => (
              <Value key={nameServer} text={nameServer} what={nameServer} />
            ))}
          </ul>
        </li>
        <li>
          <p>
            <strong>{said.glue}</strong> {below.length === 0 ? said.noGlue : said.glueText}
          </p>
          <ul class="plain">
            {below.flatMap(({ nameServer, addresses }) =>
              addresses.map((address) => (
                <Value
                  key={`${nameServer} ${address}`}
                  text={`${nameServer} ${address}`}
                  what={filled(said.glueOf, { name: nameServer })}
                />
              )),
            )}
          </ul>
        </li>
        <li>
          <p>
            <strong>{said.dnssec}</strong> {ds.length === 0 ? said.noDs : said.dsText}
          </p>
          {ds.map(({ keyTag, algorithm, digestType, digest, publicKey }) => (
            <dl key={digest} class="pairs">
              <dt>{said.ds}</dt>
              <dd>
                <code>{`${keyTag} ${algorithm} ${digestType} ${digest}`}</code>
                <Copy
                  text={`${keyTag} ${algorithm} ${digestType} ${digest}`}
                  what={filled(said.dsOf, { zone })}
                />
              </dd>
              <dt>{said.keyTag}</dt>
              <dd>{keyTag}</dd>
              <dt>{said.algorithm}</dt>
              <dd>{algorithm}</dd>
              <dt>{said.digestType}</dt>
              <dd>{digestType} (SHA-256)</dd>
              <dt>{said.publicKey}</dt>
              <dd>
                <code>{publicKey}</code>
                <Copy text={publicKey} what={filled(said.publicKeyOf, { zone })} />
              </dd>
            </dl>
          ))}
          {ds.length > 1 && (
            <p>
              <Filled text={said.several} holes={{ command: <code>box dns rollover</code> }} />
            </p>
          )}
        </li>
        <li>
          <p>
            <strong>{said.wait}</strong> {said.waitText}
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

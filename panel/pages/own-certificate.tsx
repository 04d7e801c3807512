/** A certificate that the owner gets by themselves: the request to send to an authority, and what came back. */
import { useState } from 'preact/hooks';
import { ask } from '../ask.ts';
import { say } from '../notice.ts';
import { Copy } from '../parts/copy.tsx';
import { Form } from '../parts/form.tsx';
import { words } from '../words/spoken.ts';

interface Props {
  /** The box's own name. */
  readonly hostname: string;
  readonly names: readonly string[];
  readonly changed: () => Promise<void>;
}

export function OwnCertificate({ hostname, names, changed }: Props) {
  const { certificate: said } = words();
  const [request, setRequest] = useState('');
  const [first = hostname] = names;
  return (
    <details>
      <summary>
        <h2>{said.elsewhere}</h2>
      </summary>
      <h3>{said.request}</h3>
      <p>{said.requestText}</p>
      <Form
        action={said.makeRequest}
        fields={[
          {
            name: 'domain',
            label: said.nameInIt,
            type: 'choice',
            choices: names,
            value: first,
            speaksOf: /./,
          },
        ]}
        submit={async ({ domain = first }) => {
          setRequest(await ask(`POST /ssl/csr/${encodeURIComponent(domain)}`, { form: { countrycode: '' } }));
          say(said.requestMade);
        }}
      />
      {request !== '' && (
        <div class="made">
          <pre id="request">{request}</pre>
          <Copy text={request} what={said.requestName} />
        </div>
      )}
      <h3>{said.install}</h3>
      <Form
        action={said.installAction}
        fields={[
          {
            name: 'cert',
            label: said.cert,
            type: 'lines',
            required: true,
            hint: said.certHint,
            speaksOf: /^(?!certificate [2-9]|no authority)/,
          },
          {
            name: 'chain',
            label: said.chain,
            type: 'lines',
            hint: said.chainHint,
            speaksOf: /^(certificate [2-9]|no authority)/,
          },
        ]}
        submit={async ({ cert = '', chain = '' }) => {
          await ask('POST /ssl/install', { form: { domain: hostname, cert, chain } });
          await changed();
          say(said.installed);
        }}
      />
    </details>
  );
}

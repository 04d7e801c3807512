/** A certificate that the owner gets by themselves: the request to send to an authority, and what came back. */
import { useState } from 'preact/hooks';
import { ask } from '../ask.ts';
import { say } from '../notice.ts';
import { Copy } from '../parts/copy.tsx';
import { Form } from '../parts/form.tsx';

interface Props {
  /** The box's own name. */
  readonly hostname: string;
  readonly names: readonly string[];
  readonly changed: () => Promise<void>;
}

export function OwnCertificate({ hostname, names, changed }: Props) {
  const [request, setRequest] = useState('');
  const [first = hostname] = names;
  return (
    <details>
      <summary>
        <h2>A certificate from elsewhere</h2>
      </summary>
      <h3>1. Make a request</h3>
      <p>It is for the box’s key and all of its names. Send it to an authority; it holds no secret.</p>
      <Form
        action="Make a request"
        fields={[
          {
            name: 'domain',
            label: 'Name that must be in it',
            type: 'choice',
            choices: names,
            value: first,
            speaksOf: /./,
          },
        ]}
        submit={async ({ domain = first }) => {
          setRequest(await ask(`POST /ssl/csr/${encodeURIComponent(domain)}`, { form: { countrycode: '' } }));
          say('Made a request. Copy it to the authority.');
        }}
      />
      {request !== '' && (
        <div class="made">
          <pre id="request">{request}</pre>
          <Copy text={request} what="request" />
        </div>
      )}
      <h3>2. Install what the authority sent</h3>
      <Form
        action="Install certificate"
        fields={[
          {
            name: 'cert',
            label: 'Certificate',
            type: 'lines',
            required: true,
            hint: 'In PEM: it begins with -----BEGIN CERTIFICATE-----.',
            speaksOf: /^(?!certificate [2-9]|no authority)/,
          },
          {
            name: 'chain',
            label: 'Certificates between it and the authority',
            type: 'lines',
            hint: 'One behind the other, each followed by its issuer.',
            speaksOf: /^(certificate [2-9]|no authority)/,
          },
        ]}
        submit={async ({ cert = '', chain = '' }) => {
          await ask('POST /ssl/install', { form: { domain: hostname, cert, chain } });
          await changed();
          say('The certificate is in service.');
        }}
      />
    </details>
  );
}

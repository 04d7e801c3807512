/** How a mail program gets at this box: servers, ports, and what they mean. */
import type { Me } from '../../contract/api.ts';
import { Copy } from '../parts/copy.tsx';
import { Filled } from '../parts/filled.tsx';
import { filled, words } from '../words/spoken.ts';

const rows = [
  { what: 'imap', port: 993, security: 'SSL/TLS' },
  { what: 'smtp', port: 465, security: 'SSL/TLS' },
  { what: 'submission', port: 587, security: 'STARTTLS' },
  { what: 'pop3', port: 995, security: 'SSL/TLS' },
  { what: 'sieve', port: 4190, security: 'STARTTLS' },
] as const;

export function MailGuide({ me }: { readonly me: Me }) {
  const { guide: said } = words();
  const host = me.hostname;
  return (
    <>
      {me.webmail && (
        <p>
          <Filled text={said.byBrowser} holes={{ link: <a href="/mail/">{said.byBrowserLink}</a> }} />
        </p>
      )}
      <p>{said.lead}</p>
      <section>
        <dl class="pairs">
          <dt>{said.server}</dt>
          <dd>
            <code>{host}</code> <Copy text={host} what={said.serverName} />
          </dd>
          <dt>{said.user}</dt>
          <dd>
            <code>{me.email}</code> <Copy text={me.email} what={said.userName} /> {said.userText}
          </dd>
          <dt>{said.password}</dt>
          <dd>
            <Filled text={said.passwordText} holes={{ link: <a href="#/account">{said.appPassword}</a> }} />
          </dd>
        </dl>
        <ul class="rows">
          {rows.map(({ what, port, security }) => (
            <li key={port}>
              <div class="what">
                <strong>{said.rows[what]}</strong>
                <p>{filled(said.port, { port, security })}</p>
              </div>
            </li>
          ))}
        </ul>
      </section>
      <section>
        <h2>{said.byThemselves}</h2>
        <ul>
          <li>{said.thunderbird}</li>
          <li>{said.outlook}</li>
          <li>
            <Filled
              text={said.apple}
              holes={{ link: <a href="/mailinabox.mobileconfig">{said.appleLink}</a> }}
            />
          </li>
        </ul>
      </section>
      <section>
        <h2>{said.goodToKnow}</h2>
        <ul>
          <li>{said.encrypted}</li>
          <li>{said.sender}</li>
          <li>{said.spam}</li>
        </ul>
      </section>
    </>
  );
}

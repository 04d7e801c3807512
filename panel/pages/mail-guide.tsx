/** How a mail program gets at this box: servers, ports, and what they mean. */
import type { Me } from '../../contract/api.ts';
import { Copy } from '../parts/copy.tsx';

const rows = [
  { what: 'Incoming mail (IMAP)', port: 993, security: 'SSL/TLS' },
  { what: 'Outgoing mail (SMTP)', port: 465, security: 'SSL/TLS' },
  { what: 'Outgoing mail, where 465 is not offered', port: 587, security: 'STARTTLS' },
  { what: 'Incoming mail (POP3), which takes it off the box', port: 995, security: 'SSL/TLS' },
  { what: 'Filters (ManageSieve)', port: 4190, security: 'STARTTLS' },
];

export function MailGuide({ me }: { readonly me: Me }) {
  const host = me.hostname;
  return (
    <>
      {me.webmail && (
        <p>
          Without any program: <a href="/mail/">read and write mail in the browser</a>, with the same address
          and password.
        </p>
      )}
      <p>Most programs ask for the address and the password alone. One that wants to know more gets this:</p>
      <section>
        <dl class="pairs">
          <dt>Server, for everything</dt>
          <dd>
            <code>{host}</code> <Copy text={host} what="server name" />
          </dd>
          <dt>User name</dt>
          <dd>
            <code>{me.email}</code> <Copy text={me.email} what="user name" /> (the whole address, each user
            their own)
          </dd>
          <dt>Password</dt>
          <dd>
            that of the account, or an <a href="#/account">app password</a>; “normal password” where a kind is
            asked for
          </dd>
        </dl>
        <ul class="rows">
          {rows.map(({ what, port, security }) => (
            <li key={port}>
              <div class="what">
                <strong>{what}</strong>
                <p>
                  Port {port}, {security}
                </p>
              </div>
            </li>
          ))}
        </ul>
      </section>
      <section>
        <h2>Programs that set themselves up</h2>
        <ul>
          <li>
            Thunderbird: “Set up an existing email account”, with name, address and password. It finds the
            rest by itself.
          </li>
          <li>Outlook: “Add account”, with the address. It finds the rest by itself.</li>
          <li>
            iPhone, iPad and Mac: <a href="/mailinabox.mobileconfig">load the profile</a>, then open the
            system’s settings and install it. It is signed by this box, holds no password, and asks for
            address and password.
          </li>
        </ul>
      </section>
      <section>
        <h2>Good to know</h2>
        <ul>
          <li>
            Log-ins work over encrypted connections only. A program that offers “none” for security can’t be
            used.
          </li>
          <li>Mail is sent under your own address, or under an alias that you may send as.</li>
          <li>
            What the filter takes for spam is in the folder Spam. Move mail in or out of it: the box learns
            from that.
          </li>
        </ul>
      </section>
    </>
  );
}

/** What Outlook and telephones are answered (MS-OXDSCLI, MS-ASCMD), for any address alike: it tells nobody which exist. Pure. */
import type { AutodiscoverRequest } from './autodiscover-request.ts';
import { type MailService, offeredServices, type Servers } from './servers.ts';
import { element, type Xml, xmlDocument } from './xml.ts';

const base = 'http://schemas.microsoft.com/exchange/autodiscover';
const outlook = `${base}/outlook/responseschema/2006a`;
const mobileSync = `${base}/mobilesync/responseschema/2006`;

export const activeSyncUrl = (hostname: string) => `https://${hostname}/Microsoft-Server-ActiveSync`;

export function autodiscover(servers: Servers, { email, schema }: AutodiscoverRequest): string {
  if (schema === outlook) return answer(outlook, mailAnswer(servers, email));
  if (schema === mobileSync && servers.groupware) return answer(mobileSync, syncAnswer(servers, email));
  return answer(`${base}/responseschema/2006`, refusal(601, 'Provider is not available'));
}

/** For a request that can't be read. */
export const autodiscoverRefusal = () =>
  answer(`${base}/responseschema/2006`, refusal(600, 'Invalid Request'));

function answer(schema: string, content: Xml): string {
  return xmlDocument(
    element('Autodiscover', [element('Response', content, { xmlns: schema })], {
      xmlns: `${base}/responseschema/2006`,
    }),
  );
}

function mailAnswer(servers: Servers, email: string): Xml {
  const { hostname } = servers;
  return [
    element('User', [element('DisplayName', email)]),
    element('Account', [
      element('AccountType', 'email'),
      element('Action', 'settings'),
      // Each protocol once: Outlook tries the first of a kind, and asks about no other.
      ...['imap', 'pop3', 'smtp'].flatMap((kind) => {
        const service = offeredServices(servers).find(({ protocol }) => protocol === kind);
        return service === undefined ? [] : [protocol(service, hostname, email)];
      }),
    ]),
  ];
}

function protocol({ protocol: kind, port, starttls }: MailService, hostname: string, email: string): Xml {
  const smtp = kind === 'smtp';
  return element('Protocol', [
    element('Type', kind.toUpperCase()),
    element('Server', hostname),
    element('Port', String(port)),
    element('DomainRequired', 'off'),
    element('LoginName', email),
    element('SPA', 'off'),
    element('SSL', 'on'),
    ...(smtp ? [element('Encryption', starttls ? 'TLS' : 'SSL')] : []),
    element('AuthRequired', 'on'),
    ...(smtp ? [element('UsePOPAuth', 'on'), element('SMTPLast', 'off')] : []),
  ]);
}

function syncAnswer({ hostname }: Servers, email: string): Xml {
  const url = activeSyncUrl(hostname);
  return [
    element('Culture', 'en:us'),
    element('User', [element('DisplayName', email), element('EMailAddress', email)]),
    element('Action', [
      element('Settings', [
        element('Server', [element('Type', 'MobileSync'), element('Url', url), element('Name', url)]),
      ]),
    ]),
  ];
}

function refusal(code: 600 | 601, message: string): Xml {
  return [
    element('Error', [element('ErrorCode', String(code)), element('Message', message), element('DebugData')]),
  ];
}

/** The newer form, which asks for one protocol by name. Undefined: there is none of that name here. */
export function autodiscoverUrl({ hostname, groupware }: Servers, protocol: string): string | undefined {
  switch (protocol.toLowerCase()) {
    case 'autodiscoverv1':
      return `https://${hostname}/autodiscover/autodiscover.xml`;
    case 'activesync':
      return groupware ? activeSyncUrl(hostname) : undefined;
    default:
      return undefined;
  }
}

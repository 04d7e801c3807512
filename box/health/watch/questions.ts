/** What each service is there for, as a question that one that lives answers and one that hangs does not. Pure. */
import type { Image, Port } from '../../../contract/settings.ts';
import type { Address, Question } from '../../machine/machine.ts';
import { paths } from '../../machine/paths.ts';

export interface Asked {
  readonly service: string;
  readonly question: Question;
}

type Words = Omit<Question, 'at'>;

const greeting: Words = { hear: /^220[ -]/ };
const http: Words = { say: 'GET / HTTP/1.0\r\n\r\n', hear: /^HTTP\/1/ };
/** The root's SOA by TCP, not for recursion: whatever is said to that, a refusal too, is an answer. */
const dns: Words = {
  say: '\0\x11\x4c\x42\0\0\0\x01\0\0\0\0\0\0\0\0\x06\0\x01',
  hear: /^..\x4c\x42/s,
};
/** The milter protocol's first packet, of version 6, with all that a mail server may offer. */
const milter: Words = {
  say: '\0\0\0\x0dO\0\0\0\x06\0\0\x01\xff\0\x1f\xff\xff',
  hear: /^.{4}O/s,
};
const policy = [
  'request=smtpd_access_policy',
  'protocol_state=RCPT',
  'protocol_name=ESMTP',
  'client_address=127.0.0.1',
  'client_name=localhost',
  'sender=watch@localhost',
  'recipient=watch@localhost',
];

/** By the port's name (`ports` of each role). One that is not here is not asked: it is another's door, or ends by itself. */
const words: Readonly<Record<string, Words>> = {
  domain: dns,
  'dkim-milter': milter,
  'dmarc-milter': milter,
  'senders-milter': milter,
  postgrey: { say: `${policy.join('\n')}\n\n`, hear: /^action=/ },
  imaps: { tls: true, hear: /^\* OK/ },
  pop3s: { tls: true, hear: /^\+OK/ },
  sieve: { hear: /^"IMPLEMENTATION"/ },
  lmtp: greeting,
  spampd: greeting,
  // A table that it does not have: it needs to ask nobody.
  'outbound-tls': { say: '7:watch x,', hear: /^\d+:PERM/ },
  smtpd: greeting,
  submission: greeting,
  submissions: { tls: true, ...greeting },
  sogo: http,
  http,
  https: { tls: true, ...http },
};

/** The version of FastCGI, and a record's type. */
const getValuesResult = new RegExp(`^${String.fromCharCode(1, 10)}`);

/** Those without a port. FastCGI's question for its own limits (GET_VALUES) is answered without a script. */
const sockets: Readonly<Record<string, { readonly path: string } & Words>> = {
  'box-keeper': { path: paths.keeperSocket, say: '{}\n', hear: /^\{.*\}\n/s },
  'box-panel': { path: paths.panelSocket, ...http },
  'box-webmail': {
    path: paths.webmailSocket,
    say: '\x01\x09\0\0\0\x11\0\0\x0f\0FCGI_MPXS_CONNS',
    hear: getValuesResult,
  },
};

/** Who is silent because another one is: that one is started anew, and not this. */
export const leansOn: Readonly<Record<string, string>> = { spampd: 'dovecot' };

/** @param addresses of the machine: a server of its own zones does not listen at loopback, where the resolver is */
export function questionsOf(image: Image, addresses: readonly Address[]): Asked[] {
  const outside = addresses.find(({ address }) => !/^fe80:/i.test(address))?.address;
  const ports = image.ports.flatMap(({ service, ...port }): Asked[] => {
    const said = words[port.name];
    if (said === undefined || service === undefined || port.protocol !== 'tcp') return [];
    const host = hostOf(port, outside);
    if (host === undefined) return [];
    return [{ service, question: { at: { port: port.port, host }, ...said } }];
  });
  const others = image.services.flatMap((service): Asked[] => {
    const found = sockets[service];
    if (found === undefined) return [];
    const { path, ...said } = found;
    return [{ service, question: { at: { path }, ...said } }];
  });
  return [...ports, ...others];
}

const hostOf = (port: Omit<Port, 'service'>, outside: string | undefined) =>
  port.name === 'domain' && port.public ? outside : '127.0.0.1';

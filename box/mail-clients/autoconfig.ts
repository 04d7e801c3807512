/** Thunderbird's autoconfig: one document for every address of the box, since the program puts the address in by itself. Pure. */
import type { File } from '../machine/machine.ts';
import { paths } from '../machine/paths.ts';
import { type MailService, offeredServices, type Servers } from './servers.ts';
import { element, xmlDocument } from './xml.ts';

const address = '%EMAILADDRESS%';

export function autoconfigFile(servers: Servers): File {
  return { path: paths.autoconfig, mode: 0o644, text: autoconfig(servers) };
}

export function autoconfig(servers: Servers): string {
  const { hostname, groupware } = servers;
  const provider = element(
    'emailProvider',
    [
      element('domain', hostname),
      element('displayName', address),
      element('displayShortName', hostname),
      ...offeredServices(servers).map((service) => server(service, hostname)),
    ],
    { id: hostname },
  );
  const dav = groupware
    ? [personal('addressbook', 'carddav', hostname), personal('calendar', 'caldav', hostname)]
    : [];
  return xmlDocument(element('clientConfig', [provider, ...dav], { version: '1.1' }));
}

function server({ protocol, port, starttls }: MailService, hostname: string) {
  return element(
    protocol === 'smtp' ? 'outgoingServer' : 'incomingServer',
    [
      element('hostname', hostname),
      element('port', String(port)),
      element('socketType', starttls ? 'STARTTLS' : 'SSL'),
      element('username', address),
      element('authentication', 'password-cleartext'),
    ],
    { type: protocol },
  );
}

/** RFC 6764 leads from there to where they are. */
function personal(name: string, type: 'carddav' | 'caldav', hostname: string) {
  return element(
    name,
    [
      element('username', address),
      element('authentication', 'basic', { system: 'http' }),
      element('serverURL', `https://${hostname}/.well-known/${type}`),
    ],
    { type },
  );
}

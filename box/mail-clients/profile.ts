/** Apple's profile (.mobileconfig): a mail account, and calendars where there are some. It holds no password. Pure. */
import { createHash } from 'node:crypto';
import { offeredServices, type Servers } from './servers.ts';
import { element, type Xml, xmlDocument } from './xml.ts';

type Value = string | number | boolean | readonly Value[] | { readonly [key: string]: Value };

const doctype =
  '<!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd">';

/** @param email whose it is; absent: the telephone asks */
export function mailProfile(servers: Servers, email?: string): string {
  const { hostname, groupware } = servers;
  const parts = [mail(servers, email), ...(groupware ? dav(hostname, email) : [])];
  const root = {
    PayloadContent: parts,
    PayloadDescription: `Sets up mail at ${hostname}.`,
    PayloadDisplayName: email ?? hostname,
    PayloadOrganization: hostname,
    PayloadRemovalDisallowed: false,
    ...payload('Configuration', 'profile', hostname, email),
  };
  return xmlDocument(element('plist', plist(root), { version: '1.0' }), doctype);
}

function mail(servers: Servers, email?: string): Value {
  const { hostname } = servers;
  const offered = offeredServices(servers);
  const incoming = offered.find(({ protocol }) => protocol !== 'smtp');
  const outgoing = offered.find(({ protocol }) => protocol === 'smtp');
  const person = (key: string): Record<string, Value> => (email === undefined ? {} : { [key]: email });
  return {
    EmailAccountDescription: email ?? hostname,
    EmailAccountType: incoming?.protocol === 'pop3' ? 'EmailTypePOP' : 'EmailTypeIMAP',
    ...person('EmailAddress'),
    IncomingMailServerAuthentication: 'EmailAuthPassword',
    IncomingMailServerHostName: hostname,
    IncomingMailServerPortNumber: incoming?.port ?? 993,
    IncomingMailServerUseSSL: true,
    ...person('IncomingMailServerUsername'),
    OutgoingMailServerAuthentication: 'EmailAuthPassword',
    OutgoingMailServerHostName: hostname,
    OutgoingMailServerPortNumber: outgoing?.port ?? 465,
    OutgoingMailServerUseSSL: true,
    ...person('OutgoingMailServerUsername'),
    OutgoingPasswordSameAsIncomingPassword: true,
    PayloadDisplayName: 'Mail',
    ...payload('com.apple.mail.managed', 'mail', hostname, email),
  };
}

function dav(hostname: string, email?: string): Value[] {
  const account = (name: 'CalDAV' | 'CardDAV', words: string): Value => ({
    [`${name}AccountDescription`]: email ?? hostname,
    [`${name}HostName`]: hostname,
    [`${name}Port`]: 443,
    [`${name}UseSSL`]: true,
    ...(email === undefined ? {} : { [`${name}Username`]: email }),
    PayloadDisplayName: words,
    ...payload(`com.apple.${name.toLowerCase()}.account`, name.toLowerCase(), hostname, email),
  });
  return [account('CalDAV', 'Calendars'), account('CardDAV', 'Contacts')];
}

/** The same at each download, so that a profile that is loaded again takes the place of the one before. */
function payload(type: string, part: string, hostname: string, email = ''): Record<string, Value> {
  const digest = createHash('sha256').update(`${hostname}\n${email}\n${part}`).digest('hex');
  const person = email === '' ? [] : [digest.slice(32, 44)];
  return {
    PayloadIdentifier: [...hostname.split('.').reverse(), 'letterbox', part, ...person].join('.'),
    PayloadType: type,
    PayloadUUID: uuid(digest),
    PayloadVersion: 1,
  };
}

/** RFC 9562, section 5.8: a version for numbers made in a way of one's own. */
function uuid(digest: string): string {
  const variant = ((Number.parseInt(digest.slice(16, 17), 16) & 3) | 8).toString(16);
  const hex = `${digest.slice(0, 12)}8${digest.slice(13, 16)}${variant}${digest.slice(17, 32)}`;
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5').toUpperCase();
}

function plist(value: Value): Xml {
  if (typeof value === 'string') return element('string', value);
  if (typeof value === 'number') return element('integer', String(value));
  if (typeof value === 'boolean') return element(String(value));
  if (Array.isArray(value)) return element('array', (value as readonly Value[]).map(plist));
  return element(
    'dict',
    Object.entries(value).flatMap(([key, each]) => [element('key', key), plist(each)]),
  );
}

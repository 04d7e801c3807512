/** Every record of every zone of the box, each with the sentence that explains it. Pure: facts in, zones out. */
import { reportAddress } from '../mail/report-address.ts';
import { acceptCustom } from './conflicts.ts';
import { Draft } from './draft.ts';
import { leadsElsewhere } from './exchangers.ts';
import { noMail } from './reasons.ts';
import { byName, type CustomRecord, type DnsRecord, type RecordType, zoneOf } from './record.ts';
import { type Secondary, takeSecondaries } from './secondaries.ts';
import type { DnsFacts, Zones } from './zones.ts';

/** The topmost of the box's domains: a domain below another lies in the other's zone. */
export function zoneNames({ hostname, mailDomains }: Pick<DnsFacts, 'hostname' | 'mailDomains'>): string[] {
  const all = new Set([hostname, ...mailDomains]);
  return [...all].filter((name) => zoneOf(name.slice(name.indexOf('.') + 1), all) === undefined).sort();
}

/** Those that the zones name, the box's first. The owner's secondaries take the place of its second name. */
export function nameServers(hostname: string, secondaries: readonly Secondary[]): string[] {
  const others = secondaries.flatMap(({ host }) => host ?? []);
  return others.length > 0 ? [firstServer(hostname), ...others] : ownServers(hostname);
}

/** Both lead to the box: registrars ask for two, and whoever has learnt the second still finds it. */
const ownServers = (hostname: string) => [firstServer(hostname), `ns2.${hostname}`];
export const firstServer = (hostname: string) => `ns1.${hostname}`;

/** All zones and all that stands in them. */
export function makeZones(facts: DnsFacts): Zones {
  const names = zoneNames(facts);
  const served = names.filter((name) => facts.external !== 'all' && !facts.external.includes(name));
  const { secondaries, refused: notSecondary, records: custom } = takeSecondaries(facts.custom);
  const servers = served.length === 0 ? [] : ownServers(facts.hostname);
  const named = nameServers(facts.hostname, secondaries);
  const fixed = [...served.flatMap((name) => apexRecords(name, named)), ...ownRecords(facts)];
  const needed = [...names, ...facts.mailDomains, facts.hostname, ...servers];
  const { accepted, refused } = acceptCustom({ ...facts, custom }, names, fixed, needed);
  const draft = new Draft(fixed, accepted);
  for (const domain of sorted(facts.mailDomains)) addMail(draft, domain, facts);
  for (const domain of sorted(facts.userDomains)) addClients(draft, domain, facts);
  for (const name of servers)
    addAddresses(draft, name, facts, 'The name servers of the box’s zones are the box itself.');
  for (const zone of names) {
    addAddresses(draft, `www.${zone}`, facts, 'Leads people who type www to the box’s web server.');
  }
  for (const { name, value } of facts.challenges ?? []) {
    draft.add(name, 'TXT', value, 'Proves to a certificate authority that the name is the box’s (ACME).');
  }
  addNoMail(draft);
  const inZone = new Map(names.map((name) => [name, [] as DnsRecord[]]));
  for (const record of draft.records) inZone.get(zoneOf(record.name, inZone) ?? '')?.push(record);
  const isServed = new Set(served);
  const zones = [...inZone].map(([name, records]) => ({
    name,
    records: records.sort(inOrder),
    served: isServed.has(name),
  }));
  return { zones, refused: [...notSecondary, ...refused], secondaries };
}

function apexRecords(zone: string, servers: readonly string[]): DnsRecord[] {
  return servers.map((server) => ({
    name: zone,
    type: 'NS',
    value: `${server}.`,
    why: 'Names the servers that answer for this zone.',
  }));
}

/** What the box says of itself, and its owner can't change: a wrong one would stop mail. */
function ownRecords({
  hostname,
  ipv4,
  ipv6,
  ports,
  tlsKeySha256,
  otherTlsKeys = [],
  sshHostKeys,
}: DnsFacts): DnsRecord[] {
  const records: DnsRecord[] = [];
  const add = (name: string, type: RecordType, value: string, why: string) =>
    records.push({ name, type, value, why });
  if (ipv4 !== undefined) add(hostname, 'A', ipv4, 'The IPv4 address of the box. Everything needs it.');
  if (ipv6 !== undefined) add(hostname, 'AAAA', ipv6, 'The IPv6 address of the box.');
  if (tlsKeySha256 !== undefined) {
    for (const port of ports.filter((port) => port in daneWhy)) {
      const name = `_${port}._tcp.${hostname}`;
      add(name, 'TLSA', `3 1 1 ${tlsKeySha256}`, daneWhy[port] as string);
      for (const other of otherTlsKeys) add(name, 'TLSA', `3 1 1 ${other}`, changing);
    }
  }
  for (const value of sshHostKeys) {
    add(hostname, 'SSHFP', value, 'Lets ssh verify the box’s host key: ssh -o VerifyHostKeyDNS=yes.');
  }
  return records;
}

const changing = 'The same for the key before or after it, while the box changes its key (box tls new-key).';
const pinned = 'Pins the box’s TLS key for';
/** The ports that speak TLS, at once or after STARTTLS. */
const daneWhy: Readonly<Record<number, string>> = {
  25: 'Makes other mail servers encrypt, and deliver to this box’s key alone (DANE).',
  443: `${pinned} https.`,
  465: `${pinned} sending mail over TLS.`,
  587: `${pinned} sending mail with STARTTLS.`,
  993: `${pinned} reading mail by IMAP.`,
  995: `${pinned} fetching mail by POP3.`,
};

function addMail(draft: Draft, domain: string, facts: DnsFacts): void {
  const { hostname, dkim } = facts;
  addAddresses(draft, domain, facts, 'Where the domain’s web pages are. Mail does not need it.');
  const text = (name: string, value: string, why: string) => {
    const start = /^v=\w+/.exec(value)?.[0] ?? value;
    if (!draft.has(name, 'TXT', start)) draft.add(name, 'TXT', value, why);
  };
  const exchangers = draft.valuesOf(domain, 'MX');
  const isElsewhere = leadsElsewhere(exchangers, hostname);
  if (!isElsewhere && !exchangers.some((value) => value.endsWith(` ${hostname}.`)))
    draft.add(domain, 'MX', `10 ${hostname}.`, 'Mail to the domain goes to the box.');
  const senders = isElsewhere ? `${exchangers.includes('0 .') ? '' : 'mx '}a:${hostname}` : 'mx';
  text(domain, `v=spf1 ${senders} -all`, 'Only the box may send mail of this domain (SPF).');
  for (const { selector, text: key } of dkim) {
    // A key needs no version (RFC 6376, section 3.6.1), and of two keys nobody knows which counts.
    const name = `${selector}._domainkey.${domain}`;
    if (draft.valuesOf(name, 'TXT').some((value) => /(^|;)\s*p\s*=/.test(value))) continue;
    text(
      `${selector}._domainkey.${domain}`,
      key,
      'The key by which others verify the signatures of the box’s mail (DKIM).',
    );
  }
  text(
    `_dmarc.${domain}`,
    `v=DMARC1; p=quarantine; rua=mailto:${reportAddress(hostname)}`,
    'Mail that pretends to be of this domain, and is neither signed nor sent by the box, is suspect; who sees some reports it (DMARC).',
  );
  if (reportsElsewhere(domain, hostname))
    text(
      `${domain}._report._dmarc.${hostname}`,
      'v=DMARC1',
      `The box takes the reports about ${domain}: without this, nobody may send them to another domain (DMARC).`,
    );
  text(
    `_smtp._tls.${domain}`,
    `v=TLSRPTv1; rua=mailto:${reportAddress(hostname)}`,
    'Where other mail servers report that they could not encrypt as DANE or MTA-STS wants (TLSRPT).',
  );
  const policyHost = `mta-sts.${domain}`;
  addAddresses(draft, policyHost, facts, 'The host of the domain’s MTA-STS policy.');
  // The policy names the box alone: who heeds it would bring no mail to the owner's own servers.
  if (!isElsewhere && facts.certified.includes(hostname) && facts.certified.includes(policyHost)) {
    text(
      `_mta-sts.${domain}`,
      `v=STSv1; id=${facts.mtaStsId}`,
      'Mail servers without DANE find here that they must encrypt (MTA-STS).',
    );
  }
  if (domain === hostname && facts.authority !== undefined && !draft.has(domain, 'CAA')) {
    draft.add(
      domain,
      'CAA',
      `0 issue "${facts.authority}"`,
      'Only this authority may issue certificates for the box’s own name.',
    );
  }
}

/**
 * RFC 7489, section 7.1: who is not of one organisation must agree to be sent its reports. Which names are of one is known from lists;
 * of a name and those below it everybody knows it, and beside others the record does no harm.
 */
const reportsElsewhere = (domain: string, hostname: string) =>
  domain !== hostname && !hostname.endsWith(`.${domain}`) && !domain.endsWith(`.${hostname}`);

/** What mail programs look for when somebody types an address. */
function addClients(draft: Draft, domain: string, facts: DnsFacts): void {
  const { hostname, ports, dav } = facts;
  addAddresses(
    draft,
    `autoconfig.${domain}`,
    facts,
    'Where Thunderbird looks for the settings of a mailbox.',
  );
  addAddresses(
    draft,
    `autodiscover.${domain}`,
    facts,
    'Where Outlook and phones look for the settings of a mailbox.',
  );
  const services = [
    { label: '_imaps', port: 993, priority: 0, offered: true, why: 'Reading mail (RFC 6186).' },
    { label: '_pop3s', port: 995, priority: 10, offered: true, why: 'Fetching mail, after IMAP (RFC 6186).' },
    {
      label: '_submissions',
      port: 465,
      priority: 0,
      offered: true,
      why: 'Sending mail over TLS (RFC 8314).',
    },
    {
      label: '_submission',
      port: 587,
      priority: 0,
      offered: true,
      why: 'Sending mail with STARTTLS (RFC 6186).',
    },
    { label: '_sieve', port: 4190, priority: 0, offered: true, why: 'Editing filters (RFC 5804).' },
    {
      label: '_autodiscover',
      port: 443,
      priority: 0,
      offered: true,
      why: 'Where Outlook finds settings under a name that has a certificate.',
    },
    { label: '_carddavs', port: 443, priority: 0, offered: dav, why: 'Address books (RFC 6764).' },
    { label: '_caldavs', port: 443, priority: 0, offered: dav, why: 'Calendars (RFC 6764).' },
  ];
  for (const { label, port, priority, offered, why } of services) {
    const name = `${label}._tcp.${domain}`;
    if (!offered || !ports.includes(port) || draft.has(name, 'SRV')) continue;
    draft.add(name, 'SRV', `${priority} 1 ${port} ${hostname}.`, why);
  }
}

/** A and AAAA as defaults. An A of the owner's alone leads elsewhere, so no AAAA of the box's goes beside it. */
function addAddresses(draft: Draft, name: string, { ipv4, ipv6 }: DnsFacts, why: string): void {
  if (draft.has(name, 'A')) return;
  const six = draft.has(name, 'AAAA');
  if (ipv4 !== undefined) draft.add(name, 'A', ipv4, why);
  if (ipv6 !== undefined && !six) draft.add(name, 'AAAA', ipv6, why);
}

/** A name that has an address but takes no mail says so, and that it sends none. */
function addNoMail(draft: Draft): void {
  const hosts = draft.records.filter(({ type }) => type === 'A' || type === 'AAAA').map(({ name }) => name);
  for (const name of sorted([...new Set(hosts)].filter((host) => !draft.has(host, 'MX')))) {
    draft.add(name, 'MX', '0 .', noMail.mx);
    if (!draft.has(name, 'TXT', 'v=spf1')) draft.add(name, 'TXT', 'v=spf1 -all', noMail.spf);
    const policy = `_dmarc.${name}`;
    // Below a wildcard there is no name to ask for.
    if (name.startsWith('*.') || draft.has(policy, 'TXT', 'v=DMARC1')) continue;
    draft.add(policy, 'TXT', 'v=DMARC1; p=reject;', noMail.dmarc);
  }
}

const sorted = (names: readonly string[]) => [...names].sort(byName);

function inOrder(a: CustomRecord, b: CustomRecord): number {
  const [x, y] = [a, b].map(({ type, value }) => `${type} ${value}`) as [string, string];
  return byName(a.name, b.name) || (x < y ? -1 : 1);
}

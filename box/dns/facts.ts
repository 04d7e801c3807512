/** Gathers what the zones follow from: settings, image, accounts, keys, addresses, custom records. */
import { createHash } from 'node:crypto';
import { hostnamePattern, type Image, publicPorts } from '../../contract/settings.ts';
import { readRecordFile, readSelectors, recordText } from '../keys/dkim/selectors.ts';
import { covers, isSelfSigned, readCertificate } from '../keys/tls/certificate.ts';
import { otherTlsKeys } from '../keys/tls/change.ts';
import { keyHash, readKey } from '../keys/tls/private-key.ts';
import { isTrusted } from '../keys/tls/trust.ts';
import type { Box } from '../machine/box.ts';
import { Failure } from '../machine/failure.ts';
import type { File } from '../machine/machine.ts';
import { paths } from '../machine/paths.ts';
import { domainOf } from '../mail/address.ts';
import { mailDomains } from '../mail/required-aliases.ts';
import { readMailData } from '../mail/users.ts';
import { published } from './addresses.ts';
import { namesFor } from './certificate-names.ts';
import { readRecords } from './challenges.ts';
import { readCustom, type Written } from './custom.ts';
import { policyId } from './mta-sts.ts';
import { toldAddresses } from './told-addresses.ts';
import type { DnsFacts } from './zones.ts';

/** @param custom the owner's records, read before */
export async function gatherFacts(box: Box, image: Image, custom: readonly Written[]): Promise<DnsFacts> {
  const { machine, settings } = box;
  const { hostname } = settings;
  const data = await readMailData(machine);
  // A restored table may hold what is no domain: it has no zone, and no other zone waits for it.
  const domains = mailDomains(hostname, data).filter((domain) => hostnamePattern.test(domain));
  const people = new Set(data.users.map(({ email }) => domainOf(email)));
  const addresses = machine.addresses();
  const told = await toldAddresses(box);
  const ipv4 = published(4, told.ipv4, addresses);
  const ipv6 = published(6, told.ipv6, addresses);
  const tlsKey = await readKey(machine, paths.tlsKey);
  const sha256 = tlsKey && keyHash(tlsKey);
  return {
    hostname,
    ...(ipv4 === undefined ? {} : { ipv4 }),
    ...(ipv6 === undefined ? {} : { ipv6 }),
    mailDomains: domains,
    userDomains: domains.filter((domain) => people.has(domain)),
    ports: publicPorts(image, 'tcp'),
    ...(sha256 === undefined ? {} : { tlsKeySha256: sha256 }),
    otherTlsKeys: await otherTlsKeys(machine, sha256),
    challenges: await readRecords(machine),
    ...authorityOf(settings),
    dkim: await dkimRecords(box),
    sshHostKeys: await sshHostKeys(box),
    certified: await certified(box, namesFor(hostname, domains)),
    mtaStsId: policyId(hostname),
    dav: image.roles.includes('groupware'),
    external: settings.dns?.mode === 'external' ? 'all' : (settings.dns?.external ?? []),
    custom,
  };
}

/** The owner's records; of a file that can't be read, those that were read last, and why. `last` remembers them. */
export async function readOwners({ machine }: Pick<Box, 'machine'>): Promise<Owners> {
  const text = await machine.read(paths.customRecords);
  const lastText = await machine.read(paths.lastCustomRecords);
  const last = lastText === undefined ? { of: '', custom: [] } : readLast(lastText);
  if (text === undefined) return { custom: [], last: lastFile({ of: '', custom: [] }) };
  const of = createHash('sha256').update(text).digest('hex');
  // Reading YAML of many thousand records takes longer than all else that a look at unchanged zones does.
  if (last.of === of) return { custom: last.custom, last: lastFile(last) };
  try {
    const custom = await readCustom(text);
    return { custom, last: lastFile({ of, custom }) };
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    return { custom: last.custom, last: lastFile(last), problem: error };
  }
}

/** One a selector: while the key is being replaced there are two. */
async function dkimRecords({ machine }: Box): Promise<DnsFacts['dkim']> {
  const records: { selector: string; text: string }[] = [];
  for (const selector of (await readSelectors(machine)).published) {
    const file = await readRecordFile(machine, selector);
    if (file !== undefined) records.push({ selector, text: recordText(file) });
  }
  return records;
}

export interface Owners {
  readonly custom: readonly Written[];
  readonly last: File;
  readonly problem?: Failure;
}

/** What was read last, and the hash of the text that it was read of. */
interface Last {
  readonly of: string;
  readonly custom: readonly Written[];
}

function readLast(text: string): Last {
  const found = JSON.parse(text) as Last | Written[];
  // An earlier box program wrote the records alone.
  return Array.isArray(found) ? { of: '', custom: found } : found;
}

function lastFile(last: Last): File {
  return { path: paths.lastCustomRecords, mode: 0o600, text: `${JSON.stringify(last)}\n` };
}

/** SSHFP values of the machine's host keys, SHA-256 (RFC 4255, RFC 6594, RFC 7479). */
async function sshHostKeys({ machine }: Box): Promise<string[]> {
  const algorithms: Readonly<Record<string, number>> = {
    'ssh-rsa': 1,
    'ssh-dss': 2,
    'ecdsa-sha2-nistp256': 3,
    'ecdsa-sha2-nistp384': 3,
    'ecdsa-sha2-nistp521': 3,
    'ssh-ed25519': 4,
  };
  const values: string[] = [];
  for (const name of await machine.list(paths.sshKeys)) {
    if (!/^ssh_host_.*_key\.pub$/.test(name)) continue;
    const [type = '', blob = ''] = ((await machine.read(`${paths.sshKeys}/${name}`)) ?? '').split(' ');
    const algorithm = algorithms[type];
    if (algorithm === undefined) continue;
    values.push(`${algorithm} 2 ${createHash('sha256').update(Buffer.from(blob, 'base64')).digest('hex')}`);
  }
  return values.sort();
}

/** Those of the names that the box's certificate covers, where a public authority issued it and it is valid now. */
async function certified({ machine, now }: Box, names: readonly string[]): Promise<string[]> {
  const certificate = await readCertificate(machine);
  if (certificate === undefined || isSelfSigned(certificate)) return [];
  const time = now().getTime();
  if (time < Date.parse(certificate.validFrom) || time > Date.parse(certificate.validTo)) return [];
  if (!(await isTrusted(machine, paths.certificate))) return [];
  return names.filter((name) => covers(certificate, name));
}

/** Another authority's name for CAA is not known: then the box says nothing, and any may issue. */
function authorityOf({ acme }: Box['settings']): Pick<DnsFacts, 'authority'> {
  return acme?.directory === undefined ? { authority: 'letsencrypt.org' } : {};
}

/** The zones are built and signed, the name server answers with them, and the world finds them. */
import { isPrivate } from '../../dns/addresses.ts';
import { ask } from '../../dns/ask.ts';
import type { WantedZone } from '../../dns/build-zones.ts';
import { type DsRecord, dsRecords } from '../../dns/ds.ts';
import { listenAddresses, signedFile } from '../../dns/name-server.ts';
import { readProblems, type Wanted, wantedZones, whyDue } from '../../dns/publish.ts';
import { nameServers } from '../../dns/records.ts';
import { readSigned } from '../../dns/zone.ts';
import { readKeySets } from '../../keys/dnssec/key-sets.ts';
import type { Machine } from '../../machine/machine.ts';
import { type Check, type CheckResult, error, ofStep, ok, type Subject, warning } from './check.ts';
import { customRecordsWork } from './custom-records.ts';
import { worldSees } from './external-dns.ts';
import { rolloversAtParents } from './rollover.ts';
import { secondariesAnswer, secondariesAreFound } from './secondaries.ts';

const day = 86_400_000;

/** What the box can see of itself: part of `box status`. */
export const zonesAreSigned: Check = async (subject) => signedZones(subject, await wantedZones(subject));

async function signedZones(subject: Subject, wanted: Wanted): Promise<CheckResult[]> {
  const results: CheckResult[] = [];
  for (const { zone, why, hint } of await readProblems(subject)) {
    results.push(error(titleOf(zone), `the last building failed, its old version is served: ${why}`, hint));
  }
  for (const zone of wanted.zones)
    results.push(...(zone.served ? [await isServable(subject, zone)] : elsewhere(zone)));
  if (wanted.unreadable !== undefined) {
    results.push(error('custom DNS records', wanted.unreadable.message, wanted.unreadable.hint));
  }
  results.push(...(await secondariesAreFound(subject.machine, wanted.secondaries)));
  for (const { name, type, value, why } of wanted.refused) {
    const text = `${name} ${type} ${value.slice(0, 80)}: ${why}`;
    results.push(warning('custom DNS records', text, 'correct or remove the record, then: box dns update'));
  }
  return results;
}

/** That, and what the name server and the rest of the world say: `box dns check`. */
export const checkDns: Check = async (subject) => {
  const { machine } = subject;
  const wanted = await wantedZones(subject);
  const { zones } = wanted;
  const sets = await readKeySets(machine);
  const results = await signedZones(subject, wanted);
  results.push(...ofStep('name-servers', ...addressIsPublic(subject, zones)));
  results.push(...(await customRecordsWork(subject, zones)), ...(await rolloversAtParents(subject)));
  const named = nameServers(subject.settings.hostname, wanted.secondaries);
  for (const zone of zones) {
    if (!zone.served) {
      results.push(...ofStep('name-servers', ...(await worldSees(machine, zone))));
      continue;
    }
    results.push(...(await nameServerAnswers(machine, zone)));
    results.push(...(await secondariesAnswer(machine, zone.name, wanted.secondaries)));
    results.push(...ofStep('name-servers', await isDelegated(subject, zone.name, named)));
    const vouched = await isVouchedFor(machine, zone.name, dsRecords(zone.name, sets));
    results.push(...ofStep('dnssec', vouched));
  }
  return results;
};

const titleOf = (zone: string) => `zone ${zone}`;
const updateIt = 'box dns update';

/** Whoever serves it there signs it, or not. */
const elsewhere = ({ name }: WantedZone): CheckResult[] =>
  ofStep('dnssec', ok(titleOf(name), 'is served elsewhere; what the world sees of it: box dns check'));

async function isServable(subject: Subject, zone: WantedZone): Promise<CheckResult> {
  const title = titleOf(zone.name);
  const signed = readSigned((await subject.machine.read(signedFile(zone.name))) ?? '');
  if (signed === undefined) return error(title, 'is not served: it was never built', updateIt);
  const now = subject.now().getTime();
  const days = Math.floor((signed.expiration.getTime() - now) / day);
  if (days < 0) return error(title, `its signatures expired ${-days} days ago`, updateIt);
  if (signed.inception.getTime() > now) {
    return error(
      title,
      'its signatures are of the future',
      'is the clock right (date)? Then: box dns update --force',
    );
  }
  const due = await whyDue(subject, zone);
  if (due !== undefined) return warning(title, `is out of date: ${due}`, updateIt);
  return ok(title, `serial ${signed.serial}, signed for another ${days} days`);
}

function addressIsPublic({ settings: { hostname } }: Subject, zones: readonly WantedZone[]): CheckResult[] {
  const published = zones.flatMap(({ records }) => records).filter(({ name }) => name === hostname);
  const own = published.filter(({ type }) => type === 'A');
  const remedy = 'set box.publicIpv4 and launch with the new user-data';
  if (own.length === 0 && published.some(({ type }) => type === 'AAAA'))
    return [warning('IPv4 address', 'the box has none: servers without IPv6 bring it no mail', remedy)];
  if (own.length === 0) return [error('IPv4 address', 'the box has none to publish', remedy)];
  return own
    .filter(({ value }) => isPrivate({ family: 4, address: value }))
    .map(({ value }) => error('IPv4 address', `${value} is private: the world can't reach it`, remedy));
}

async function nameServerAnswers(machine: Machine, { name }: WantedZone): Promise<CheckResult[]> {
  const title = titleOf(name);
  const signed = readSigned((await machine.read(signedFile(name))) ?? '');
  const results: CheckResult[] = [];
  for (const address of listenAddresses(machine.addresses())) {
    const [soa = ''] = await ask(machine, [`@${address}`, '+norecurse', name, 'SOA']);
    const serial = soa.split(' ')[2];
    if (serial === undefined)
      results.push(
        error(
          title,
          `NSD does not answer for it on ${address}`,
          'is nsd well? journalctl -u nsd, or /var/log/syslog',
        ),
      );
    else if (Number(serial) !== signed?.serial) {
      results.push(
        error(
          title,
          `NSD on ${address} has serial ${serial}, the file ${signed?.serial}`,
          'box dns update --force',
        ),
      );
    }
  }
  return results;
}

/** Asks the resolver, which asks the world. */
async function isDelegated(
  { machine }: Subject,
  zone: string,
  named: readonly string[],
): Promise<CheckResult> {
  const title = `delegation of ${zone}`;
  const wanted = [...named].sort();
  const found = (await ask(machine, [zone, 'NS']))
    .map((name) => name.replace(/\.$/, '').toLowerCase())
    .sort();
  if (found.join() === wanted.join()) return ok(title, found.join(', '));
  const what =
    found.length === 0 ? 'the world finds no name server' : `the world is sent to ${found.join(', ')}`;
  return error(
    title,
    what,
    `at your registrar, set ${wanted.join(' and ')} (with the box’s addresses as glue)`,
    'dns',
  );
}

async function isVouchedFor(machine: Machine, zone: string, own: readonly DsRecord[]): Promise<CheckResult> {
  const title = `DNSSEC of ${zone}`;
  const texts = own.map(
    ({ keyTag, algorithm, digestType, digest }) => `${keyTag} ${algorithm} ${digestType} ${digest}`,
  );
  const found = (await ask(machine, [zone, 'DS'])).map((line) => {
    const [tag, algorithm, type, ...digest] = line.toLowerCase().split(' ');
    return `${tag} ${algorithm} ${type} ${digest.join('')}`;
  });
  if (found.length === 0) {
    return warning(
      title,
      'the parent zone has no DS record, so the signatures count for nobody',
      'give your registrar what this prints: box dns ds',
      'dns',
    );
  }
  const strange = found.filter((ds) => !texts.includes(ds));
  if (strange.length === found.length) {
    return error(
      title,
      `the parent zone vouches for another key: ${found.join('; ')}`,
      'correct it at your registrar: box dns ds',
      'dns',
    );
  }
  const answer = await machine.run(['dig', '+dnssec', '+tries=2', '+time=5', zone, 'SOA']);
  if (!/;; flags:[^;]* ad[ ;]/.test(answer)) {
    return error(
      title,
      'there is a DS record, but the answer does not validate',
      'box dns update --force; is the clock right?',
    );
  }
  return strange.length === 0
    ? ok(title, 'validated')
    : warning(
        title,
        `validated; the parent also has ${strange.join('; ')}`,
        'remove it at your registrar if no other server needs it',
      );
}

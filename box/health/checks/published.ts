/** What the world sees of the policies of each mail domain: without them its mail is trusted less. */
import { ask } from '../../dns/ask.ts';
import { policyFile } from '../../dns/mta-sts.ts';
import { wantedZones } from '../../dns/publish.ts';
import { type DnsRecord, rdata } from '../../dns/record.ts';
import { Failure } from '../../machine/failure.ts';
import { type Check, type CheckResult, error, ok, type Subject, warning } from './check.ts';
import { comparable } from './external-dns.ts';

const kinds = [
  { starts: 'v=DMARC1', name: 'DMARC' },
  { starts: 'v=TLSRPTv1', name: 'TLSRPT' },
  { starts: 'v=spf1', name: 'SPF' },
  { starts: 'v=DKIM1', name: 'DKIM' },
  { starts: 'v=STSv1', name: 'MTA-STS' },
];
const kindOf = ({ type, value }: DnsRecord) =>
  type === 'MX'
    ? 'MX'
    : type === 'TXT'
      ? kinds.find(({ starts }) => value.startsWith(starts))?.name
      : undefined;

/** Zones that somebody else serves are looked at record by record elsewhere. */
export const policiesAreSeen: Check = async (subject) => {
  const results: CheckResult[] = [];
  for (const { name, records, served } of (await wantedZones(subject)).zones) {
    if (!served) continue;
    const receives = new Set(records.filter(isMailExchanger).map((record) => record.name));
    // The policies of names that take mail, and not of each host that takes none.
    const wanted = records.filter(
      (record) => kindOf(record) !== undefined && receives.has(domainOf(record.name)),
    );
    const missing: DnsRecord[] = [];
    for (const record of wanted) if (!(await isSeen(subject, record))) missing.push(record);
    const title = `policies of ${name}`;
    if (missing.length === 0) {
      const seen = new Set(wanted.map(kindOf));
      results.push(ok(title, `the world sees ${[...seen].join(', ')}`));
    } else if (missing.length === wanted.length)
      results.push(warning(title, 'the world sees none of them', `see why: box dns check`));
    else
      for (const record of missing) {
        const tell = record.type === 'MX' ? error : warning;
        const what = `${kindOf(record)} of ${record.name} is not what the world sees. ${record.why}`;
        results.push(tell(title, what, 'box dns update; a change takes an hour to be seen everywhere'));
      }
    results.push(...(await policyIsServed(subject, name, wanted)));
  }
  return results;
};

const isMailExchanger = ({ type, value }: DnsRecord) => type === 'MX' && !value.startsWith('0 .');

function domainOf(name: string): string {
  return name.replace(/^(_dmarc|_smtp\._tls|_mta-sts|[^.]+\._domainkey)\./, '');
}

async function isSeen({ machine }: Subject, record: DnsRecord): Promise<boolean> {
  const seen = await ask(machine, [record.name, record.type]);
  const wanted = comparable(record.type, rdata(record));
  return seen.some((value) => comparable(record.type, value) === wanted);
}

/** Where an MTA-STS policy is announced it can be fetched, and says what it should. */
async function policyIsServed(
  { machine, settings: { hostname } }: Subject,
  zone: string,
  wanted: readonly DnsRecord[],
): Promise<CheckResult[]> {
  const results: CheckResult[] = [];
  for (const record of wanted.filter((one) => kindOf(one) === 'MTA-STS')) {
    const url = `https://mta-sts.${domainOf(record.name)}/.well-known/mta-sts.txt`;
    const got = await machine
      .run(['curl', '--silent', '--show-error', '--max-time', '15', url])
      .catch((cause) => {
        if (cause instanceof Failure) return cause;
        throw cause;
      });
    if (got === policyFile(hostname).text) continue;
    const why = got instanceof Failure ? got.message : 'it is another one';
    const remedy = 'is the certificate for that name, and does it reach this box?';
    results.push(
      error(
        `policies of ${zone}`,
        `${url}: ${why}: servers that heed MTA-STS may hold mail back`,
        remedy,
        'certificate',
      ),
    );
  }
  return results;
}
